import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type TrackCondition, type TracksCondition, trackWarnings } from './track-warnings.ts';

const there: TrackCondition = { state: 'present', awayMs: 0, isTold: true, isSpoiled: false };
const said = (changes: Partial<TracksCondition>): string[] =>
  trackWarnings({ audio: there, video: there, knownForMs: 60_000, silentMs: undefined, ...changes }).map(
    ({ code, message }) => `${code}: ${message}`,
  );

describe('Warnings about tracks', () => {
  it('are none while both come, and none for a track that nobody announced', () => {
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({ audio: { ...there, state: 'absent', isTold: false } }), []);
  });

  it('name an announced track that does not come within three seconds, and what viewers get meanwhile', () => {
    const missing: TrackCondition = { ...there, state: 'expected' };
    assert.deepEqual(said({ audio: missing, knownForMs: 2_000 }), []);
    assert.deepEqual(said({ audio: missing, knownForMs: 3_000 }), [
      'announced-track-missing: The encoder announced sound and has not sent any. Viewers wait for it: some players show nothing until then.',
    ]);
    assert.deepEqual(said({ video: { ...missing, isTold: false } }), [
      'announced-track-missing: The encoder announced picture and has not sent any. Viewers get the sound alone.',
    ]);
  });

  it('tell a pause from the end, and since when', () => {
    const [paused] = said({ audio: { ...there, state: 'paused', awayMs: 12_300, isTold: false } });
    assert.match(paused ?? '', /^sound-paused: The sound paused 12 s ago\./);
    const [gone] = said({ video: { ...there, state: 'gone', awayMs: 185_000, isTold: false } });
    assert.match(gone ?? '', /^picture-gone: No picture has come for 3 min\./);
  });

  it('say nothing of a track of which something useless comes, which others say, nor of each track of who sends nothing', () => {
    const missing: TrackCondition = { ...there, state: 'expected' };
    assert.deepEqual(said({ audio: { ...missing, isSpoiled: true } }), []);
    assert.deepEqual(said({ audio: missing, silentMs: 4_000 }), [
      'publisher-silent: The encoder is connected and has sent no picture and no sound for 4 s.',
    ]);
  });
});
