import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flvContainer, httpFlvContainer, wsFlvContainer } from '../output/flv-container.ts';
import { HubHarness, testLimits } from '../test/hub-harness.ts';
import { story } from '../test/story.ts';
import type { Container } from './container.ts';

const HOUR_MS = 3_600_000;

/** A container that counts what it is asked for. */
function counting(of: Container): Container & { encodings: number; pictures: number } {
  return {
    ...of,
    encodings: 0,
    pictures: 0,
    encode(packets, timeBaseMs, opening) {
      this.encodings++;
      if (packets.some(({ role }) => role === 'interframe')) this.pictures++;
      return of.encode(packets, timeBaseMs, opening);
    },
  };
}

function onAir() {
  const world = new HubHarness();
  const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 0]);
  let atMs = 0;
  /** One group of pictures after the other, none of them far from the one before. */
  const goOn = (groups: number, everyMs = 2_000) => {
    for (let i = 0; i < groups; i++) {
      atMs += everyMs;
      encoder.send(['keyframe', atMs], ['audio', atMs]);
    }
  };
  return { world, encoder, goOn, now: () => atMs };
}

describe('SharedFeeds of viewers who trickle in', () => {
  it('are few, however many groups of pictures somebody joined in', () => {
    const { world, encoder, goOn, now } = onAir();
    const container = counting(httpFlvContainer);
    for (let viewer = 0; viewer < 100; viewer++) {
      world.watch('live/a', { container });
      goOn(1);
    }
    container.encodings = 0;
    encoder.send(['interframe', now() + 40]);
    assert.equal(container.encodings, 8);
  });

  it('give who shares one an opening at the time that its stream goes on with', () => {
    const { world, encoder, goOn, now } = onAir();
    for (let viewer = 0; viewer < 8; viewer++) {
      world.watch();
      goOn(1);
    }
    goOn(1);
    encoder.send(['interframe', now() + 40], ['audio', now() + 45]);
    const { sink } = world.watch();
    encoder.send(['interframe', now() + 80]);
    // The youngest of the eight joined in the group that began at 14 s; it is 18 s now.
    assert.equal(now(), 18_000);
    assert.deepEqual(story(sink.flv.tags), [
      'config video 4000',
      'config audio 4000',
      'keyframe video 4000',
      'audio audio 4000',
      'interframe video 4040',
      'audio audio 4045',
      'interframe video 4080',
    ]);
  });

  it('open anew for those who come when some of them are empty', () => {
    const { world, goOn } = onAir();
    const viewers = Array.from({ length: 8 }, () => {
      const viewer = world.watch();
      goOn(1);
      return viewer;
    });
    viewers[3]?.leave();
    const { sink } = world.watch();
    assert.deepEqual(story(sink.flv.tags).slice(2), ['keyframe video 0', 'audio audio 0']);
  });

  it('are bounded for each output and each set of tracks by itself', () => {
    const { world, goOn } = onAir();
    for (let viewer = 0; viewer < 9; viewer++) {
      world.watch();
      goOn(1);
    }
    for (const container of [wsFlvContainer, flvContainer('http-flv', { video: 0, audio: 0 })]) {
      const { sink } = world.watch('live/a', {
        container: { ...container, encode: httpFlvContainer.encode },
      });
      assert.deepEqual(story(sink.flv.tags).slice(2), ['keyframe video 0', 'audio audio 0']);
    }
  });

  it('are not shared that are a day old: no viewer is ended soon because another one came long before it', () => {
    const { world, goOn, now } = onAir();
    for (let viewer = 0; viewer < 8; viewer++) {
      world.watch();
      goOn(1);
    }
    goOn((24 * HOUR_MS) / 8_000, 8_000);
    assert.ok(now() > 24 * HOUR_MS);
    const late = world.watch();
    assert.equal(late.sink.flv.tags.at(-1)?.timestampMs, 0);
    goOn(1);
    const later = world.watch();
    assert.equal(later.sink.flv.tags.at(-1)?.timestampMs, 2_000, 'that one is shared');
  });

  it('keep the time of a viewer who changes its tracks', () => {
    const { world, encoder, goOn, now } = onAir();
    // FLV, which the test can read, with the freedom of RTMP.
    const container = { ...httpFlvContainer, id: 'free', tracksAreFixed: false };
    for (let viewer = 0; viewer < 8; viewer++) {
      world.watch('live/a', { container });
      goOn(1);
    }
    const one = world.watch('live/a', { container });
    const lastMs = () => one.sink.flv.tags.at(-1)?.timestampMs ?? 0;
    const before = lastMs();
    one.select({ audio: true, video: false });
    encoder.send(['audio', now() + 20], ['interframe', now() + 40]);
    assert.equal(lastMs(), before + 20);
  });
});

describe('SharedFeeds and what they keep', () => {
  it('make the opening and the group once for a burst of joins that shares an older time', () => {
    const { world, encoder, goOn, now } = onAir();
    const container = counting(httpFlvContainer);
    for (let viewer = 0; viewer < 8; viewer++) {
      world.watch('live/a', { container });
      goOn(1);
    }
    container.encodings = 0;
    const sinks = Array.from({ length: 500 }, (_, index) => {
      if (index % 100 === 99) encoder.send(['interframe', now() + 40 + index]);
      return world.watch('live/a', { container }).sink;
    });
    world.takeTurns();
    assert.equal(
      container.encodings,
      1 + 1 + 5 * 8,
      'the opening, the group, and each batch for each of the eight',
    );
    assert.equal(new Set(sinks.map(({ flv }) => story(flv.tags).join())).size, 1);
  });

  it('make headers and the group once for all who come back to a new publisher', () => {
    const { world, encoder } = onAir();
    const container = counting(httpFlvContainer);
    const sinks = Array.from({ length: 100 }, () => world.watch('live/a', { container }).sink);
    encoder.publisher.leave('dropped');
    container.encodings = 0;
    world.publish().headers().send(['keyframe', 500], ['audio', 505]);
    assert.equal(container.encodings, 2);
    for (const { flv } of sinks)
      assert.deepEqual(
        story(flv.tags)
          .slice(-2)
          .map((line) => line.split(' ')[0]),
        ['keyframe', 'audio'],
      );
  });

  it('let go of a group of pictures when the cache does, however long it goes on', () => {
    const { stream, viewer } = testLimits;
    const world = new HubHarness({ stream: { ...stream, gop: { maxBytes: 1e6, maxDurationMs: 500 } } });
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 0]);
    const container = counting(httpFlvContainer);
    const { sink } = world.watch('live/a', { container });
    // It takes no pictures, so only what is kept for others needs them as bytes.
    sink.bufferedBytes = viewer.queueBytes;
    encoder.send(['interframe', 400], ['audio', 400]);
    assert.equal(container.pictures, 1);
    for (let at = 600; at < 1_400; at += 200) encoder.send(['interframe', at], ['audio', at]);
    assert.equal(container.pictures, 2, 'the one that was too many, and no more');
  });
});
