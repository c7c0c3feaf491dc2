import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RefusalError } from '../http/refusal-error.ts';
import { HubHarness } from '../test/hub-harness.ts';
import { type WaitingLimits, WaitingRoom } from './waiting-room.ts';

const HOUR_MS = 3_600_000;

function roomOf(limits: Partial<WaitingLimits> = {}) {
  const world = new HubHarness();
  let listeners = 0;
  const subscribe = world.hub.subscribeEvents.bind(world.hub);
  world.hub.subscribeEvents = (listener) => {
    listeners++;
    const stop = subscribe(listener);
    return () => {
      listeners--;
      stop();
    };
  };
  const reached: string[] = [];
  const room = new WaitingRoom(world.hub, limits, (limit) => reached.push(limit));
  const wait = (change: Partial<Parameters<WaitingRoom['wait']>[0]> = {}) =>
    room.wait({
      stream: 'live/a',
      until: 'published',
      address: '192.0.2.1',
      ms: HOUR_MS,
      signal: new AbortController().signal,
      ...change,
    });
  return { world, room, wait, reached, listeners: () => listeners };
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof RefusalError ? error.refusal.code : undefined;

describe('The waiting room', () => {
  it('lets everybody go when the stream comes, and listens to the hub once for all of them', async () => {
    const { world, room, wait, listeners } = roomOf();
    const waits = Array.from({ length: 500 }, () => wait());
    const elsewhere = new AbortController();
    const other = wait({ stream: 'live/b', signal: elsewhere.signal });
    assert.equal(room.size, 501);
    assert.equal(listeners(), 1);
    world.publish();
    assert.deepEqual(new Set(await Promise.all(waits)), new Set([true]));
    assert.equal(room.size, 1);
    elsewhere.abort();
    assert.equal(await other, false);
    assert.equal(room.size, 0);
    assert.equal(listeners(), 0, 'nothing is left at the hub');
  });

  it('lets a crowd go in slices, with other work in between', async () => {
    const { world, room, wait } = roomOf();
    const sizes: number[] = [];
    const waits = Array.from({ length: 200 }, () => wait());
    world.publish();
    const look = () => {
      sizes.push(room.size);
      if (room.size > 0) setImmediate(look);
    };
    setImmediate(look);
    await Promise.all(waits);
    const steps = sizes.map((size, index) => (sizes[index - 1] ?? 200) - size);
    assert.ok(sizes.length > 5, `${sizes.length} turns`);
    assert.ok(Math.max(...steps) <= 25, `at most 25 in a turn, not ${steps}`);
  });

  it('does the same with those whose time is over in one moment', async () => {
    const { room, wait } = roomOf();
    const waits = Array.from({ length: 100 }, () => wait({ ms: 1 }));
    let turns = 0;
    const look = () => {
      turns++;
      if (room.size > 0) setImmediate(look);
    };
    look();
    assert.deepEqual(new Set(await Promise.all(waits)), new Set([false]));
    assert.ok(turns > 3);
  });

  it('knows a publisher from a first keyframe', async () => {
    const { world, wait } = roomOf();
    const live = wait({ until: 'live' });
    let came = false;
    void live.then(() => {
      came = true;
    });
    const published = wait();
    const publisher = world.publish();
    assert.equal(await published, true);
    assert.equal(came, false);
    publisher.headers().send(['keyframe', 0], ['audio', 5]);
    assert.equal(await live, true);
  });

  it('answers at once when the stream is there, and when nobody wants to wait', async () => {
    const { world, room, wait } = roomOf({ maxWaiting: 1 });
    assert.equal(await wait({ ms: 0 }), false);
    const gone = new AbortController();
    gone.abort();
    assert.equal(await wait({ signal: gone.signal }), false);
    world.publish();
    assert.equal(await wait(), true);
    assert.equal(room.size, 0);
  });

  it('holds so many of one address, an IPv6 network counting as one, and so many in all', async () => {
    const { room, wait, reached } = roomOf({ maxWaitingPerAddress: 2, maxWaiting: 3 });
    const leave = new AbortController();
    const signal = leave.signal;
    const held = [wait({ address: '2001:db8::1', signal }), wait({ address: '2001:db8::2', signal })];
    assert.equal(codeOf(await wait({ address: '2001:db8::3' }).catch((e: unknown) => e)), 'too-many-waiting');
    held.push(wait({ signal }));
    assert.equal(
      codeOf(await wait({ address: '192.0.2.9' }).catch((e: unknown) => e)),
      'too-many-waiting-in-all',
    );
    assert.deepEqual(reached, ['maxWaitingPerAddress', 'maxWaiting']);
    leave.abort();
    await Promise.all(held);
    assert.equal(room.size, 0);
    const again = new AbortController();
    const one = wait({ address: '2001:db8::3', signal: again.signal });
    assert.equal(room.size, 1, 'there is room again');
    again.abort();
    await one;
  });
});
