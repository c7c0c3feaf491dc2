import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublicStream, Track } from '../../../shared/contract/streams.ts';
import { trackChoices, trackToPlay } from './track-choices.ts';

const none = { codecString: null, profile: null, level: null, width: null, height: null };
const video = (id: number, width: number | null = null): Track => ({
  ...none,
  kind: 'video',
  id,
  state: 'present',
  codec: 'avc',
  width,
  height: width && (width * 9) / 16,
  sampleRate: null,
  channels: null,
});
const audio = (id: number, channels: number): Track => ({
  ...none,
  kind: 'audio',
  id,
  state: 'present',
  codec: 'opus',
  sampleRate: 48_000,
  channels,
});

function stream(state: PublicStream['state'], tracks: readonly Track[]): PublicStream {
  return {
    name: 'live/a',
    state,
    startedAt: '2026-01-01T10:00:00.000Z',
    video: null,
    audio: null,
    tracks: [...tracks],
    viewers: 0,
  };
}

test('one picture and one sound are no choice', () => {
  assert.deepEqual(trackChoices([]), []);
  assert.deepEqual(trackChoices([video(0, 1280), audio(0, 2)]), []);
});

test('a second sound is a choice, and each says what it holds', () => {
  assert.deepEqual(trackChoices([video(0, 1280), audio(0, 2), audio(1, 1)]), [
    { id: 0, name: 'Default', holds: '1280×720 H.264, Opus 48 kHz stereo' },
    { id: 1, name: 'Track 1', holds: 'Opus 48 kHz mono' },
  ]);
});

test('tracks are in the order of their ids, pictures and sounds of one id together', () => {
  const choices = trackChoices([video(0), video(4), video(2, 640), audio(0, 2), audio(2, 2)]);
  assert.deepEqual(
    choices.map(({ id, holds }) => [id, holds]),
    [
      [0, 'H.264, Opus 48 kHz stereo'],
      [2, '640×360 H.264, Opus 48 kHz stereo'],
      [4, 'H.264'],
    ],
  );
});

test('a stream that has no default track of any kind can still be gone back to', () => {
  assert.deepEqual(
    trackChoices([audio(1, 2)]).map(({ id, holds }) => [id, holds]),
    [
      [0, ''],
      [1, 'Opus 48 kHz stereo'],
    ],
  );
});

test('the wanted track is played while it is there, and the default one while it is not', () => {
  const both = [audio(0, 2), audio(1, 1)];
  assert.equal(trackToPlay(1, stream('live', both)), 1);
  assert.equal(trackToPlay(1, stream('live', [audio(0, 2)])), 0);
  assert.equal(trackToPlay(1, stream('silent', [audio(0, 2)])), 0);
  assert.equal(trackToPlay(0, stream('live', both)), 0);
});

test('while the tracks are not known the wanted one is asked for', () => {
  assert.equal(trackToPlay(1, null), 1);
  assert.equal(trackToPlay(1, stream('starting', [])), 1);
  assert.equal(trackToPlay(1, stream('interrupted', [])), 1);
});
