import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlayerSituation, playerNote, playerWords } from './player-words.ts';

function titleOf(patch: Partial<PlayerSituation>): string | undefined {
  const nothing = { reason: null, message: null, hasPicture: true, soundOnly: false, sentAway: null };
  return playerWords({ state: 'live', ...nothing, ...patch })?.title;
}

test('nothing is said while all is well', () => {
  assert.equal(titleOf({ state: 'live' }), undefined);
});

test('a stream that never had a picture has not lost one', () => {
  assert.equal(titleOf({ state: 'reconnecting', reason: 'stalled' }), 'The picture stopped');
  assert.equal(
    titleOf({ state: 'reconnecting', reason: 'stalled', hasPicture: false }),
    'Still nothing to show',
  );
});

test('each cause of a standstill has words of its own, and only a slow line is called one', () => {
  const causes = [
    ['connecting', 'waiting-for-start'],
    ['connecting', 'crowded'],
    ['connecting', 'waiting-for-picture'],
    ['buffering', 'waiting-for-sound'],
    ['buffering', null],
    ['reconnecting', 'publisher-silent'],
    ['reconnecting', 'publisher-interrupted'],
    ['reconnecting', 'server-restarting'],
    ['reconnecting', 'unreachable'],
  ] as const;
  const titles = causes.map(([state, reason]) => titleOf({ state, reason }));
  assert.equal(new Set(titles).size, causes.length);
  assert.equal(titles.filter((title) => title === 'Buffering').length, 1);
});

const plays = { state: 'live', leftOut: null, soundOnly: false, pictureStillMs: null };

test('a track that is left out is named, with what plays all the same', () => {
  const leftOut = 'The sound is G.711, which cannot be played inside a page.';
  assert.equal(playerNote({ ...plays, leftOut }), `${leftOut} The picture plays without it.`);
  assert.match(
    playerNote({ ...plays, leftOut: 'The picture is VP9.', soundOnly: true }) ?? '',
    /sound plays/,
  );
  assert.equal(playerNote({ ...plays, leftOut, state: 'reconnecting' }), null);
});

test('a picture that stands while sound goes on is timed', () => {
  assert.equal(
    playerNote({ ...plays, pictureStillMs: 8400 }),
    'The picture has stood still for 8 s; sound goes on.',
  );
  assert.equal(playerNote(plays), null);
});
