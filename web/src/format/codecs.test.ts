import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audioLabel, sizeLabel, videoCodecLabel } from './codecs.ts';

test('a video codec is named as people know it, with what is known of its profile', () => {
  const video = { codec: 'avc', profile: 'High', level: '4.2', width: 1920, height: 1080 };
  assert.equal(videoCodecLabel(video), 'H.264 High 4.2');
  assert.equal(videoCodecLabel({ ...video, codec: 'sorenson', profile: null, level: null }), 'sorenson');
});

test('a size needs both sides', () => {
  const video = { codec: 'avc', profile: null, level: null, width: 1920, height: null };
  assert.equal(sizeLabel(video), null);
  assert.equal(sizeLabel({ ...video, height: 1080 }), '1920×1080');
  assert.equal(sizeLabel(null), null);
});

test('audio is named with its rate and channels', () => {
  assert.equal(
    audioLabel({ codec: 'aac', profile: 'LC', sampleRate: 44_100, channels: 2 }),
    'AAC LC 44.1 kHz stereo',
  );
  assert.equal(
    audioLabel({ codec: 'opus', profile: null, sampleRate: 48_000, channels: 6 }),
    'Opus 48 kHz 6 channels',
  );
});
