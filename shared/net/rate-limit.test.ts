import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimit } from './rate-limit.ts';

const takes = (limit: RateLimit, count: number, nowMs: number): boolean[] =>
  Array.from({ length: count }, () => limit.take(nowMs));

test('a burst is let through and one more is not', () => {
  assert.deepEqual(takes(new RateLimit(2, 3), 4, 1_000), [true, true, true, false]);
});

test('what is used comes back with time, up to the burst and never beyond', () => {
  const limit = new RateLimit(2, 3);
  takes(limit, 3, 0);
  assert.equal(limit.take(499), false);
  assert.deepEqual(takes(limit, 2, 500), [true, false]);
  assert.deepEqual(takes(limit, 4, 1_000_000), [true, true, true, false]);
});

test('that it is spent is known without taking one', () => {
  const limit = new RateLimit(1, 1);
  assert.equal(limit.isSpent(0), false);
  assert.equal(limit.take(0), true);
  assert.equal(limit.isSpent(999), true);
  assert.equal(limit.isSpent(1_000), false);
  assert.equal(limit.take(1_000), true);
});

test('a steady rate just at the limit never ends', () => {
  const limit = new RateLimit(50, 2);
  for (let ms = 0; ms < 100_000; ms += 20) assert.equal(limit.take(ms), true);
});

test('time that goes back gives nothing and takes nothing', () => {
  const limit = new RateLimit(1, 1);
  assert.equal(limit.take(5_000), true);
  assert.equal(limit.take(0), false);
  assert.equal(limit.take(500), false);
  assert.equal(limit.take(1_500), true);
});
