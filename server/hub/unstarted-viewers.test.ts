import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HubHarness } from '../test/hub-harness.ts';
import { bodies } from '../test/media-fixtures.ts';

describe('A viewer of a stream that cannot be started', () => {
  it('is told so within ten seconds, and once', () => {
    const world = new HubHarness();
    world.publish();
    const { sink } = world.watch();
    world.advance(8_500);
    assert.equal(sink.ended, undefined);
    world.advance(1_500);
    assert.equal(sink.ended, 'nothing-to-play');
    assert.equal(sink.writes, 0);
  });

  it('is not ended when it has begun, however long the next picture takes', () => {
    const world = new HubHarness();
    world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    world.advance(12_000);
    assert.equal(sink.ended, undefined);
  });
});

describe('A fault of the media', () => {
  it('is told once when it begins, with what to change, and once when it is over', () => {
    const world = new HubHarness();
    const encoder = world.publish();
    for (let atMs = 0; atMs < 3_000; atMs += 40) {
      encoder.publisher.push('video', atMs, bodies.interframe);
      encoder.publisher.flush();
      world.advance(40);
    }
    const told = () => world.events.filter(({ type }) => type === 'warning' || type === 'warning-over');
    assert.deepEqual(
      told().map((event) => event.type === 'warning' && event.warning.code),
      ['video-header-missing'],
    );
    encoder.headers();
    for (let atMs = 3_000; atMs < 5_000; atMs += 40) {
      encoder.send([atMs % 1_000 === 0 ? 'keyframe' : 'interframe', atMs], ['audio', atMs]);
      world.advance(40);
    }
    assert.ok(told().some((event) => event.type === 'warning-over' && event.code === 'video-header-missing'));
    assert.deepEqual(world.hub.stream('live/a')?.warnings, []);
  });
});
