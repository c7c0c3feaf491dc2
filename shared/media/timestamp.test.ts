import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { timestamps } from '../testing/arbitraries.ts';
import { timestampDelta } from './timestamp.ts';

test('the distance is signed', () => {
  assert.equal(timestampDelta(1000, 1040), 40);
  assert.equal(timestampDelta(1040, 1000), -40);
  assert.equal(timestampDelta(7, 7), 0);
});

test('time goes on across the 32-bit wrap', () => {
  assert.equal(timestampDelta(0xfffffff0, 0x10), 0x20);
  assert.equal(timestampDelta(0x10, 0xfffffff0), -0x20);
});

test('bit 31 is nothing special', () => {
  assert.equal(timestampDelta(0x7fffffff, 0x80000001), 2);
});

test('adding the distance between two timestamps to the first gives the second', () => {
  fc.assert(
    fc.property(timestamps, timestamps, (from, to) => {
      assert.equal((from + timestampDelta(from, to)) >>> 0, to);
    }),
  );
});
