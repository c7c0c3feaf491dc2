import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { Value } from 'typebox/value';
import { parseConfigText } from './read-config-file.ts';
import { namedKeys } from './schema.ts';

// Compiled to dist/server/config: three folders below the package.
const text = readFileSync(new URL('../../../sluice.example.yaml', import.meta.url), 'utf8');
const settings = parseConfigText(text, 'sluice.example.yaml');

it('the sample file has every setting of the table, in its order, and no other', () => {
  assert.deepEqual(
    [...settings.keys()],
    namedKeys.map((named) => named.path),
  );
});

it('every value of the sample file is valid and is the default', () => {
  for (const named of namedKeys) {
    const value = settings.get(named.path);
    assert(Value.Check(named.key.schema, value), named.path);
    assert.equal(value, named.key.default, named.path);
  }
});

it('every key of the sample file has a comment above it', () => {
  const lines = text.split('\n');
  for (const named of namedKeys) {
    const name = named.path.split('.').at(-1);
    const at = lines.findIndex((line) => new RegExp(`^\\s*${name}:`).test(line));
    assert.match(lines[at - 1] ?? '', /^\s*#/, named.path);
  }
});
