import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAgo,
  formatBitrate,
  formatBytes,
  formatClock,
  formatCount,
  formatFrameRate,
  formatPlural,
  formatUptime,
} from './numbers.ts';

function joined({ value, unit }: { value: string; unit: string }): string {
  return `${value} ${unit}`;
}

test('bitrates change their unit where the number would grow long', () => {
  const rates = [0, 999, 1000, 6123, 99_949, 612_345, 2_345_678];
  assert.deepEqual(
    rates.map((rate) => joined(formatBitrate(rate))),
    ['0 kbps', '999 kbps', '1.0 Mbps', '6.1 Mbps', '99.9 Mbps', '612 Mbps', '2.35 Gbps'],
  );
});

test('bytes are counted in thousands', () => {
  const sizes = [0, 999, 1000, 123_456, 1_500_000_000];
  assert.deepEqual(
    sizes.map((size) => joined(formatBytes(size))),
    ['0 B', '999 B', '1.0 kB', '123 kB', '1.5 GB'],
  );
});

test('long counts are grouped with a narrow space', () => {
  assert.equal(formatCount(182), '182');
  assert.equal(formatCount(1_234_567), '1\u202f234\u202f567');
});

test('uptime is a clock, with days in front', () => {
  assert.equal(formatUptime(4_364_000), '01:12:44');
  assert.equal(formatUptime(2 * 86_400_000 + 61_000), '2d 00:01:01');
  assert.equal(formatUptime(-5000), '00:00:00');
});

test('times past are told in the coarsest unit that says enough', () => {
  const ages = [0, 40_000, 125_000, 7_300_000, 200_000_000];
  assert.deepEqual(ages.map(formatAgo), ['just now', '40 s ago', '2 min ago', '2 h ago', '2 d ago']);
});

test('frame rates near a whole number are whole', () => {
  assert.equal(formatFrameRate(30.08), '30');
  assert.equal(formatFrameRate(59.94), '60');
  assert.equal(formatFrameRate(23.5), '23.5');
});

test('one viewer is not "1 viewers"', () => {
  assert.equal(formatPlural(1, 'viewer', 'viewers'), '1 viewer');
  assert.equal(formatPlural(0, 'viewer', 'viewers'), '0 viewers');
});

test('a time of day is that of the reader, and not before the moment that is meant', () => {
  const at = Date.UTC(2026, 0, 1, 13, 4, 1);
  assert.equal(formatClock(at, 'en-GB', 'Europe/Berlin'), '14:05');
  assert.equal(formatClock(at, 'en-US', 'UTC'), '01:05 PM');
  assert.equal(formatClock(Date.UTC(2026, 0, 1, 13, 4), 'en-GB', 'UTC'), '13:04');
});
