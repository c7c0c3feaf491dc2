import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../../shared/bytes/hex.ts';
import { hexAround } from './hex-around.ts';

test('shows the bytes before and after the fault', () => {
  assert.equal(hexAround(Buffer.from('GET'), 0, true), '| 47 45 54');
  assert.equal(hexAround(fromHex('01 02 03 04'), 2), '01 02 | 03 04');
  assert.equal(hexAround(fromHex('01 02'), 0), '| 01 02');
  assert.equal(hexAround(fromHex('01 02'), 2), '01 02 |');
  assert.equal(hexAround(new Uint8Array(0), 0), '');
});

test('hides text after a question mark, across the header of a continuation chunk', () => {
  const bytes = Uint8Array.of(2, 0, 9, ...Buffer.from('a?se'), 0xc3, ...Buffer.from('cret'), 5, 0x41);
  assert.equal(hexAround(bytes, 3), '02 00 09 | 61 3f ** ** ** ** ** ** ** 05 41');
});

test('hides text whose beginning lies before the window and before the input', () => {
  const secret = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');
  assert.doesNotMatch(hexAround(secret, 20), /[0-9a-f]{2}/);
  const long = Uint8Array.of(0, 0x3f, ...secret);
  assert.doesNotMatch(hexAround(long, 30), /[0-9a-f]{2}/);
});
