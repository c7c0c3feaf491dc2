import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdminFeedMessage, Notice } from '../../../shared/contract/live-feed.ts';
import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import { type AdminState, applyFeedMessages, emptyAdminState, loseFeed } from './admin-state.ts';
import { sampleStream } from './sample-stream.ts';

const server: ServerInfo = {
  name: 'sluice',
  version: '0.1.0',
  node: 'v20',
  startedAt: '2026-01-01T09:00:00.000Z',
  state: 'ready',
  rtmpPort: 1935,
  rtmpsPort: null,
  httpPort: 8080,
  httpsPort: null,
  streams: 0,
  publishers: 0,
  viewers: 0,
  kbpsIn: 0,
  kbpsOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  publishNeedsLogin: false,
  kickPause: { publisherSeconds: 30, viewerSeconds: 300 },
  load: { busy: 0, paceMs: 0, overloaded: false, workers: [] },
};

const notice = (id: number, message = 'something', kind: Notice['kind'] = 'published'): Notice => ({
  id,
  at: '2026-01-01T10:00:00.000Z',
  kind,
  stream: 'live/a',
  message,
});

const hello = (names: readonly string[], notices: Notice[] = []): AdminFeedMessage => ({
  type: 'hello',
  serverId: 's',
  server,
  streams: names.map((name) => sampleStream(name)),
  notices,
});

function after(
  messages: readonly AdminFeedMessage[],
  from: AdminState = emptyAdminState,
  nowMs = 0,
): AdminState {
  return applyFeedMessages(from, messages, nowMs);
}

function kbps(state: AdminState, name: string): number[] | undefined {
  return state.streams.get(name)?.history.map((point) => point.kbps);
}

test('hello replaces everything that was known', () => {
  const state = after([hello(['live/a', 'live/b']), hello(['live/b'])]);
  assert.deepEqual([...state.streams.keys()], ['live/b']);
  assert.equal(state.connection, 'open');
});

test('a stream replaces the one of its name, and gone takes it away', () => {
  const state = after([
    hello(['live/a']),
    { type: 'stream', stream: sampleStream('live/a', { kbpsIn: 7 }) },
    { type: 'stream', stream: sampleStream('live/b') },
    { type: 'gone', name: 'live/b' },
  ]);
  assert.deepEqual([...state.streams.keys()], ['live/a']);
  assert.equal(state.streams.get('live/a')?.stream.kbpsIn, 7);
});

test('the bitrate of the last minute is kept, one point a second', () => {
  let state = after([hello([])]);
  for (let second = 0; second <= 90; second++) {
    const stream = sampleStream('live/a', { kbpsIn: second });
    state = after([{ type: 'stream', stream }], state, second * 1000);
    // The same second again, as when its state changes between two.
    state = after([{ type: 'stream', stream }], state, second * 1000 + 100);
  }
  const points = kbps(state, 'live/a');
  assert.equal(points?.length, 60);
  assert.equal(points?.at(-1), 90);
});

test('another publish of the same name starts another line', () => {
  const first = after([{ type: 'stream', stream: sampleStream('live/a', { kbpsIn: 5 }) }]);
  const again = sampleStream('live/a', { kbpsIn: 6, startedAt: '2026-01-01T11:00:00.000Z' });
  assert.deepEqual(kbps(after([{ type: 'stream', stream: again }], first, 5000), 'live/a'), [6]);
});

test('a lost feed keeps every value and remembers since when', () => {
  const lost = loseFeed(loseFeed(after([hello(['live/a'])]), 100), 900);
  assert.equal(lost.connection, 'lost');
  assert.equal(lost.lostAtMs, 100);
  assert.equal(lost.streams.size, 1);
  assert.equal(after([hello(['live/a'])], lost).lostAtMs, null);
});

test('the line of a stream goes on over a lost feed', () => {
  const before = after([hello(['live/a'])], emptyAdminState, 0);
  const back = after([hello(['live/a'])], loseFeed(before, 1000), 5000);
  assert.equal(kbps(back, 'live/a')?.length, 2);
});

test('notices are newest first, and the same trouble is listed once', () => {
  const state = after([
    hello([], [notice(1), notice(2, 'refused', 'refused')]),
    { type: 'notice', notice: notice(3, 'other') },
    { type: 'notice', notice: notice(4, 'refused', 'refused') },
  ]);
  assert.deepEqual(
    state.notices.map((one) => one.id),
    [4, 3, 1],
  );
});

test('a notice that is true no more goes, and what a newer server says changes nothing', () => {
  const state = after([hello([], [notice(1), notice(2, 'another')]), { type: 'notice-gone', id: 1 }]);
  assert.deepEqual(
    state.notices.map(({ id }) => id),
    [2],
  );
  assert.equal(after([{ type: 'weather' } as unknown as AdminFeedMessage], state), state);
});

test('no more than fifty notices are kept', () => {
  const many = Array.from({ length: 80 }, (_, i) => ({
    type: 'notice' as const,
    notice: notice(i, `number ${i}`),
  }));
  assert.equal(after(many).notices.length, 50);
});
