import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatsMeter } from './stats-meter.ts';

test('rates are taken over the last two seconds', () => {
  const meter = new StatsMeter();
  assert.deepEqual(meter.add(0, 0, 0), { framesPerSecond: 0, kbps: 0 });
  for (let at = 200; at <= 10_000; at += 200) meter.add(at, at / 20, at * 100);
  const reading = meter.add(10_200, 510, 1_020_000);
  assert.equal(reading.framesPerSecond.toFixed(3), '50.000');
  assert.equal(reading.kbps.toFixed(3), '800.000');
});

test('a new engine that counts from zero starts a new measurement', () => {
  const meter = new StatsMeter();
  meter.add(0, 500, 1000);
  assert.deepEqual(meter.add(200, 3, 1100), { framesPerSecond: 0, kbps: 0 });
  assert.equal(meter.add(400, 9, 1200).framesPerSecond.toFixed(3), '30.000');
});
