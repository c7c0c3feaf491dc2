import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wsFlvContainer } from '../output/flv-container.ts';
import { HubHarness } from '../test/hub-harness.ts';
import { bodies } from '../test/media-fixtures.ts';
import type { Container } from './container.ts';

/** More than a slice, so that a batch takes several turns. */
const MANY = 600;

function onAir(viewers = MANY) {
  const world = new HubHarness();
  const encoder = world.publish().headers().send(['keyframe', 0]);
  const watching = Array.from({ length: viewers }, () => world.watch());
  const written = () => watching.map(({ sink }) => sink.flv.tags.length - 3);
  const served = () => written().filter((count) => count > 0).length;
  const turns = () => world.takeTurns();
  return { world, encoder, watching, written, served, turns };
}

describe('Delivery to a large audience', () => {
  it('gives other work its turn after each slice, and reaches everybody once', () => {
    const { encoder, written, served, turns } = onAir();
    encoder.send(['interframe', 40]);
    const first = served();
    assert.ok(first > 100 && first < MANY / 2, `${first} at once`);
    assert.ok(turns() >= 2);
    assert.deepEqual(new Set(written()), new Set([1]));
  });

  it('takes fewer at once when there is more to write', () => {
    const { world, encoder, served, turns } = onAir(100);
    const large = new Uint8Array(1_000_000);
    large.set(bodies.interframe);
    encoder.publisher.received(large.length, world.clock.monotonicMs());
    encoder.publisher.push('video', 40, large);
    encoder.publisher.flush();
    assert.ok(served() < 20, `${served()} at once`);
    turns();
    assert.equal(served(), 100);
  });

  it('is one turn for a small audience', () => {
    const { encoder, served, turns } = onAir(100);
    encoder.send(['interframe', 40]);
    assert.equal(served(), 100);
    assert.equal(turns(), 0);
  });

  it('finishes a batch before the next one, so that nobody gets them in another order', () => {
    const { encoder, watching, turns } = onAir();
    for (const at of [40, 80, 120]) encoder.send(['interframe', at]);
    turns();
    for (const { sink } of watching) {
      assert.deepEqual(
        sink.flv.tags.slice(3).map(({ timestampMs }) => timestampMs),
        [40, 80, 120],
      );
    }
  });

  it('gives who comes in between nothing twice, and who goes nothing more', () => {
    const { world, encoder, watching, turns } = onAir();
    encoder.send(['interframe', 40]);
    const late = world.watch();
    const gone = watching.at(-1);
    gone?.leave();
    turns();
    encoder.send(['interframe', 80]);
    turns();
    const times = (tags: readonly { timestampMs: number }[]) => tags.map(({ timestampMs }) => timestampMs);
    assert.deepEqual(times(late.sink.flv.tags), [0, 0, 0, 40, 80]);
    assert.deepEqual(times(gone?.sink.flv.tags ?? []), [0, 0, 0]);
  });

  it('ends the publisher alone when something breaks in a later slice, and once', () => {
    const world = new HubHarness();
    const failures: unknown[] = [];
    const outcome = world.hub.publish('live/a', world.peer(), {
      end: () => {},
      failed: (error) => failures.push(error),
    });
    assert.ok(outcome.ok);
    const { publisher } = outcome;
    const send = (kind: 'audio' | 'video', at: number, body: Uint8Array) => {
      publisher.received(body.length, world.clock.monotonicMs());
      publisher.push(kind, at, body);
      publisher.flush();
    };
    send('video', 0, bodies.videoConfig);
    send('audio', 0, bodies.audioConfig);
    send('video', 0, bodies.keyframe);
    for (let viewer = 0; viewer < MANY; viewer++) world.watch();
    let broken = false;
    const container: Container = {
      ...wsFlvContainer,
      encode(...args) {
        if (broken) throw new Error('cannot be encoded');
        return wsFlvContainer.encode(...args);
      },
    };
    for (let viewer = 0; viewer < 3; viewer++) world.watch('live/a', { container });
    broken = true;
    // A new group: its bytes are made for the first who takes them.
    send('video', 40, bodies.keyframe);
    assert.deepEqual(failures, []);
    world.takeTurns();
    assert.deepEqual(failures, [new Error('cannot be encoded')]);
    publisher.leave('dropped');
  });

  it('is finished before a stream ends', () => {
    const { encoder, written, watching } = onAir();
    encoder.send(['interframe', 40]);
    encoder.publisher.leave('unpublished');
    assert.deepEqual(new Set(written()), new Set([1]));
    assert.ok(watching.every(({ sink }) => sink.ended === 'stream-ended'));
  });

  it('sends the bytes that were pushed, also when their memory is wanted for others meanwhile', () => {
    const { encoder, watching, turns } = onAir();
    for (let group = 1; group <= 5; group++) {
      for (let frame = 0; frame < 10; frame++) {
        encoder.send([frame === 0 ? 'keyframe' : 'interframe', group * 400 + frame * 40]);
      }
    }
    turns();
    for (const { sink } of watching) {
      for (const tag of sink.flv.tags.slice(3)) {
        const sent = tag.timestampMs % 400 === 0 ? bodies.keyframe : bodies.interframe;
        assert.deepEqual(tag.body, sent);
      }
    }
  });
});
