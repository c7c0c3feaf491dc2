import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HubHarness } from '../test/hub-harness.ts';
import { bodies } from '../test/media-fixtures.ts';

/** A stream of 25 pictures and sounds a second that has run for two seconds. */
function running() {
  const world = new HubHarness();
  const encoder = world.publish().headers();
  let atMs = 0;
  const run = (ms: number) => {
    for (const endMs = atMs + ms; atMs < endMs; atMs += 40) {
      encoder.send([atMs % 1_000 === 0 ? 'keyframe' : 'interframe', atMs], ['audio', atMs]);
      world.advance(40);
    }
  };
  const pause = (ms: number) => {
    world.advance(ms);
    atMs += ms;
  };
  run(2_000);
  const state = () => world.hub.stream('live/a')?.state;
  const codes = () => world.hub.stream('live/a')?.warnings.map(({ code }) => code);
  return { world, encoder, run, pause, state, codes };
}

describe('A publisher who is connected and sends nothing', () => {
  it('makes its stream silent, which is told at once and ends with the next frame', () => {
    const { world, run, pause, state, codes } = running();
    pause(1_400);
    assert.equal(state(), 'live');
    world.events.length = 0;
    pause(200);
    assert.equal(state(), 'silent');
    assert.deepEqual(codes(), ['publisher-silent']);
    assert.deepEqual(world.events, [{ type: 'changed', stream: 'live/a' }]);
    pause(10_000);
    assert.match(world.hub.stream('live/a')?.warnings[0]?.message ?? '', /no sound for 12 s\.$/);
    run(40);
    assert.equal(world.hub.stream('live/a')?.state, 'live');
    assert.equal(world.events.at(-1)?.type, 'changed');
    assert.equal(codes()?.includes('publisher-silent'), false);
  });

  it('is not one who sends what nobody can use', () => {
    const world = new HubHarness();
    const encoder = world.publish();
    const seen: unknown[] = [];
    for (let atMs = 0; atMs < 8_000; atMs += 40) {
      encoder.send(['interframe', atMs]);
      world.advance(40);
      const stream = world.hub.stream('live/a');
      seen.push(stream?.state, ...(stream?.warnings ?? []).map(({ code }) => code));
    }
    assert.deepEqual([...new Set(seen)], ['starting', 'video-header-missing']);
    world.advance(2_000);
    assert.equal(world.hub.stream('live/a')?.state, 'silent', 'and then nothing comes at all');
  });

  it('is no reason to refuse or end a viewer', () => {
    const { world, run, pause, state } = running();
    const before = world.watch();
    pause(10_000);
    assert.equal(state(), 'silent');
    assert.equal(world.hub.isLive('live/a'), true);
    assert.equal(world.hub.hasStarted('live/a'), true);
    const during = world.watch();
    assert.ok(during.sink.flv.tags.length > 2, 'it begins with what came last');
    run(1_000);
    for (const { sink } of [before, during]) {
      assert.equal(sink.ended, undefined);
      assert.equal(sink.flv.tags.at(-1)?.kind, 'audio');
    }
  });

  it('does not count headers and metadata, which some encoders repeat for ever', () => {
    const { world, encoder, state } = running();
    for (let second = 0; second < 3; second++) {
      world.advance(1_000);
      encoder.headers();
      encoder.publisher.push('data', 0, bodies.metadata);
    }
    assert.equal(state(), 'silent');
  });

  it('is silent from the start when nothing ever comes', () => {
    const world = new HubHarness();
    world.publish();
    world.advance(2_000);
    assert.equal(world.hub.stream('live/a')?.state, 'starting');
    world.advance(1_100);
    assert.equal(world.hub.stream('live/a')?.state, 'silent');
    assert.equal(world.hub.hasStarted('live/a'), false);
  });

  it('is interrupted once its line is gone, and knows nothing of the next publisher', () => {
    const { world, encoder, state } = running();
    world.advance(2_000);
    assert.equal(state(), 'silent');
    encoder.publisher.leave('dropped');
    assert.equal(state(), 'interrupted');
    world.advance(2_000);
    world.publish();
    assert.equal(state(), 'starting');
  });
});
