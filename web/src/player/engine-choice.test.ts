import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrowserMedia, chooseEngine } from './engine-choice.ts';

const everything: BrowserMedia = {
  hasMediaSource: true,
  hasManagedMediaSource: false,
  isTypeSupported: () => true,
};
const withoutHevc: BrowserMedia = { ...everything, isTypeSupported: (type) => !type.includes('hvc1') };
const iPhone: BrowserMedia = { ...everything, hasMediaSource: false, hasManagedMediaSource: true };

test('H.264 with AAC or MP3, or one of them alone, goes to flv.js', () => {
  const tracks = [
    ['avc', 'aac'],
    ['avc', 'mp3'],
    ['avc', null],
    [null, 'aac'],
  ] as const;
  for (const [video, audio] of tracks) {
    assert.deepEqual(chooseEngine({ video, audio }, everything, null), { engine: 'flv.js' });
  }
});

test('newer codecs go to mpegts.js where the browser decodes them', () => {
  assert.deepEqual(chooseEngine({ video: 'hevc', audio: 'aac' }, everything, null), { engine: 'mpegts.js' });
  assert.deepEqual(chooseEngine({ video: 'avc', audio: 'opus' }, everything, null), { engine: 'mpegts.js' });
});

test('a browser with only ManagedMediaSource gets mpegts.js', () => {
  assert.deepEqual(chooseEngine({ video: 'avc', audio: 'aac' }, iPhone, null), { engine: 'mpegts.js' });
});

test('a codec that the browser cannot decode is named', () => {
  const choice = chooseEngine({ video: 'hevc', audio: 'aac' }, withoutHevc, null);
  assert.match('unsupported' in choice ? choice.unsupported : '', /H\.265.*no decoder/);
});

test('a codec that no engine takes is named', () => {
  const choice = chooseEngine({ video: 'avc', audio: 'speex' }, everything, null);
  assert.match('unsupported' in choice ? choice.unsupported : '', /speex/);
});

test('a browser without Media Source Extensions is told so', () => {
  const none = { ...everything, hasMediaSource: false };
  assert.ok('unsupported' in chooseEngine({ video: 'avc', audio: 'aac' }, none, null));
});

test('a wanted engine is taken where it can play the stream and only there', () => {
  assert.deepEqual(chooseEngine({ video: 'avc', audio: 'aac' }, everything, 'mpegts.js'), {
    engine: 'mpegts.js',
  });
  assert.deepEqual(chooseEngine({ video: 'hevc', audio: null }, everything, 'flv.js'), {
    engine: 'mpegts.js',
  });
});
