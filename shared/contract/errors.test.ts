import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type RefusalCode, refusalTable, refuse } from './errors.ts';

// Compiled to dist/shared/contract: three folders below the package.
const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const codes = Object.keys(refusalTable) as RefusalCode[];

/** Values for the placeholders of a sentence. */
function valuesFor(code: RefusalCode): Record<string, string> {
  const names = [...refusalTable[code].sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  return Object.fromEntries(names.map((name) => [name, `<${name}>`]));
}

test('docs/errors.md shows the whole table as it is', () => {
  const rows = codes.map((code) => {
    const { http, rtmp, sentence, advice } = refusalTable[code];
    return `| \`${code}\` | ${http} | \`${rtmp}\` | ${sentence} | ${advice} |`;
  });
  const shown = page.split('\n').filter((line) => /^\| `[a-z-]+` \| \d{3} \| /.test(line));
  assert.deepEqual(shown, rows);
});

test('docs/errors.md shows what strangers read instead', () => {
  for (const code of codes) {
    const entry = refusalTable[code];
    if ('toStranger' in entry) assert.ok(page.includes(`| \`${code}\` | ${entry.toStranger} |`), code);
  }
});

test('a stranger reads nothing of the other, and the operator everything', () => {
  const values = { stream: 'live/a', holder: '10.0.0.7', since: 'noon', seconds: 5 };
  for (const code of ['key-in-use', 'taken-over'] as const) {
    const { message, forOperator } = refuse(code, values, 'by-stranger');
    assert.doesNotMatch(message, /10\.0\.0\.7|[{}]/);
    assert.match(forOperator, /10\.0\.0\.7/);
    assert.equal(refuse(code, values).message, forOperator);
  }
});

test('every refusal says what happened and what to do, in whole sentences without an apology', () => {
  for (const code of codes) {
    const { message } = refuse(code, valuesFor(code));
    assert.match(message, /^[A-Z<].+\. [A-Z].+\.$/, code);
    assert.doesNotMatch(message, /[{}!]|sorry|please/i, code);
  }
});

test('a placeholder without a value is our own mistake', () => {
  for (const code of codes.filter((each) => refusalTable[each].sentence.includes('{'))) {
    assert.throws(() => refuse(code), /needs a value/, code);
  }
});

test('a refusal keeps the status and the RTMP code of its entry', () => {
  const refusal = refuse('key-in-use', { stream: 'live/main', holder: '10.0.0.7', since: 'noon' });
  assert.equal(refusal.httpStatus, 409);
  assert.equal(refusal.rtmpCode, 'NetStream.Publish.BadName');
  assert.match(refusal.message, /^live\/main is already being published by 10\.0\.0\.7 since noon\. Stop/);
});
