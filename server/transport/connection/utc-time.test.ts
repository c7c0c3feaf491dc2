import assert from 'node:assert/strict';
import { it } from 'node:test';
import { utcTime } from './utc-time.ts';

it('a time of today has no date, an earlier one has', () => {
  const ms = Date.UTC(2026, 10, 22, 14, 2, 59);
  assert.equal(utcTime(ms, ms), '14:02 UTC');
  assert.equal(utcTime(ms, Date.UTC(2026, 10, 22, 23, 59, 59)), '14:02 UTC');
  assert.equal(utcTime(ms, Date.UTC(2026, 10, 23, 0, 0, 0)), '2026-11-22 14:02 UTC');
});
