import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBits, ue } from '../testing/bits.ts';
import { detached } from '../testing/detached.ts';
import { assertProtocolError } from '../testing/every-prefix.ts';
import { BitReader } from './bit-reader.ts';
import { fromHex } from './hex.ts';

test('bits come most significant first, across bytes', () => {
  const reader = new BitReader(detached(fromHex('a5 0f ff ff ff ff')));
  assert.equal(reader.bits(1), 1);
  assert.equal(reader.flag(), false);
  assert.equal(reader.bits(4), 0b1001);
  assert.equal(reader.bits(6), 0b010000);
  reader.skip(4);
  assert.equal(reader.bits(32), 0xffffffff);
  assert.equal(reader.remaining, 0);
});

test('Exp-Golomb codes are those of the H.264 tables', () => {
  const reader = new BitReader(fromBits('1' + '010' + '011' + '00100' + '00111' + '0001000'));
  assert.deepEqual(
    [0, 0, 0, 0, 0, 0].map(() => reader.ue()),
    [0, 1, 2, 3, 6, 7],
  );
  const signed = new BitReader(fromBits('1' + '010' + '011' + '00100' + '00101'));
  assert.deepEqual(
    [0, 0, 0, 0, 0].map(() => signed.se()),
    [0, 1, -1, 2, -2],
  );
  assert.equal(new BitReader(fromBits(`${'0'.repeat(32)}1${'0'.repeat(32)}`)).ue(), 0xffffffff);
});

test('any number survives being written as an Exp-Golomb code', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xfffffffe }), (value) => {
      assert.equal(new BitReader(fromBits(ue(value))).ue(), value);
    }),
  );
});

test('reading past the end is a typed error, and so is a code that is too long', () => {
  assertProtocolError('truncated', () => new BitReader(new Uint8Array(0)).flag());
  assertProtocolError('truncated', () => new BitReader(fromHex('ff')).bits(9));
  assertProtocolError('truncated', () => new BitReader(fromHex('ff')).skip(9));
  assertProtocolError('truncated', () => new BitReader(fromHex('00')).ue());
  assertProtocolError('bad-value', () => new BitReader(new Uint8Array(100)).ue());
  assertProtocolError('bad-value', () => new BitReader(fromBits(`${'0'.repeat(33)}1${'0'.repeat(40)}`)).ue());
  assert.throws(() => new BitReader(new Uint8Array(100)).bits(33), /33 bits at once/);
});
