import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublicStream } from '../../../shared/contract/streams.ts';
import { applyPublicMessage, emptyPublicList, losePublicFeed } from './public-list.ts';
import { watchedStream } from './watch-feed.ts';

function publicStream(name: string, patch: Partial<PublicStream> = {}): PublicStream {
  return {
    name,
    state: 'live',
    startedAt: '2026-01-01T10:00:00.000Z',
    video: null,
    audio: null,
    tracks: [],
    viewers: 3,
    ...patch,
  };
}

const anyHello = {
  type: 'hello' as const,
  serverId: 's',
  rtmpPort: 1935,
  rtmpsPort: null,
  publicList: true,
  operator: false,
};

test('a hello with the stream tells its state, without it that it is gone', () => {
  const hello = {
    ...anyHello,
    streams: [publicStream('live/a', { state: 'starting' })],
  };
  assert.equal(watchedStream(hello, 'live/a')?.status, 'starting');
  assert.equal(watchedStream(hello, 'live/b')?.status, 'gone');
});

test('news of other streams is no news', () => {
  assert.equal(watchedStream({ type: 'gone', name: 'live/b' }, 'live/a'), undefined);
  assert.equal(watchedStream({ type: 'stream', stream: publicStream('live/b') }, 'live/a'), undefined);
});

test('another publish or another codec can be told from more viewers', () => {
  const since = (patch: Partial<PublicStream>) =>
    watchedStream({ type: 'stream', stream: publicStream('live/a', patch) }, 'live/a')?.since;
  const video = { codec: 'avc', codecString: null, profile: null, level: null, width: null, height: null };
  assert.equal(since({ viewers: 9 }), since({}));
  assert.notEqual(since({ startedAt: '2026-01-01T11:00:00.000Z' }), since({}));
  assert.notEqual(since({ video }), since({}));
});

test('the public list stays in order of name while streams come and go', () => {
  let list = applyPublicMessage(emptyPublicList, {
    ...anyHello,
    streams: [publicStream('live/c'), publicStream('live/a')],
  });
  list = applyPublicMessage(list, { type: 'stream', stream: publicStream('live/b') });
  list = applyPublicMessage(list, { type: 'gone', name: 'live/a' });
  assert.deepEqual(
    list.streams.map((stream) => stream.name),
    ['live/b', 'live/c'],
  );
  assert.deepEqual(losePublicFeed(list).streams, list.streams);
});
