import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needOf, sizingTable, viewersPerCore } from './sizing.ts';

/** 0.035 % of a core, 2.5 Mbit/s and 20 KB a viewer. */
const cost = { viewers: 500, coreShare: 0.00035, gbitPerSecond: 0.0025, residentBytes: 20_000 };

test('a core takes viewers until it is 70 % full', () => {
  assert.equal(viewersPerCore(cost), 2000);
});

test('cores, links and memory grow with the audience and are rounded up', () => {
  const { cores, gbitPerSecond, links, gigabytes } = needOf(10_001, cost);
  assert.equal(cores, 6);
  assert.equal(links, 4);
  assert.ok(Math.abs(gbitPerSecond - 25.0025) < 1e-9);
  assert.ok(Math.abs(gigabytes - 0.20002) < 1e-9);
});

test('the table has a row for each measurement', () => {
  const { columns, rows } = sizingTable([cost, { ...cost, viewers: 2000 }]);
  assert.deepEqual(
    rows.map((row) => row[0]),
    ['500 viewers', '2000 viewers'],
  );
  for (const row of rows) assert.equal(row.length, columns.length);
});
