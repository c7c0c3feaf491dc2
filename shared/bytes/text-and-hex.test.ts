import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from './concat.ts';
import { fromHex, toHex } from './hex.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

test('hex may hold spaces and comments, and goes both ways', () => {
  assert.deepEqual(fromHex('01 ab # a comment\n CD'), Uint8Array.of(1, 0xab, 0xcd));
  assert.equal(toHex(Uint8Array.of(1, 0xab), ' '), '01 ab');
  assert.throws(() => fromHex('0'), /not hex/);
  assert.throws(() => fromHex('xy'), /not hex/);
});

test('any text survives UTF-8, a byte order mark at its start included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(decodeUtf8(encodeUtf8(text)), text)),
    { examples: [['\ufeffa'], ['']] },
  );
});

test('bytes that are not UTF-8 become replacement characters', () => {
  assert.equal(decodeUtf8(fromHex('41 ff c3')), 'A\ufffd\ufffd');
});

test('parts are joined in order into a new array', () => {
  assert.deepEqual(concatBytes([fromHex('01'), new Uint8Array(0), fromHex('0203')]), fromHex('010203'));
  assert.equal(concatBytes([]).length, 0);
});
