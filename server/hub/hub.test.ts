import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { httpFlvContainer } from '../output/flv-container.ts';
import { rtmpContainer } from '../output/rtmp-container.ts';
import { HubHarness, testLimits } from '../test/hub-harness.ts';
import { bodies } from '../test/media-fixtures.ts';
import { story } from '../test/story.ts';
import type { Container } from './container.ts';

describe('Hub: joining', () => {
  it('starts a viewer with metadata, headers and the group of pictures, then goes on live', () => {
    const world = new HubHarness();
    const encoder = world.publish();
    encoder.publisher.push('data', 0, bodies.metadata);
    encoder.headers().send(['keyframe', 1000], ['audio', 1010], ['interframe', 1033]);
    const { sink } = world.watch();
    assert.equal(sink.writes, 1, 'everything that is there leaves in one write');
    encoder.send(['interframe', 1067]);
    assert.deepEqual([sink.flv.audio, sink.flv.video], [true, true]);
    assert.deepEqual(story(sink.flv.tags), [
      'metadata data 0',
      'config video 0',
      'config audio 0',
      'keyframe video 0',
      'audio audio 10',
      'interframe video 33',
      'interframe video 67',
    ]);
  });

  it('gives each viewer timestamps that start near 0, however long the stream has been on', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const early = world.watch();
    encoder.send(['keyframe', 3_000]).send(['audio', 3_010]);
    const late = world.watch();
    encoder.send(['interframe', 3_033]);
    assert.equal(early.sink.flv.tags.at(-1)?.timestampMs, 3_033);
    assert.deepEqual(story(late.sink.flv.tags).slice(2), [
      'keyframe video 0',
      'audio audio 10',
      'interframe video 33',
    ]);
  });

  it('hands viewers who joined in the same group of pictures the very same bytes', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const one = world.watch();
    encoder.send(['interframe', 33]);
    const two = world.watch();
    encoder.send(['interframe', 67]);
    assert.equal(one.sink.parts.at(-1), two.sink.parts.at(-1));
    assert.equal(one.sink.parts[0], two.sink.parts[0], 'the opening, too');
  });

  it('makes the bytes of a burst of joins once, while the stream goes on', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    let encodings = 0;
    const container: Container = {
      ...httpFlvContainer,
      encode(packets, timeBaseMs, opening) {
        encodings++;
        return httpFlvContainer.encode(packets, timeBaseMs, opening);
      },
    };
    const sinks = Array.from({ length: 500 }, (_, index) => {
      if (index % 100 === 99) encoder.send(['interframe', index]);
      return world.watch('live/a', { container }).sink;
    });
    world.takeTurns();
    assert.equal(
      encodings,
      1 + 1 + 5,
      'the opening, the group as the first one found it, and each batch since',
    );
    const stories = new Set(sinks.map(({ flv }) => story(flv.tags).join()));
    assert.equal(stories.size, 1);
  });

  it('holds the first byte until it knows which tracks there are', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers({ audio: false, video: true }).send(['keyframe', 0]);
    const { sink } = world.watch();
    assert.equal(sink.writes, 0);
    encoder.headers({ audio: true, video: false }).send(['audio', 10]);
    assert.deepEqual([sink.flv.audio, sink.flv.video], [true, true]);
    assert.deepEqual(story(sink.flv.tags).slice(2), ['keyframe video 0']);
  });

  it('announces video alone when no sound has come for a second', () => {
    const world = new HubHarness();
    world.publish().headers({ audio: false, video: true }).send(['keyframe', 0]);
    const { sink } = world.watch();
    world.advance(900);
    assert.equal(sink.writes, 0);
    world.advance(200);
    assert.deepEqual([sink.flv.audio, sink.flv.video], [false, true]);
  });

  it('does not lose the picture it has when the first header of the other track comes after it', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers({ audio: false, video: true }).send(['keyframe', 0]);
    encoder.send(['interframe', 33]).headers({ audio: true, video: false });
    assert.deepEqual(story(world.watch().sink.flv.tags).slice(2), [
      'keyframe video 0',
      'interframe video 33',
    ]);
  });

  it('starts a sound-only stream with its last second', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers({ audio: true, video: false });
    world.advance(1_100);
    encoder.send(['audio', 0], ['audio', 23], ['audio', 46]);
    const { sink } = world.watch();
    assert.deepEqual([sink.flv.audio, sink.flv.video], [true, false]);
    assert.deepEqual(story(sink.flv.tags), [
      'config audio 0',
      'audio audio 0',
      'audio audio 23',
      'audio audio 46',
    ]);
  });

  it('starts viewers at the next keyframe where nothing is kept for them', () => {
    const { stream } = testLimits;
    const world = new HubHarness({ stream: { ...stream, gop: { maxBytes: 0, maxDurationMs: 0 } } });
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    encoder.send(['interframe', 33]);
    assert.equal(sink.writes, 0);
    encoder.send(['keyframe', 67], ['audio', 70]).send(['interframe', 100]);
    assert.deepEqual(story(sink.flv.tags).slice(2), [
      'keyframe video 0',
      'audio audio 3',
      'interframe video 33',
    ]);
  });

  it('never starts a viewer between keyframes', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['interframe', 0], ['audio', 10]);
    const { sink } = world.watch();
    assert.equal(sink.writes, 0);
    encoder.send(['keyframe', 33]);
    assert.deepEqual(story(sink.flv.tags).slice(2), ['keyframe video 0']);
  });

  it('knows no stream that nobody publishes', () => {
    const world = new HubHarness();
    assert.equal(world.hub.isLive('live/a'), false);
    assert.throws(() => world.watch('live/a'), /not live/);
  });
});

describe('Hub: tracks that change', () => {
  it('ends FLV responses when a track comes late, and starts the next ones with both', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers({ audio: false, video: true }).send(['keyframe', 0]);
    const before = world.watch();
    const player = world.watch('live/a', { container: rtmpContainer(4096, 1) });
    for (let at = 40; at <= 1_200; at += 40) encoder.send(['interframe', at]);
    encoder.headers({ audio: true, video: false });
    for (let at = 1_240; at <= 2_600; at += 40) encoder.send(['audio', at], ['interframe', at]);
    assert.equal(before.sink.ended, undefined, 'it may be a blip');
    encoder.send(['audio', 2_740], ['interframe', 2_740]).send(['audio', 2_780]);
    assert.equal(before.sink.ended, 'tracks-changed');
    assert.equal(player.sink.ended, undefined, 'RTMP players take a new track as it comes');
    encoder.send(['keyframe', 2_820]);
    const after = world.watch();
    assert.deepEqual([after.sink.flv.audio, after.sink.flv.video], [true, true]);
  });

  it('ends FLV responses when sound stops, and goes on with the picture alone', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 0]);
    const before = world.watch();
    const pictures = (fromMs: number, toMs: number) => {
      for (let at = fromMs; at < toMs; at += 40) {
        encoder.send([at % 1_000 === 0 ? 'keyframe' : 'interframe', at]);
      }
    };
    pictures(40, 14_000);
    assert.equal(before.sink.ended, undefined, 'it may return');
    const during = world.watch();
    assert.deepEqual([during.sink.flv.audio, during.sink.flv.video], [false, true]);
    pictures(14_000, 16_000);
    assert.equal(before.sink.ended, 'tracks-changed');
    assert.equal(during.sink.ended, undefined);
    const after = world.watch();
    assert.deepEqual([after.sink.flv.audio, after.sink.flv.video], [false, true]);
  });

  it('does not take a hole in everything for a track that stopped', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 0]);
    const { sink } = world.watch();
    encoder.send(['interframe', 8_000]).send(['interframe', 8_033]).send(['audio', 8_040]);
    assert.equal(sink.ended, undefined);
  });

  it('sends a new header on in the stream, and starts nobody from frames that need the old one', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const early = world.watch();
    const changed = bodies.videoConfig.slice();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    encoder.publisher.push('video', 40, changed);
    encoder.send(['interframe', 40]);
    const late = world.watch();
    assert.equal(late.sink.writes, 0);
    encoder.send(['keyframe', 80]);
    assert.deepEqual(story(early.sink.flv.tags).slice(-3), [
      'config video 0',
      'interframe video 40',
      'keyframe video 80',
    ]);
    assert.deepEqual(late.sink.flv.tags[0]?.body, changed);
  });

  it('leaves out headers and metadata that only repeat what is known', () => {
    const world = new HubHarness();
    const encoder = world.publish();
    encoder.publisher.push('data', 0, bodies.metadata);
    encoder.headers().send(['keyframe', 0]);
    const { sink } = world.watch();
    const before = sink.flv.tags.length;
    encoder.publisher.push('data', 40, bodies.metadata);
    encoder.headers().send(['interframe', 40]);
    assert.deepEqual(story(sink.flv.tags.slice(before)), ['interframe video 40']);
  });
});

describe('Hub: what the operator sees and does', () => {
  it('kicks one viewer and leaves the others', () => {
    const world = new HubHarness();
    world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const one = world.watch();
    const two = world.watch();
    assert.equal(world.hub.kickSession(one.id), true);
    assert.equal(one.sink.ended, 'kicked');
    assert.equal(two.sink.ended, undefined);
    assert.equal(world.hub.kickSession(one.id), false);
  });

  it('keeps totals that outlive streams and viewers', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { leave } = world.watch();
    leave();
    encoder.publisher.leave('unpublished');
    const totals = world.hub.totals();
    assert.equal(totals.streams, 0);
    assert.equal(totals.publishesTotal, 1);
    assert.equal(totals.viewsTotal, 1);
    assert.equal(totals.packetsIn, 4);
    assert.ok(totals.bytesOut > bodies.keyframe.length);
    assert.equal(totals.bytesIn, 200);
  });

  it('measures rates and the keyframe interval', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers();
    for (let at = 0; at <= 5_000; at += 50) {
      encoder.send([at % 1_000 === 0 ? 'keyframe' : 'interframe', at], ['audio', at]);
      world.advance(50);
    }
    const stream = world.hub.stream('live/a');
    assert.equal(stream?.keyframeIntervalMs, 1_000);
    assert.equal(Math.round(stream?.frameRate ?? 0), 20);
    assert.equal(Math.round(stream?.kbpsIn ?? 0), 16, '100 bytes, 20 times a second');
    assert.equal(stream?.video?.width, 640);
    assert.equal(stream?.audio?.codec, 'aac');
    assert.deepEqual(stream?.warnings, []);
  });

  it('warns of keyframes that are far apart', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 0]);
    for (let at = 500; at <= 5_000; at += 500) encoder.send(['interframe', at], ['audio', at]);
    assert.equal(world.hub.stream('live/a')?.warnings[0]?.code, 'keyframes-far-apart');
  });

  it('sheds those first who are furthest behind', () => {
    const world = new HubHarness();
    world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const viewers = [0, 900, 10, 0].map((bufferedBytes) => {
      const viewer = world.watch();
      viewer.sink.bufferedBytes = bufferedBytes;
      return viewer;
    });
    assert.equal(world.hub.shedSlowest(0.5), 2);
    assert.deepEqual(
      viewers.map(({ sink }) => sink.ended),
      [undefined, 'overloaded', 'overloaded', undefined],
    );
  });

  it('tells everybody when the server drains', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    world.hub.drain();
    assert.equal(encoder.ended[0]?.type, 'draining');
    assert.equal(sink.ended, 'draining');
  });
});
