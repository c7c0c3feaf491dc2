import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyPacket } from '../../shared/media/classify.ts';
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

describe('Subscriber: a slow viewer', () => {
  it('loses pictures before sound', () => {
    const { encoder, sink, session, roles } = onAir();
    sink.bufferedBytes = queueBytes / 2 + 1;
    encoder.send(['interframe', 40], ['audio', 45]).send(['interframe', 80], ['audio', 85]);
    assert.deepEqual(roles().slice(4), ['audio', 'audio']);
    assert.equal(session()?.droppedVideo, 2);
    assert.equal(session()?.droppedAudio, 0);
  });

  it('loses sound as well when its queue is full', () => {
    const { encoder, sink, session, roles } = onAir();
    sink.bufferedBytes = queueBytes + 1;
    encoder.send(['interframe', 40], ['audio', 45]);
    assert.deepEqual(roles().slice(4), []);
    assert.equal(session()?.droppedAudio, 1);
  });

  it('gets pictures again with a keyframe and its header, not before, once its queue is short', () => {
    const { encoder, sink, roles } = onAir();
    sink.bufferedBytes = queueBytes / 2 + 1;
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
    sink.bufferedBytes = queueBytes / 2 + 1;
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
    sink.bufferedBytes = queueBytes / 2 + 1;
    const changed = sink.flv.tags[0]?.body.slice() ?? new Uint8Array();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    encoder.publisher.push('video', 40, changed);
    encoder.send(['interframe', 40]);
    assert.deepEqual(roles().slice(4), ['config']);
  });

  it('costs the others nothing', () => {
    const { world, encoder, sink } = onAir();
    const other = world.watch();
    sink.bufferedBytes = queueBytes * 2;
    const before = other.sink.flv.tags.length;
    encoder.send(['interframe', 40], ['audio', 45]);
    assert.equal(other.sink.flv.tags.length, before + 2);
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

  it('is not ended for taking nothing when there is nothing to take', () => {
    const { world, encoder, sink } = onAir();
    for (let ms = 0; ms < stallMs * 2; ms += 10_000) {
      world.advance(10_000);
      encoder.send(['audio', ms]);
    }
    assert.equal(sink.ended, undefined);
  });
});
