import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SilenceWatch, streamSilence } from './silence-watch.ts';

const { firstMs, unknownMs, minMs, maxMs } = streamSilence;

/** A watch that saw frames at these times. */
function after(times: readonly number[]): SilenceWatch {
  const watch = new SilenceWatch(0, streamSilence);
  for (const at of times) watch.frame(at);
  return watch;
}

const every = (ms: number, count: number, fromMs = 0): number[] =>
  Array.from({ length: count }, (_, index) => fromMs + index * ms);

/** Whether it ever called the stream silent, looked at each 50 ms up to the last frame. */
function everSilent(times: readonly number[]): boolean {
  const watch = new SilenceWatch(0, streamSilence);
  let nowMs = 0;
  for (const at of times) {
    for (; nowMs < at; nowMs += 50) if (watch.silentMs(nowMs) !== undefined) return true;
    watch.frame(at);
  }
  return false;
}

describe('SilenceWatch', () => {
  it('knows a silent publisher of a usual stream after a second and a half', () => {
    const watch = after(every(33, 60));
    const lastMs = 59 * 33;
    assert.equal(watch.silentMs(lastMs + minMs - 1), undefined);
    assert.equal(watch.silentMs(lastMs + minMs), minMs);
  });

  it('ends the silence with the next frame', () => {
    const watch = after(every(33, 60));
    watch.frame(9_000);
    assert.equal(watch.silentMs(9_000 + 1_000), undefined);
  });

  it('says so of a publisher who connects and sends nothing at all', () => {
    const watch = new SilenceWatch(500, streamSilence);
    assert.equal(watch.silentMs(500 + firstMs - 1), undefined);
    assert.equal(watch.silentMs(500 + firstMs), firstMs);
  });

  it('says so of a publisher who sends one picture and no other', () => {
    const watch = after([100]);
    assert.equal(watch.silentMs(100 + unknownMs - 1), undefined);
    assert.equal(watch.silentMs(100 + unknownMs), unknownMs);
  });

  for (const [what, times] of [
    ['a picture each second', every(1_000, 60)],
    ['a picture each six seconds', every(6_000, 20)],
    ['a picture each ten seconds', every(10_000, 20)],
    ['everything in lumps of three seconds', every(40, 1_500).map((at) => Math.ceil(at / 3_000) * 3_000)],
    ['a hiccup of a second now and then', every(40, 1_500).map((at) => at + Math.floor(at / 9_000) * 1_000)],
  ] as const) {
    it(`is not deceived by ${what}`, () => {
      assert.equal(everSilent(times), false);
    });
  }

  it('sees the end of a slow stream as well, a little later', () => {
    const watch = after(every(6_000, 10));
    assert.ok(watch.silentMs(9 * 6_000 + 13_000) !== undefined);
  });

  it('notices a second silence as fast as the first, once the stream has run again for a while', () => {
    const watch = after([...every(40, 250), ...every(40, 250, 40_000)]);
    assert.ok(watch.boundMs < minMs * 1.2, `${watch.boundMs}`);
  });

  it('learns that a stream has become slow within a few pictures', () => {
    const fast = every(40, 500);
    const watch = after([...fast, ...every(6_000, 5, 26_000)]);
    assert.ok(watch.boundMs > 6_000, `${watch.boundMs}`);
  });

  it('never takes a stream of frames at any steady distance up to 10 s for silent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 10_000 }),
        fc.array(fc.double({ min: -0.09, max: 0.09, noNaN: true }), { minLength: 5, maxLength: 60 }),
        (distanceMs, jitter) =>
          !everSilent(jitter.map((share, index) => Math.round((index + share + 0.1) * distanceMs))),
      ),
    );
  });

  it('calls every publisher silent at last, whatever came before, and none at the moment of a frame', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 100 }), (steps) => {
        const watch = new SilenceWatch(0, streamSilence);
        let nowMs = 0;
        for (const step of steps) {
          nowMs += step;
          watch.frame(nowMs);
          assert.equal(watch.silentMs(nowMs), undefined);
        }
        assert.ok(watch.silentMs(nowMs + maxMs) !== undefined);
        assert.ok(watch.boundMs >= minMs && watch.boundMs <= maxMs);
      }),
    );
  });
});
