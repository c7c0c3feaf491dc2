import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArrivalWatch, isSparse } from './arrival-watch.ts';

/** A connection whose pieces are one frame each. */
function setUp() {
  const watch = new ArrivalWatch(0);
  const frame = (kind: 'audio' | 'video', ms: number, nowMs: number, starts = true) => {
    watch.frame(kind, ms, starts, nowMs);
    watch.pieceEnds(nowMs);
  };
  return { watch, frame };
}

test('before anything has come the connection is silent since it was opened', () => {
  const { watch } = setUp();
  const { pictures, sound, silentMs, hasStart } = watch.at(700);
  assert.deepEqual([pictures, sound, silentMs, hasStart], [null, null, 700, false]);
});

test('the usual interval is the middle one, so a single pause does not make a stream rare', () => {
  const { watch, frame } = setUp();
  for (const ms of [0, 33, 67, 2100, 2133, 2167]) frame('video', ms, ms);
  const arrivals = watch.at(2200);
  assert.equal(arrivals.pictures?.intervalMs, 34);
  assert.equal(isSparse(arrivals), false);
});

test('a picture in six seconds is rare, and so is the first one while it is alone', () => {
  const { watch, frame } = setUp();
  frame('video', 0, 0);
  assert.equal(isSparse(watch.at(100)), true);
  frame('video', 6000, 6000);
  assert.equal(isSparse(watch.at(6100)), true);
  assert.equal(watch.at(6100).pictures?.intervalMs, 6000);
});

test('what comes later than the best frame did waits outside, and no longer when the line has caught up', () => {
  const { watch, frame } = setUp();
  for (let ms = 0; ms < 2000; ms += 40) frame('video', ms, ms + 30);
  assert.equal(Math.round(watch.at(2000).outsideMs), 0);
  for (let ms = 2000; ms < 4000; ms += 40) frame('video', ms, ms + 30 + (ms - 2000));
  assert.ok(Math.abs(watch.at(6000).outsideMs - 1960) < 5);
  frame('video', 6000, 6030);
  assert.ok(watch.at(6030).outsideMs < 5);
});

test('an opening that lies in the past, as a group of pictures does, is no delay of the line', () => {
  const { watch } = setUp();
  for (let ms = 0; ms <= 2000; ms += 40) watch.frame('video', ms, true, 100);
  watch.pieceEnds(100);
  assert.equal(watch.at(100).outsideMs, 0);
});

test('a publisher who was away and goes on where he stopped leaves no delay in the line', () => {
  const { watch, frame } = setUp();
  for (let ms = 0; ms < 2000; ms += 40) frame('video', ms, ms);
  watch.publisherReturns();
  for (let ms = 2000; ms < 4000; ms += 40) frame('video', ms, ms + 5000);
  assert.equal(watch.at(9000).outsideMs, 0);
});

test('so it is seen by what comes after a gap: a line that stood brings what it kept', () => {
  const away = setUp();
  const stood = setUp();
  for (let ms = 0; ms < 2000; ms += 40) {
    away.frame('video', ms, ms);
    stood.frame('video', ms, ms);
  }
  for (let ms = 2000; ms < 5000; ms += 40) away.frame('video', ms, ms + 3000);
  assert.equal(away.watch.at(8000).outsideMs, 0);
  // Half of what was kept comes at once, the rest never: the line is just fast enough from now on.
  for (let ms = 2000; ms < 3500; ms += 40) stood.frame('video', ms, 5000);
  for (let ms = 3500; ms < 6000; ms += 40) stood.frame('video', ms, ms + 1500);
  assert.ok(Math.abs(stood.watch.at(7500).outsideMs - 1500) < 50);
});

test('clocks that drift apart by a ten-thousandth make no delay in an hour', () => {
  const { watch, frame } = setUp();
  for (let ms = 0; ms < 3_600_000; ms += 1000) frame('audio', ms, ms * 1.0001);
  assert.ok(watch.at(3_600_000).outsideMs < 5);
});

test('stream time goes on across the wrap of 32 bits', () => {
  const { watch, frame } = setUp();
  frame('video', 2 ** 32 - 40, 0);
  frame('video', 0, 40);
  frame('video', 40, 80);
  assert.equal(watch.at(80).pictures?.intervalMs, 40);
  assert.equal(watch.at(80).outsideMs, 0);
});

test('sound in blocks is known for how far the pictures are ahead when it comes', () => {
  const { watch, frame } = setUp();
  for (let ms = 0; ms <= 3000; ms += 40) frame('video', ms, ms);
  for (let ms = 0; ms < 3000; ms += 23) watch.frame('audio', ms, true, 3000);
  watch.pieceEnds(3000);
  assert.equal(watch.at(3000).sound?.usuallyLateMs, 3000);
  assert.equal(watch.at(3000).pictures?.usuallyLateMs, 0);
  assert.equal(watch.at(70_000).sound?.usuallyLateMs, 0);
});

test('one gap is an accident, two are a habit, and it is given up after twenty seconds without', () => {
  const { watch, frame } = setUp();
  const play = (fromMs: number, toMs: number) => {
    for (let ms = fromMs; ms < toMs; ms += 20) frame('audio', ms, ms);
  };
  play(0, 1000);
  play(4000, 5000);
  assert.equal(watch.at(5000).habitualGapMs, 0);
  play(7000, 8000);
  assert.equal(watch.at(8000).habitualGapMs, 2020);
  play(8000, 29_000);
  assert.equal(watch.at(29_000).habitualGapMs, 0);
});

test('holes that are filled with silence are no gaps', () => {
  const { watch, frame } = setUp();
  frame('audio', 0, 0);
  for (let ms = 0; ms < 10_000; ms += 40) {
    watch.frame('video', ms, true, ms);
    watch.filled(ms);
    watch.pieceEnds(ms);
  }
  assert.equal(watch.at(10_000).habitualGapMs, 0);
});

test('a start is a picture that can be decoded without those before it', () => {
  const { watch, frame } = setUp();
  frame('audio', 0, 0);
  frame('video', 0, 0, false);
  assert.equal(watch.at(0).hasStart, false);
  frame('video', 40, 40, true);
  assert.equal(watch.at(40).hasStart, true);
});
