import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HubHarness } from '../test/hub-harness.ts';
import { story } from '../test/story.ts';

describe('Hub: publishers', () => {
  it('refuses a second publisher while the first one is alive, and says who that is', () => {
    const world = new HubHarness();
    world.publish('live/a', { address: '10.0.0.7' }).headers();
    world.advance(900);
    const outcome = world.hub.publish('live/a', world.peer({ address: '10.0.0.8' }), { end: () => {} });
    assert.ok(!outcome.ok && outcome.why === 'held');
    assert.equal(outcome.holder.address, '10.0.0.7');
  });

  it('lets a stranger take over only from a publisher who has been silent for some seconds', () => {
    const world = new HubHarness();
    const first = world.publish('live/a', { address: '10.0.0.7' }).headers();
    world.advance(4_900);
    assert.throws(() => world.publish('live/a', { address: '10.0.0.8' }), /refused/);
    world.advance(100);
    world.publish('live/a', { address: '10.0.0.8' });
    assert.equal(first.ended[0]?.type, 'taken-over');
  });

  it('lets the same client come back after a second', () => {
    const world = new HubHarness();
    const first = world.publish().headers();
    world.advance(1_000);
    world.publish();
    assert.equal(first.ended[0]?.type, 'taken-over');
  });

  it('lets viewers follow a takeover on a timeline without a step', () => {
    const world = new HubHarness();
    const first = world.publish().headers().send(['keyframe', 5_000], ['audio', 5_010]);
    const { sink } = world.watch();
    world.advance(1_000);
    const second = world.publish();
    first.send(['interframe', 5_040]);
    second.headers().send(['keyframe', 0], ['audio', 10]);
    assert.equal(sink.ended, undefined);
    assert.deepEqual(story(sink.flv.tags), [
      'config video 0',
      'config audio 0',
      'keyframe video 0',
      'audio audio 10',
      'config video 43',
      'config audio 43',
      'keyframe video 43',
      'audio audio 53',
    ]);
  });

  it('holds viewers for a publisher whose line dropped, then ends them', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    encoder.publisher.leave('dropped');
    assert.equal(world.hub.stream('live/a')?.state, 'interrupted');
    assert.equal(world.hub.isLive('live/a'), false, 'nobody new is let in to wait for nothing');
    world.advance(29_900);
    assert.equal(sink.ended, undefined);
    world.advance(100);
    assert.equal(sink.ended, 'stream-ended');
    assert.equal(world.hub.stream('live/a'), undefined);
  });

  it('ends viewers at once when the publisher says goodbye', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    encoder.publisher.leave('unpublished');
    assert.equal(sink.ended, 'stream-ended');
    assert.deepEqual(world.events.at(-1), { type: 'ended', stream: 'live/a', reason: 'the encoder stopped' });
  });

  it('ends a publisher who sends nothing any more, and holds its viewers', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    world.advance(15_000);
    assert.equal(encoder.ended[0]?.type, 'silent');
    assert.equal(sink.ended, undefined);
    assert.equal(world.hub.stream('live/a')?.state, 'interrupted');
  });

  it('ends viewers who cannot follow when the publisher returns with other tracks', () => {
    const world = new HubHarness();
    const first = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    first.publisher.leave('dropped');
    world.publish().headers({ audio: false, video: true }).send(['keyframe', 0]);
    world.advance(1_100);
    assert.equal(sink.ended, 'tracks-changed');
  });

  it('keeps an encoder out for a while that the operator ended, and nobody else', () => {
    const world = new HubHarness();
    world.publish('live/a', { address: '10.0.0.7' });
    world.hub.kickStream('live/a');
    world.advance(29_000);
    const again = world.hub.publish('live/a', world.peer({ address: '10.0.0.7' }), { end: () => {} });
    assert.ok(!again.ok && again.why === 'kicked');
    assert.equal(again.waitMs, 1_000);
    world.publish('live/b', { address: '10.0.0.7' });
    world.publish('live/a', { address: '10.0.0.7', userAgent: 'another' }).publisher.leave('unpublished');
    world.publish('live/a', { address: '10.0.0.8' }).publisher.leave('unpublished');
    world.advance(1_000);
    world.publish('live/a', { address: '10.0.0.7' });
  });

  it('sees nothing of a publisher who has lost its lease', () => {
    const world = new HubHarness();
    const encoder = world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { sink } = world.watch();
    world.hub.kickStream('live/a');
    const tags = sink.flv.tags.length;
    encoder.send(['interframe', 40]);
    assert.equal(sink.flv.tags.length, tags);
    assert.equal(encoder.ended[0]?.type, 'kicked');
    assert.equal(sink.ended, 'kicked');
    assert.deepEqual(world.hub.streams(), []);
  });
});
