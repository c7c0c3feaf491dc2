import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import { describeBusy, describeRelief, formatBusy } from './server-load.ts';

type Load = ServerInfo['load'];

const idle: Load = { busy: 0.1, paceMs: 0, overloaded: false, workers: [] };
const worker = (busy: number, paceMs = 0) => ({ worker: 0, viewers: 1, busy, paceMs });

test('the busiest process is shown, and each on demand', () => {
  assert.deepEqual(formatBusy(idle), { value: '10', unit: '% busy' });
  const spread = { ...idle, workers: [worker(0.304), worker(0.9)] };
  assert.deepEqual(formatBusy(spread), { value: '90', unit: '% busy' });
  assert.equal(describeBusy(spread), 'Takes streams in: 10 %. Workers: 30 %, 90 %');
});

test('what the server does about it is said, the worst first', () => {
  assert.equal(describeRelief(idle), null);
  assert.match(describeRelief({ ...idle, workers: [worker(0.7, 50)] }) ?? '', /every 50 ms/);
  assert.match(describeRelief({ ...idle, paceMs: 100, overloaded: true }) ?? '', /refused/);
});
