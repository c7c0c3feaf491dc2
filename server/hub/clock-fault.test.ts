import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ClockFaultLog } from './clock-fault.ts';

it('a fault is counted while it comes back, lasts as long as it is seen, and is forgotten a while after', () => {
  const log = new ClockFaultLog();
  assert.equal(log.current(0), undefined);
  log.note('restarts', 1_000);
  log.note('restarts', 9_000);
  assert.deepEqual(log.current(9_000), { kind: 'restarts', times: 2, sinceMs: 1_000, rate: null });
  log.lasts('fast', 90, 20_000);
  assert.deepEqual(log.current(34_000), { kind: 'fast', times: 2, sinceMs: 1_000, rate: 90 });
  assert.equal(log.current(35_000), undefined);
  log.note('jumps', 35_000);
  assert.deepEqual(log.current(35_000), { kind: 'jumps', times: 1, sinceMs: 35_000, rate: null });
  log.clear();
  assert.equal(log.current(35_000), undefined);
});
