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

  for (const [paceMs, frameMs, picturesPerWrite] of [
    [50, 33, 2],
    [50, 40, 2],
    [50, 17, 3],
    [100, 33, 3],
    [100, 40, 3],
    [50, 200, 1],
  ] as const) {
    it(`sends ${picturesPerWrite} pictures at once, the last without delay, at ${frameMs} ms a picture and a pace of ${paceMs} ms`, () => {
      const { world, encoder, sink, writes } = onAir();
      world.hub.paceMs = paceMs;
      world.advance(1_000);
      const before = writes();
      let at = 1_000;
      for (let count = 1; count <= 4 * picturesPerWrite; count++) {
        encoder.send(['audio', at - 5], ['interframe', at]);
        // The first goes out alone: nothing was sent for long.
        const due = Math.floor((count - 1) / picturesPerWrite) + 1;
        assert.equal(writes() - before, due, `after picture ${count}`);
        if ((count - 1) % picturesPerWrite === 0) assert.equal(sink.flv.tags.at(-1)?.timestampMs, at);
        at += frameMs;
        for (let passed = 0; passed < frameMs; passed++) world.advance(1);
      }
      world.advance(paceMs + 40);
      assert.equal(sink.flv.tags.length, 4 + 2 * 4 * picturesPerWrite);
    });
  }

  it('lets sound alone wait for the pace', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers({ audio: true, video: false });
    world.advance(1_100);
    encoder.send(['audio', 0]);
    const { sink } = world.watch();
    world.hub.paceMs = 50;
    encoder.send(['audio', 23]);
    world.advance(23);
    encoder.send(['audio', 46]);
    assert.equal(sink.writes, 1);
    world.advance(27);
    assert.equal(sink.writes, 2);
    assert.equal(sink.flv.tags.length, 4);
  });

  it('does not wait for a picture that does not come', () => {
    const { world, encoder, sink, writes } = onAir();
    world.hub.paceMs = 50;
    world.advance(100);
    encoder.send(['interframe', 40]);
    const before = writes();
    world.advance(10);
    encoder.send(['interframe', 50]);
    assert.equal(writes(), before);
    world.advance(89);
    assert.equal(writes(), before);
    world.advance(1);
    assert.equal(sink.flv.tags.at(-1)?.timestampMs, 50);
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
