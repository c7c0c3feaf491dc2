import { codecName } from '../../shared/media/codec-names.ts';
import { mediaFlaws } from '../../shared/media/media-flaw.ts';
import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media/track-info.ts';
import type { StreamWarning } from './snapshot.ts';

/** Keyframes further apart keep new viewers and slow ones waiting. 2 s is what platforms ask for, 4 s what they bear. */
const MAX_KEYFRAME_INTERVAL_MS = 4_000;
/** Encoders begin with a keyframe. One that has not by now joined in the middle of something, or never sends any. */
const FIRST_KEYFRAME_MS = 2_000;

/** What the warnings are drawn from. */
export interface StreamCondition {
  readonly video: VideoTrackInfo | null;
  readonly audio: AudioTrackInfo | null;
  readonly keyframeIntervalMs: number | null;
  /** Stream time since the last keyframe; undefined before the first. */
  readonly sinceKeyframeMs: number | undefined;
  /** Newcomers start where the picture begins to be refreshed, because no keyframe comes. */
  readonly refreshes: boolean;
  /** How long the publisher has been sending. */
  readonly publishedMs: number;
}

/** OBS hides the field in its simple mode. */
const inObs = 'In OBS: Settings > Output, Output Mode: Advanced, Keyframe Interval: 2 s.';

const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 9_950 ? 1 : 0);

/** What the operator should change about a stream, in plain words. */
export function warningsOf(condition: StreamCondition): StreamWarning[] {
  return [keyframeWarning(condition), codecWarning(condition)].filter((warning) => warning !== undefined);
}

function keyframeWarning(condition: StreamCondition): StreamWarning | undefined {
  const { video, keyframeIntervalMs, sinceKeyframeMs, publishedMs, refreshes } = condition;
  if (!video) return undefined;
  if (refreshes) {
    const { message, advice } = mediaFlaws['intra-refresh'];
    return { code: 'intra-refresh', message, advice };
  }
  if (sinceKeyframeMs === undefined) {
    if (publishedMs < FIRST_KEYFRAME_MS) return undefined;
    return {
      code: 'no-keyframe',
      message: `The encoder is connected but has sent no keyframe for ${seconds(publishedMs)} s. Nobody can see a picture yet.`,
      advice: `Restart the encoder. ${inObs}`,
    };
  }
  const interval = Math.max(keyframeIntervalMs ?? 0, sinceKeyframeMs);
  if (interval <= MAX_KEYFRAME_INTERVAL_MS) return undefined;
  return {
    code: 'keyframes-far-apart',
    message: `Keyframes are ${seconds(interval)} s apart. Viewers who were too slow wait that long for a picture.`,
    advice: `${inObs} In ffmpeg: -g with twice the frame rate.`,
  };
}

/** Codecs that people know by two names. */
const bothNames: Readonly<Record<string, string>> = { hevc: 'H.265 (HEVC)', vvc: 'H.266 (VVC)' };

function codecWarning({ video, audio }: StreamCondition): StreamWarning | undefined {
  const rare = [video?.codec, audio?.codec]
    .filter((codec) => codec !== undefined && !['avc', 'aac', 'mp3'].includes(codec))
    .map((codec = '') => bothNames[codec] ?? codecName(codec));
  if (rare.length === 0) return undefined;
  return {
    code: 'codec-not-everywhere',
    message: `${rare.join(' and ')} ${rare.length > 1 ? 'do' : 'does'} not play in every browser.`,
    advice: 'Use H.264 and AAC in the encoder to reach everybody.',
  };
}
