import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoffDelayMs } from './backoff.ts';

const range = { firstMs: 500, capMs: 5000 };

test('the pause doubles from the first one up to the cap', () => {
  const delays = [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffDelayMs(attempt, range, 0));
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 5000, 5000, 5000]);
});

test('chance takes up to a quarter off and never adds', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const full = backoffDelayMs(attempt, range, 0);
      const delay = backoffDelayMs(attempt, range, random);
      assert.ok(delay <= full && delay >= full * 0.75 - 1, `${delay} of ${full}`);
    }),
  );
});
