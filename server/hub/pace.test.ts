import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HubHarness } from '../test/hub-harness.ts';

function onAir() {
  const world = new HubHarness();
  const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
  const { sink } = world.watch();
  const writes = () => sink.writes - 1;
  return { world, encoder, sink, writes };
}

describe('pace of delivery', () => {
  it('sends a picture at once, and the sound before it in the same write', () => {
    const { encoder, sink, writes } = onAir();
    encoder.send(['audio', 28]);
    assert.equal(writes(), 0, 'sound waits for the next picture');
    encoder.send(['interframe', 33]);
    assert.equal(writes(), 1);
    assert.deepEqual(
      sink.flv.tags.slice(-2).map(({ kind }) => kind),
      ['audio', 'video'],
    );
  });

  it('lets sound wait for a picture no longer than 40 ms', () => {
    const { world, encoder, writes } = onAir();
    encoder.send(['audio', 28]);
    world.advance(30);
    assert.equal(writes(), 0);
    world.advance(10);
    assert.equal(writes(), 1);
  });

  it('sends sound at once where there are no pictures', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers({ audio: true, video: false });
    world.advance(1_100);
    encoder.send(['audio', 0]);
    const { sink } = world.watch();
    encoder.send(['audio', 23]);
    assert.equal(sink.writes, 2);
  });

  it('gathers what comes within the pace of a busy process, and loses nothing of it', () => {
    const { world, encoder, sink, writes } = onAir();
    world.hub.paceMs = 100;
    world.advance(100);
    const before = writes();
    for (let at = 33; at <= 1_000; at += 33) {
      encoder.send(['interframe', at], ['audio', at]);
      world.advance(30);
    }
    assert.ok(writes() - before <= 10, `${writes() - before} writes in 900 ms`);
    world.advance(100);
    assert.equal(sink.flv.tags.length, 4 + 2 * 30);
  });

  it('delivers what waits when the publisher leaves or loses its key', () => {
    const { world, encoder, sink } = onAir();
    encoder.send(['audio', 28]);
    encoder.publisher.leave('unpublished');
    assert.equal(sink.flv.tags.length, 5);
    const again = onAir();
    again.encoder.send(['audio', 28]);
    again.world.advance(1_000);
    again.world.publish();
    assert.equal(again.sink.flv.tags.length, 5);
    assert.equal(world.hub.isLive('live/a'), false);
  });
});
