import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { rtmpLimitsOf } from '../app/rtmp-limits.ts';
import { defaultConfig } from '../config/load.ts';
import { namedKeys } from '../config/schema.ts';
import { defaultMaxPartialBytesOfAll, defaultRtmpLimits, type RtmpLimits } from '../rtmp/limits.ts';

// Compiled to dist/server/test: three folders below the package.
const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('\n## 20. Limits'), page.indexOf('\n## 21.'));

interface Row {
  readonly name: string;
  readonly number: number;
  /** The setting behind the number, and how many times its value the number is. */
  readonly setting: string | undefined;
  readonly factor: number;
}

const rows: readonly Row[] = section
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^[\d,]+$/.test(cells[2] ?? ''))
  .map((cells) => {
    const [, factor, setting] = /^(?:(\d+) x )?`([a-z._]+)`$/.exec(cells[4] ?? '') ?? [];
    const number = Number(cells[2]?.replaceAll(',', ''));
    return { name: (cells[1] ?? '').replaceAll('`', ''), number, setting, factor: Number(factor ?? 1) };
  });

const numberOf = (name: string): number | undefined => rows.find((row) => row.name === name)?.number;

it('docs/protocol.md has a row for every limit of a connection, with its number', () => {
  const limits = { ...defaultRtmpLimits, maxPartialBytesOfAll: defaultMaxPartialBytesOfAll };
  for (const [name, number] of Object.entries(limits)) assert.equal(numberOf(name), number, name);
});

it('docs/protocol.md says of each limit with a setting what that setting gives', () => {
  const withSetting = rows.filter(({ setting }) => setting !== undefined);
  assert.ok(withSetting.length >= 10, `${withSetting.length} rows`);
  for (const { name, number, setting, factor } of withSetting) {
    const found = namedKeys.find(({ path }) => path === setting);
    assert.ok(found, `${name}: there is no setting ${setting}`);
    assert.equal(number, factor * Number(found.key.default), name);
  }
});

it('each setting of a limit sets what docs/protocol.md says that it sets, and nothing changes without one', () => {
  const limits = Object.entries(rtmpLimitsOf(defaultConfig()));
  assert.ok(limits.length > 15, `${limits.length} limits have settings`);
  for (const [name, number] of limits) {
    assert.equal(number, defaultRtmpLimits[name as keyof RtmpLimits], name);
    const row = rows.find((one) => one.name === name);
    assert.ok(row?.setting, `${name} has no setting in docs/protocol.md`);
    const more = row.number / row.factor + 1;
    const changed = rtmpLimitsOf(defaultConfig({ [row.setting]: more }));
    assert.equal(changed[name as keyof RtmpLimits], row.factor * more, name);
  }
});

it('docs/protocol.md names every setting of the limits of RTMP', () => {
  const shown = new Set(rows.map(({ setting }) => setting));
  for (const { path } of namedKeys) {
    if (/^rtmp\.(max_|.*_timeout$)/.test(path)) assert.ok(shown.has(path), path);
  }
});
