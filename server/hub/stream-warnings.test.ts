import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media/track-info.ts';
import { type StreamCondition, warningsOf } from './stream-warnings.ts';

const video: VideoTrackInfo = {
  ...{ codec: 'avc', codecString: null, profile: null, level: null },
  ...{ width: 640, height: 360 },
};
const audio: AudioTrackInfo = {
  ...{ codec: 'aac', codecString: null, profile: null },
  ...{ sampleRate: 44_100, channels: 2 },
};
const fine: StreamCondition = {
  ...{ video, audio, keyframeIntervalMs: 2_000, sinceKeyframeMs: 1_000 },
  ...{ refreshes: false, publishedMs: 60_000 },
};
const codes = (changes: Partial<StreamCondition>): string[] =>
  warningsOf({ ...fine, ...changes }).map(({ code }) => code);

describe('Warnings of a stream', () => {
  it('are none where all is well', () => {
    assert.deepEqual(codes({}), []);
    assert.deepEqual(codes({ video: null, sinceKeyframeMs: undefined }), [], 'sound alone needs no keyframe');
  });

  it('name keyframes that are far apart, by what was and by how long the next one takes', () => {
    assert.deepEqual(codes({ keyframeIntervalMs: 8_000 }), ['keyframes-far-apart']);
    assert.deepEqual(codes({ keyframeIntervalMs: null, sinceKeyframeMs: 9_000 }), ['keyframes-far-apart']);
    assert.deepEqual(codes({ keyframeIntervalMs: 4_000, sinceKeyframeMs: 4_000 }), []);
  });

  it('tell a picture without any keyframe from one that is refreshed bit by bit', () => {
    assert.deepEqual(codes({ sinceKeyframeMs: undefined, keyframeIntervalMs: null }), ['no-keyframe']);
    assert.deepEqual(codes({ refreshes: true, sinceKeyframeMs: 30_000 }), ['intra-refresh']);
  });

  it('call codecs what people call them', () => {
    const hevc = { ...video, codec: 'hevc' };
    assert.match(warningsOf({ ...fine, video: hevc })[0]?.message ?? '', /^H.265 \(HEVC\) does not play/);
    const opus = { ...audio, codec: 'opus' };
    const both = warningsOf({ ...fine, video: hevc, audio: opus })[0]?.message;
    assert.match(both ?? '', /^H.265 \(HEVC\) and Opus do not play/);
  });

  it('say where OBS has the setting', () => {
    assert.match(
      warningsOf({ ...fine, keyframeIntervalMs: 8_000 })[0]?.advice ?? '',
      /Output Mode: Advanced/,
    );
  });
});
