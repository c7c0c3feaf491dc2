import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveChase } from './live-chase.ts';
import type { MediaSample } from './media-sample.ts';

function behind(seconds: number, patch: Partial<MediaSample> = {}): MediaSample {
  const end = 100;
  return {
    currentTime: end - seconds,
    ranges: [{ start: 60, end }],
    readyState: 4,
    frames: 1,
    paused: false,
    ended: false,
    seen: true,
    seeking: false,
    ...patch,
  };
}

test('at the target playback runs at normal speed', () => {
  assert.deepEqual(new LiveChase().decide(behind(0.45), 0, false), { seekTo: null, rate: 1 });
});

test('more than the slack behind speeds up, and it stays so until the target is reached', () => {
  const chase = new LiveChase();
  assert.equal(chase.decide(behind(0.84), 0, false).rate, 1);
  assert.equal(chase.decide(behind(0.86), 200, false).rate, 1.1);
  assert.equal(chase.decide(behind(0.6), 400, false).rate, 1.1);
  assert.equal(chase.decide(behind(0.44), 600, false).rate, 1);
  assert.equal(chase.decide(behind(0.6), 800, false).rate, 1);
});

test('well behind it hurries more', () => {
  assert.equal(new LiveChase().decide(behind(2), 0, false).rate, 1.2);
});

test('more than three seconds behind it jumps to the live edge', () => {
  assert.deepEqual(new LiveChase().decide(behind(3.1), 0, false), { seekTo: 99.55, rate: 1 });
});

test('an eager moment jumps sooner', () => {
  assert.equal(new LiveChase().decide(behind(1.5), 0, false).seekTo, null);
  assert.equal(new LiveChase().decide(behind(1.5), 0, true).seekTo, 99.55);
});

test('no jump goes to before the range that holds the live edge', () => {
  const sample = behind(20, {
    ranges: [
      { start: 60, end: 90 },
      { start: 99.8, end: 100 },
    ],
  });
  assert.equal(new LiveChase().decide(sample, 0, false).seekTo, 99.8);
});

test('while a seek is under way nothing is decided', () => {
  assert.deepEqual(new LiveChase().decide(behind(9, { seeking: true }), 0, false), { seekTo: null, rate: 1 });
});

test('each underrun asks for more in hand, up to two seconds', () => {
  const chase = new LiveChase();
  chase.underrun(0);
  assert.equal(chase.targetSeconds.toFixed(2), '0.65');
  for (let i = 0; i < 20; i++) chase.underrun(0);
  assert.equal(chase.targetSeconds, 2);
});

test('the target comes back down while nothing runs dry', () => {
  const chase = new LiveChase();
  chase.underrun(0);
  chase.decide(behind(0.5), 29_999, false);
  assert.equal(chase.targetSeconds.toFixed(2), '0.65');
  for (let at = 30_000; at <= 300_000; at += 1000) chase.decide(behind(0.5), at, false);
  assert.equal(chase.targetSeconds, 0.45);
});

test('five seconds behind are back under one within ten, whatever the target has grown to', () => {
  for (const underruns of [0, 1, 2]) {
    const chase = new LiveChase();
    for (let i = 0; i < underruns; i++) chase.underrun(0);
    let current = 95;
    let end = 100;
    let rate = 1;
    let reachedAtMs = Number.POSITIVE_INFINITY;
    for (let at = 0; at <= 10_000; at += 200) {
      const decision = chase.decide(
        behind(0, { currentTime: current, ranges: [{ start: 60, end }] }),
        at,
        false,
      );
      if (decision.seekTo !== null) current = decision.seekTo;
      rate = decision.rate;
      if (end - current < 1) reachedAtMs = Math.min(reachedAtMs, at);
      current += 0.2 * rate;
      end += 0.2;
    }
    assert.ok(reachedAtMs <= 10_000, `with ${underruns} underruns reached at ${reachedAtMs}`);
  }
});
