import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrowserMedia, chooseEngine } from './engine-choice.ts';
import type { SniffedTracks } from './flv-sniff.ts';

const everything: BrowserMedia = {
  hasMediaSource: true,
  hasManagedMediaSource: false,
  isFirefox: false,
  isTypeSupported: () => true,
};
const withoutHevc: BrowserMedia = { ...everything, isTypeSupported: (type) => !type.includes('hvc1') };
/** Tracks whose headers told no more than the codec. */
const of = (video: string | null, audio: string | null): SniffedTracks => ({
  video,
  audio,
  videoString: null,
  audioString: null,
});
const whole = { video: true, audio: true, leftOut: null };
const iPhone: BrowserMedia = { ...everything, hasMediaSource: false, hasManagedMediaSource: true };

test('H.264 with AAC or MP3, or one of them alone, goes to flv.js', () => {
  const tracks = [
    ['avc', 'aac'],
    ['avc', 'mp3'],
    ['avc', null],
    [null, 'aac'],
  ] as const;
  for (const [video, audio] of tracks) {
    assert.deepEqual(chooseEngine(of(video, audio), everything, null), {
      engine: 'flv.js',
      video: video !== null,
      audio: audio !== null,
      leftOut: null,
    });
  }
});

test('newer codecs go to mpegts.js where the browser decodes them', () => {
  assert.deepEqual(chooseEngine(of('hevc', 'aac'), everything, null), { engine: 'mpegts.js', ...whole });
  assert.deepEqual(chooseEngine(of('avc', 'opus'), everything, null), { engine: 'mpegts.js', ...whole });
});

test('a browser with only ManagedMediaSource gets mpegts.js', () => {
  assert.deepEqual(chooseEngine(of('avc', 'aac'), iPhone, null), { engine: 'mpegts.js', ...whole });
});

test('a track that cannot be played is named, and does not take the other one with it', () => {
  assert.deepEqual(chooseEngine(of('avc', 'g711-a'), everything, null), {
    engine: 'flv.js',
    video: true,
    audio: false,
    leftOut: 'The sound is G.711, which cannot be played inside a page.',
  });
  assert.deepEqual(chooseEngine(of('hevc', 'aac'), withoutHevc, null), {
    engine: 'flv.js',
    video: false,
    audio: true,
    leftOut: 'The picture is H.265, and this browser has no decoder for it.',
  });
});

test('where nothing can be played each track is named', () => {
  const choice = chooseEngine(of('hevc', 'speex'), withoutHevc, null);
  assert.match('unsupported' in choice ? choice.unsupported : '', /H\.265.*no decoder.*Speex/);
  assert.ok('unsupported' in chooseEngine(of('vp9', null), everything, null));
  assert.ok('unsupported' in chooseEngine(of('something new', null), everything, null));
});

test('MP3 is asked for as the engines hand it over: in MP4 in Firefox, by itself elsewhere', () => {
  const asked: string[] = [];
  const browser = (isFirefox: boolean, supported: string): BrowserMedia => ({
    ...everything,
    isFirefox,
    isTypeSupported: (type) => {
      asked.push(type);
      return type.startsWith('video') || type === supported;
    },
  });
  const inMp4 = 'audio/mp4; codecs="mp3"';
  assert.deepEqual(chooseEngine(of('avc', 'mp3'), browser(true, inMp4), null), {
    engine: 'flv.js',
    ...whole,
  });
  assert.deepEqual(chooseEngine(of('avc', 'mp3'), browser(false, 'audio/mpeg'), null), {
    engine: 'flv.js',
    ...whole,
  });
  assert.deepEqual(
    asked.filter((type) => type.startsWith('audio')),
    [inMp4, 'audio/mpeg'],
  );
});

test('the codec string of the stream is asked for where its header tells it', () => {
  const only = (type: string): BrowserMedia => ({
    ...everything,
    isTypeSupported: (asked) => asked === type,
  });
  const tracks: SniffedTracks = { ...of('avc', null), videoString: 'avc1.6e0028' };
  const choice = chooseEngine(tracks, only('video/mp4; codecs="avc1.6e0028"'), null);
  assert.equal('engine' in choice && choice.engine, 'flv.js');
});

test('a browser without Media Source Extensions is told so', () => {
  const none = { ...everything, hasMediaSource: false };
  assert.ok('unsupported' in chooseEngine(of('avc', 'aac'), none, null));
});

test('a wanted engine is taken where it can play the stream and only there', () => {
  assert.deepEqual(chooseEngine(of('avc', 'aac'), everything, 'mpegts.js'), {
    engine: 'mpegts.js',
    ...whole,
  });
  assert.deepEqual(chooseEngine(of('hevc', null), everything, 'flv.js'), {
    engine: 'mpegts.js',
    video: true,
    audio: false,
    leftOut: null,
  });
});
