import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyPacket } from '../../shared/media/classify.ts';
import { relayContainer } from '../output/relay-container.ts';
import { HubHarness, testLimits } from '../test/hub-harness.ts';

const { queueBytes, stallMs } = testLimits.viewer;

function onAir() {
  const world = new HubHarness();
  const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
  const { sink, id } = world.watch();
  const session = () => world.hub.session(id);
  const roles = () => sink.flv.tags.map(({ kind, body }) => classifyPacket(kind, body));
  return { world, encoder, sink, session, roles };
}

/** More than a queue may hold for pictures between keyframes, for keyframes, and for anything. */
const TOO_FULL = { pictures: queueBytes / 2 + 1, keyframes: (queueBytes * 3) / 4 + 1, sound: queueBytes + 1 };

describe('Subscriber: a slow viewer', () => {
  it('loses inter frames first, then keyframes, then sound', () => {
    const { encoder, sink, session, roles } = onAir();
    const group = (at: number) =>
      encoder.send(['keyframe', at], ['audio', at + 5]).send(['interframe', at + 40], ['audio', at + 45]);
    const before = () => roles().length;
    const got = (bufferedBytes: number, at: number) => {
      const from = before();
      sink.bufferedBytes = bufferedBytes;
      group(at);
      return roles().slice(from);
    };
    assert.deepEqual(got(TOO_FULL.pictures, 1_000), ['keyframe', 'audio', 'audio']);
    assert.deepEqual(got(TOO_FULL.keyframes, 2_000), ['audio', 'audio']);
    assert.deepEqual(got(TOO_FULL.sound, 3_000), []);
    assert.deepEqual(got(TOO_FULL.keyframes, 4_000), ['audio', 'audio']);
    assert.deepEqual(got(TOO_FULL.pictures, 5_000), ['keyframe', 'audio', 'audio']);
    assert.deepEqual(got(0, 6_000), ['config', 'keyframe', 'audio', 'interframe', 'audio']);
    assert.deepEqual(
      [session()?.droppedVideo, session()?.droppedAudio],
      [1 + 2 + 2 + 2 + 1, 2],
      'each frame that was left out, and no other',
    );
  });

  it('loses pictures before sound', () => {
    const { encoder, sink, session, roles } = onAir();
    sink.bufferedBytes = TOO_FULL.pictures;
    encoder.send(['interframe', 40], ['audio', 45]).send(['interframe', 80], ['audio', 85]);
    assert.deepEqual(roles().slice(4), ['audio', 'audio']);
    assert.equal(session()?.droppedVideo, 2);
    assert.equal(session()?.droppedAudio, 0);
  });

  it('loses sound as well when its queue is full', () => {
    const { encoder, sink, session, roles } = onAir();
    sink.bufferedBytes = TOO_FULL.sound;
    encoder.send(['interframe', 40], ['audio', 45]);
    assert.deepEqual(roles().slice(4), []);
    assert.equal(session()?.droppedAudio, 1);
  });

  it('gets pictures again with a keyframe and its header, not before, once its queue is short', () => {
    const { encoder, sink, roles } = onAir();
    sink.bufferedBytes = TOO_FULL.keyframes;
    encoder.send(['interframe', 40]);
    encoder.send(['keyframe', 80]);
    sink.bufferedBytes = 0;
    encoder.send(['interframe', 120], ['audio', 125]);
    assert.deepEqual(roles().slice(4), ['audio'], 'no frame whose reference is missing');
    encoder.send(['keyframe', 160]);
    assert.deepEqual(roles().slice(5), ['config', 'keyframe']);
    encoder.send(['interframe', 200]);
    assert.deepEqual(roles().slice(7), ['interframe']);
  });

  it('has times that never go back over a loss', () => {
    const { encoder, sink } = onAir();
    sink.bufferedBytes = TOO_FULL.pictures;
    encoder.send(['interframe', 40], ['audio', 45]);
    sink.bufferedBytes = 0;
    encoder.send(['keyframe', 160], ['audio', 165]);
    for (const kind of ['audio', 'video'] as const) {
      const times = sink.flv.tags.filter((tag) => tag.kind === kind).map((tag) => tag.timestampMs);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
    }
  });

  it('never loses a header', () => {
    const { encoder, sink, roles } = onAir();
    sink.bufferedBytes = TOO_FULL.pictures;
    const changed = sink.flv.tags[0]?.body.slice() ?? new Uint8Array();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    encoder.publisher.push('video', 40, changed);
    encoder.send(['interframe', 40]);
    assert.deepEqual(roles().slice(4), ['config']);
  });

  it('gets a changed header even when nothing else has room, up to a bound', () => {
    const { encoder, sink, roles } = onAir();
    const header = sink.flv.tags[0]?.body ?? new Uint8Array();
    const send = (bufferedBytes: number, variant: number) => {
      sink.bufferedBytes = bufferedBytes;
      encoder.publisher.push('video', 40, Uint8Array.of(...header.subarray(0, -1), variant));
      encoder.send(['interframe', 40], ['audio', 45]);
    };
    send(TOO_FULL.sound, 1);
    assert.deepEqual(roles().slice(4), ['config']);
    send(2 * queueBytes + 1, 2);
    assert.deepEqual(roles().slice(5), []);
  });

  it('loses pictures when its queue is short and old: a thin stream does not grow late unseen', () => {
    const { encoder, sink, session, roles } = onAir();
    sink.stuck = true;
    for (let at = 40; at <= 2_960; at += 40) encoder.send(['interframe', at], ['audio', at]);
    assert.equal(session()?.droppedVideo, 0);
    assert.ok(sink.bufferedBytes < queueBytes / 4, 'few bytes wait');
    encoder.send(['interframe', 3_120], ['audio', 3_120]);
    assert.deepEqual([session()?.droppedVideo, roles().at(-1)], [1, 'audio']);
    encoder.send(['keyframe', 4_000], ['audio', 4_000]);
    assert.deepEqual(roles().slice(-2), ['keyframe', 'audio']);
    encoder.send(['keyframe', 5_000], ['audio', 5_000]);
    assert.deepEqual(roles().slice(-2), ['audio', 'audio']);
    encoder.send(['audio', 6_200]).send(['interframe', 6_200]);
    assert.deepEqual([session()?.droppedAudio, roles().at(-1)], [1, 'audio']);
  });

  it('loses nothing on a line that is late by less than that, for ever', () => {
    const { encoder, sink, session } = onAir();
    sink.stuck = true;
    const sent: number[] = [];
    for (let at = 40; at <= 60_000; at += 40) {
      const before = sink.bufferedBytes;
      encoder.send([at % 2_000 === 0 ? 'keyframe' : 'interframe', at], ['audio', at]);
      sent.push(sink.bufferedBytes - before);
      // The line takes what was sent 1.2 s ago.
      sink.bufferedBytes -= sent.at(-31) ?? 0;
    }
    assert.ok(sink.bufferedBytes > 0);
    assert.equal(session()?.droppedVideo, 0);
  });

  it('costs the others nothing', () => {
    const { world, encoder, sink } = onAir();
    const other = world.watch();
    sink.bufferedBytes = queueBytes * 2;
    const before = other.sink.flv.tags.length;
    encoder.send(['interframe', 40], ['audio', 45]);
    assert.equal(other.sink.flv.tags.length, before + 2);
  });

  it('that is a process of ours gets all or nothing, and headers', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch('live/a', { container: relayContainer });
    const roles = () => sink.flv.tags.slice(4).map(({ kind, body }) => classifyPacket(kind, body));
    sink.bufferedBytes = TOO_FULL.pictures;
    encoder.send(['interframe', 40], ['audio', 45]).send(['keyframe', 80], ['audio', 85]);
    assert.deepEqual(roles(), []);
    const header = sink.flv.tags[1]?.body ?? new Uint8Array();
    encoder.publisher.push('audio', 90, Uint8Array.of(...header, 0));
    encoder.send(['interframe', 120], ['audio', 125]);
    sink.bufferedBytes = 0;
    encoder.send(['audio', 150]).send(['keyframe', 160], ['audio', 165]);
    assert.deepEqual(roles(), ['config', 'config', 'keyframe', 'audio']);
  });

  it('is not punished for the bytes of its own start', () => {
    const world = new HubHarness({ viewer: { ...testLimits.viewer, queueBytes: 1_000 } });
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink, id } = world.watch('live/a', { stuck: true });
    assert.ok(sink.bufferedBytes > 1_000, 'the start alone is over the limit');
    sink.stuck = false;
    encoder.send(['interframe', 40]);
    assert.equal(world.hub.session(id)?.droppedVideo, 0);
    sink.bufferedBytes = 0;
    encoder.send(['interframe', 80]);
    sink.bufferedBytes = 1_001;
    encoder.send(['interframe', 120]);
    assert.equal(world.hub.session(id)?.droppedVideo, 1, 'once it is drained, the limit holds');
  });

  it('is ended when it has taken nothing for a while', () => {
    const { world, encoder, sink } = onAir();
    sink.stuck = true;
    encoder.send(['audio', 10]);
    const stuckBytes = sink.bufferedBytes;
    world.advance(stallMs - 1_000);
    encoder.send(['audio', 33]);
    sink.bufferedBytes = stuckBytes;
    world.advance(stallMs - 1_000);
    assert.equal(sink.ended, undefined, 'it took a little meanwhile');
    encoder.send(['audio', 56]);
    world.advance(1_100);
    assert.equal(sink.ended, 'too-slow');
  });

  it('is not ended while its line takes a little of one large write', () => {
    const { world, encoder, sink } = onAir();
    let unsent = sink.parts.reduce((sum, { length }) => sum + length, 0);
    Object.defineProperty(sink, 'unsentBytes', { get: () => unsent });
    sink.bufferedBytes = unsent;
    for (let ms = 0; ms < stallMs * 2; ms += 1_000) {
      world.advance(1_000);
      encoder.publisher.received(1, world.clock.monotonicMs());
      unsent -= 100;
    }
    assert.ok(unsent > 0);
    assert.equal(sink.ended, undefined);
  });

  it('is not ended for taking nothing when there is nothing to take', () => {
    const { world, encoder, sink } = onAir();
    for (let ms = 0; ms < stallMs * 2; ms += 10_000) {
      world.advance(10_000);
      encoder.send(['audio', ms]);
    }
    assert.equal(sink.ended, undefined);
  });
});
