import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../bytes/hex.ts';
import { amfObject } from './amf-value.ts';
import { decodeAmf0 } from './amf0-decode.ts';
import { encodeAmf0 } from './amf0-encode.ts';

test('a string of more than 65535 bytes is written as a long string', () => {
  const short = 'x'.repeat(0xffff);
  const long = `${short}x`;
  assert.equal(toHex(encodeAmf0([short]).subarray(0, 3)), '02ffff');
  assert.equal(toHex(encodeAmf0([long]).subarray(0, 5)), '0c00010000');
  assert.deepEqual(decodeAmf0(encodeAmf0([short, long])), [short, long]);
});

test('a key that no length field can hold is our own mistake', () => {
  assert.throws(() => encodeAmf0([amfObject({ ['k'.repeat(0x10000)]: 1 })]), /key of 65536 bytes/);
});

test('the count of an ECMA array is written as it is', () => {
  const bytes = encodeAmf0([
    {
      kind: 'ecma-array',
      entries: new Map([
        ['a', 1],
        ['b', 2],
      ]),
    },
  ]);
  assert.equal(toHex(bytes.subarray(0, 5)), '0800000002');
});
