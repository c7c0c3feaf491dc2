import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gapJumpTarget } from './gap-jump.ts';
import type { MediaSample } from './media-sample.ts';

const stuck: MediaSample = {
  currentTime: 10,
  ranges: [{ start: 5, end: 10 }],
  newestSeconds: null,
  readyState: 2,
  frames: 1,
  paused: false,
  ended: false,
  seen: true,
  seeking: false,
};

test('a hole before the next range is jumped to just inside it', () => {
  const sample = { ...stuck, ranges: [...stuck.ranges, { start: 12, end: 14 }] };
  assert.equal(gapJumpTarget(sample), 12.01);
});

test('a few milliseconds are a hole too', () => {
  assert.equal(gapJumpTarget({ ...stuck, currentTime: 0, ranges: [{ start: 0.08, end: 3 }] }), 0.09);
});

test('nothing is jumped while there is data to play', () => {
  const sample = { ...stuck, readyState: 4, ranges: [...stuck.ranges, { start: 12, end: 14 }] };
  assert.equal(gapJumpTarget(sample), undefined);
});

test('a seek that is under way is left alone', () => {
  const sample = { ...stuck, seeking: true, ranges: [{ start: 12, end: 14 }] };
  assert.equal(gapJumpTarget(sample), undefined);
});

test('a hole of more than ten seconds is not jumped', () => {
  assert.equal(gapJumpTarget({ ...stuck, ranges: [{ start: 21, end: 22 }] }), undefined);
});

test('waiting at the end of the data for more is no hole', () => {
  assert.equal(gapJumpTarget(stuck), undefined);
});

test('a timeline that started over behind the playhead is followed', () => {
  assert.equal(gapJumpTarget({ ...stuck, currentTime: 100, ranges: [{ start: 0, end: 4 }] }), 3.5);
});
