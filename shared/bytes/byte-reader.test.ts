import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detached } from '../testing/detached.ts';
import { assertProtocolError } from '../testing/every-prefix.ts';
import { ByteReader } from './byte-reader.ts';
import { fromHex, toHex } from './hex.ts';
import { ProtocolError } from './protocol-error.ts';

test('integers are big-endian and keep their sign', () => {
  const reader = new ByteReader(
    detached(fromHex('ff ffff fffe ffffff fffffe ffffffff fffffffe 3ff0000000000000')),
  );
  assert.equal(reader.u8(), 0xff);
  assert.equal(reader.u16(), 0xffff);
  assert.equal(reader.s16(), -2);
  assert.equal(reader.u24(), 0xffffff);
  assert.equal(reader.s24(), -2);
  assert.equal(reader.u32(), 0xffffffff);
  assert.equal(reader.s32(), -2);
  assert.equal(reader.f64(), 1);
  assert.equal(reader.remaining, 0);
});

test('taking gives views of the input and moves on', () => {
  const bytes = detached(fromHex('00 01 02 03 04'));
  const reader = new ByteReader(bytes, 1);
  const two = reader.take(2);
  assert.equal(toHex(two), '0102');
  assert.equal(two.buffer, bytes.buffer);
  reader.skip(1);
  assert.equal(toHex(reader.rest()), '04');
  assert.equal(reader.rest().length, 0);
});

test('reading past the end says what is missing and where, and does not move', () => {
  const reader = new ByteReader(detached(fromHex('0102')));
  reader.u8();
  assert.throws(
    () => reader.u32(),
    (error: unknown) => error instanceof ProtocolError && error.code === 'truncated' && error.offset === 1,
  );
  assert.equal(reader.u8(), 2);
  for (const read of ['u8', 'u16', 's16', 'u24', 's24', 'u32', 's32', 'f64'] as const) {
    assertProtocolError('truncated', () => reader[read]());
  }
  assertProtocolError('truncated', () => reader.take(1));
  assertProtocolError('truncated', () => reader.skip(-1));
});
