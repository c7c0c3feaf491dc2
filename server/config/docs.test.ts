import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { namedKeys } from './schema.ts';

// Compiled to dist/server/config: three folders below the package.
const text = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');

/** Cells of each row that begins with a setting's path. */
const rows = text
  .split('\n')
  .filter((line) => /^\| `[a-z_.]+` \| `SLUICE_/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| |`/g, '')));

it('docs/configuration.md has a row for every setting of the table, in its order, and no other', () => {
  assert.deepEqual(
    rows.map(([path, variable, flag]) => ({ path, variable, flag })),
    namedKeys.map(({ path, variable, flag }) => ({ path, variable, flag })),
  );
});

it('docs/configuration.md says the default of every setting', () => {
  for (const [index, { path, key }] of namedKeys.entries()) {
    const shown = rows[index]?.[3] ?? '';
    const expected = key.defaultText ?? String(key.default);
    assert(shown.endsWith(expected), `${path}: ${expected} is the default, the page says ${shown}`);
  }
});
