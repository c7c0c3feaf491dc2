import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Value } from 'typebox/value';
import { Notice } from '../../shared/contract/live-feed.ts';
import { aSession, aStream, FakeHub } from '../test/fake-hub.ts';
import { createNotices, type NoticeNews, type Notices } from './notices.ts';

const noon = Date.UTC(2026, 0, 1, 12);

it('what happens to a stream becomes sentences, in order, in the shape of the contract', () => {
  const hub = new FakeHub();
  const notices = createNotices(() => noon);
  notices.watch(hub);
  hub.publish(aStream());
  hub.emit({ type: 'changed', stream: 'live/main' });
  hub.emit({ type: 'interrupted', stream: 'live/main', graceMs: 30_000 });
  hub.emit({ type: 'resumed', stream: 'live/main', session: aSession() });
  hub.emit({ type: 'viewer-joined', stream: 'live/main', session: aSession() });
  hub.end('live/main');
  const list = notices.list();
  assert.deepEqual(
    list.map((notice) => notice.kind),
    ['published', 'interrupted', 'resumed', 'ended'],
  );
  assert.match(list[1]?.message ?? '', /Viewers are held for 30 s/);
  for (const notice of list) {
    assert(Value.Check(Notice, notice));
    assert.equal(notice.at, '2026-01-01T12:00:00.000Z');
  }
});

it('the newest 50 are kept, with ids that count up', () => {
  const notices = createNotices();
  for (let i = 1; i <= 60; i++) notices.refused({ stream: `live/${i}`, address: '10.0.0.1', message: 'no.' });
  const ids = notices.list().map((notice) => notice.id);
  assert.deepEqual([ids.length, ids[0], ids.at(-1)], [50, 11, 60]);
});

it('a repeated refusal takes the place of the one before', () => {
  const notices = createNotices();
  notices.failed({ stream: null, address: '10.0.0.2', message: 'broke the protocol.' });
  for (let i = 0; i < 5; i++) notices.refused({ stream: 'live/a', address: '10.0.0.1', message: 'in use.' });
  assert.deepEqual(
    notices.list().map(({ id, kind }) => [id, kind]),
    [
      [1, 'failed'],
      [6, 'refused'],
    ],
  );
});

it('subscribers hear of each notice until they leave', () => {
  const notices = createNotices();
  const heard: NoticeNews[] = [];
  const leave = notices.subscribe((news) => heard.push(news));
  notices.connecting({ id: 'a', address: '10.0.0.3', userAgent: 'OBS/29 http://x?secret' });
  leave();
  notices.connecting({ id: 'b', address: '10.0.0.4', userAgent: null });
  assert.equal(heard.length, 1);
  assert(heard[0]?.type === 'notice');
  assert.match(heard[0].notice.message, /10\.0\.0\.3 \(OBS 29\) and/);
});

it('who is on air is said by the name of its program once its metadata tells it', () => {
  const hub = new FakeHub();
  const notices = createNotices();
  notices.watch(hub);
  const heard: NoticeNews[] = [];
  notices.subscribe((news) => heard.push(news));
  const encoder = 'obs-output module (libobs version 29.0.2)';
  const named = { type: 'encoder-named', stream: 'live/main', session: aSession({ encoder }) } as const;
  hub.emit(named);
  assert.deepEqual(notices.list(), [], 'nobody is on air yet');
  hub.publish(aStream());
  assert.equal(notices.list()[0]?.message, 'live/main is on air, from 10.0.0.7.');
  hub.emit(named);
  hub.emit(named);
  assert.deepEqual(
    notices.list().map(({ message }) => message),
    ['live/main is on air, from 10.0.0.7 (OBS 29.0.2).'],
  );
  assert.deepEqual(
    heard.map(({ type }) => type),
    ['notice', 'notice-gone', 'notice'],
  );
});

describe('That an encoder has not published yet', () => {
  const encoder = (id: string) => ({ id, address: '10.0.0.3', userAgent: 'OBS' });
  const kinds = (notices: Notices) => notices.list().map(({ kind }) => kind);

  function connected() {
    const hub = new FakeHub();
    const notices = createNotices();
    notices.watch(hub);
    const gone: number[] = [];
    notices.subscribe((news) => {
      if (news.type === 'notice-gone') gone.push(news.id);
    });
    notices.connecting(encoder('a'));
    return { hub, notices, gone };
  }

  it('is said no more when it publishes, plays, or was refused, and nothing is said when it leaves then', () => {
    const ways: [string, (of: ReturnType<typeof connected>) => void][] = [
      ['published', ({ hub }) => hub.publish(aStream({ publisher: aSession({ id: 'a' }) }))],
      [
        'resumed',
        ({ hub }) => hub.emit({ type: 'resumed', stream: 'live/a', session: aSession({ id: 'a' }) }),
      ],
      ['', ({ notices }) => notices.settled('a')],
    ];
    for (const [kind, happens] of ways) {
      const world = connected();
      assert.deepEqual(kinds(world.notices), ['connecting']);
      happens(world);
      world.notices.left(encoder('a'));
      assert.deepEqual(kinds(world.notices), kind === '' ? [] : [kind]);
      assert.deepEqual(world.gone, [1]);
    }
  });

  it('becomes that it left without publishing', () => {
    const { notices } = connected();
    notices.left(encoder('a'));
    assert.deepEqual(kinds(notices), ['failed']);
    assert.equal(notices.list()[0]?.message, '10.0.0.3 (OBS) connected and left without publishing.');
  });

  it('stays said of another connection of the same program', () => {
    const { notices, gone } = connected();
    notices.connecting(encoder('b'));
    notices.settled('a');
    assert.deepEqual([kinds(notices), gone], [['connecting'], []]);
    notices.settled('b');
    assert.deepEqual([kinds(notices), gone], [[], [2]]);
    notices.settled('unknown');
  });
});
