import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChaseFacts, LiveChase } from './live-chase.ts';

function inHand(seconds: number, patch: Partial<ChaseFacts> = {}): ChaseFacts {
  return { inHandSeconds: seconds, habitualGapMs: 0, seeking: false, eager: false, ...patch };
}

test('at the target playback runs at normal speed', () => {
  assert.deepEqual(new LiveChase().decide(inHand(0.45), 0), { skipSeconds: null, rate: 1 });
});

test('more than the slack behind speeds up, and it stays so until the target is reached', () => {
  const chase = new LiveChase();
  assert.equal(chase.decide(inHand(0.84), 0).rate, 1);
  assert.equal(chase.decide(inHand(0.86), 200).rate, 1.05);
  assert.equal(chase.decide(inHand(0.6), 400).rate, 1.05);
  assert.equal(chase.decide(inHand(0.44), 600).rate, 1);
  assert.equal(chase.decide(inHand(0.6), 800).rate, 1);
});

test('well behind it hurries more, but never so that one hears it', () => {
  assert.equal(new LiveChase().decide(inHand(1.2), 0).rate, 1.1);
  assert.equal(new LiveChase().decide(inHand(2.9), 0).rate, 1.1);
});

test('more than three seconds behind it jumps to the live edge', () => {
  const { skipSeconds, rate } = new LiveChase().decide(inHand(3.1), 0);
  assert.deepEqual([skipSeconds?.toFixed(2), rate], ['2.65', 1]);
});

test('an eager moment jumps sooner', () => {
  assert.equal(new LiveChase().decide(inHand(1.5), 0).skipSeconds, null);
  assert.equal(new LiveChase().decide(inHand(1.5, { eager: true }), 0).skipSeconds?.toFixed(2), '1.05');
});

test('while a seek is under way, and without data, nothing is decided', () => {
  assert.deepEqual(new LiveChase().decide(inHand(9, { seeking: true }), 0), { skipSeconds: null, rate: 1 });
  assert.deepEqual(new LiveChase().decide({ ...inHand(0), inHandSeconds: null }, 0), {
    skipSeconds: null,
    rate: 1,
  });
});

test('gaps that are a habit are bridged: neither speed nor jump takes what they need', () => {
  const chase = new LiveChase();
  assert.equal(chase.targetSeconds(3000, 0), 3.25);
  assert.deepEqual(chase.decide(inHand(3.2, { habitualGapMs: 3000 }), 0), { skipSeconds: null, rate: 1 });
  assert.equal(chase.targetSeconds(60_000, 0), 15);
});

test('each underrun asks for more in hand, up to a second, for twenty seconds', () => {
  const chase = new LiveChase();
  chase.underrun(0);
  assert.equal(chase.targetSeconds(0, 0).toFixed(2), '0.65');
  for (let i = 0; i < 20; i++) chase.underrun(5000);
  assert.equal(chase.targetSeconds(0, 5000).toFixed(2), '1.45');
  assert.equal(chase.targetSeconds(0, 25_000), 0.45);
});

/** Plays on a line that is perfect from now on. Gives the milliseconds until it is less than a second behind. */
function msUntilClose(chase: LiveChase, startSeconds: number, gapMs: (atMs: number) => number): number {
  let seconds = startSeconds;
  for (let at = 0; at <= 120_000; at += 200) {
    const { skipSeconds, rate } = chase.decide(inHand(seconds, { habitualGapMs: gapMs(at) }), at);
    if (skipSeconds !== null) seconds -= skipSeconds;
    if (seconds < 1) return at;
    seconds -= 0.2 * (rate - 1);
  }
  return Number.POSITIVE_INFINITY;
}

test('after half a minute on a bad line it is less than a second behind within a minute', () => {
  for (const behind of [1.5, 2, 2.9, 3.4, 6]) {
    const chase = new LiveChase();
    for (let i = 0; i < 8; i++) chase.underrun(-200);
    const tookMs = msUntilClose(chase, behind, (at) => (at < 20_000 ? 3200 : 0));
    assert.ok(tookMs <= 60_000, `${behind} s behind took ${tookMs} ms`);
  }
});

test('one outage of five seconds is caught up with within ten', () => {
  const chase = new LiveChase();
  chase.underrun(0);
  assert.ok(msUntilClose(chase, 5, () => 0) <= 10_000);
});
