import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PictureClicks } from './picture-clicks.ts';

/** A picture with a manual clock. */
function setUp() {
  let nowMs = 0;
  let pending: { readonly atMs: number; readonly then: () => void } | null = null;
  const seen = { playing: true, fullscreen: false, toggles: 0 };
  const clicks = new PictureClicks({
    togglePlay: () => {
      seen.playing = !seen.playing;
      seen.toggles += 1;
    },
    toggleFullscreen: () => {
      seen.fullscreen = !seen.fullscreen;
    },
    after: (ms, then) => {
      pending = { atMs: nowMs + ms, then };
      return () => {
        pending = null;
      };
    },
  });
  const pass = (ms: number) => {
    nowMs += ms;
    const due = pending;
    if (due === null || due.atMs > nowMs) return;
    pending = null;
    due.then();
  };
  return { seen, clicks, pass };
}

test('one click holds the picture, after a moment', () => {
  const { seen, clicks, pass } = setUp();
  clicks.click(1);
  assert.equal(seen.playing, true);
  pass(250);
  assert.equal(seen.playing, false);
});

test('a double click is full screen, and the picture is not held even for a moment', () => {
  const { seen, clicks, pass } = setUp();
  clicks.click(1);
  pass(200);
  clicks.click(2);
  clicks.doubleClick();
  pass(1000);
  assert.deepEqual(seen, { playing: true, fullscreen: true, toggles: 0 });
});

test('a double click so slow that the picture was held lets it go on', () => {
  const { seen, clicks, pass } = setUp();
  clicks.click(1);
  pass(400);
  clicks.click(2);
  clicks.doubleClick();
  pass(1000);
  assert.deepEqual(seen, { playing: true, fullscreen: true, toggles: 2 });
});

test('two slow clicks that make no double click hold the picture and let it go on', () => {
  const { seen, clicks, pass } = setUp();
  clicks.click(1);
  pass(700);
  assert.equal(seen.playing, false);
  clicks.click(1);
  pass(700);
  assert.deepEqual(seen, { playing: true, fullscreen: false, toggles: 2 });
});

test('a third click changes nothing more', () => {
  const { seen, clicks, pass } = setUp();
  clicks.click(1);
  clicks.click(2);
  clicks.doubleClick();
  clicks.click(3);
  pass(1000);
  assert.deepEqual(seen, { playing: true, fullscreen: true, toggles: 0 });
});

test('nothing happens to a picture that is gone', () => {
  const { seen, clicks, pass } = setUp();
  clicks.click(1);
  clicks.close();
  pass(1000);
  assert.equal(seen.toggles, 0);
});

test('however fast double clicks are made, the picture is held or not as it was before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 600, max: 900 }))), (doubles) => {
      const { seen, clicks, pass } = setUp();
      for (const [betweenMs, afterMs] of doubles) {
        clicks.click(1);
        pass(betweenMs);
        clicks.click(2);
        clicks.doubleClick();
        pass(afterMs);
      }
      assert.equal(seen.playing, true);
      assert.equal(seen.fullscreen, doubles.length % 2 === 1);
    }),
  );
});
