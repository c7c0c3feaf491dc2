import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media/track-info.ts';
import type { StreamWarning } from './snapshot.ts';

/** Keyframes further apart keep new viewers and slow ones waiting. 2 s is what platforms ask for, 4 s what they bear. */
const MAX_KEYFRAME_INTERVAL_MS = 4_000;

/** What the warnings are drawn from. */
export interface StreamCondition {
  readonly video: VideoTrackInfo | null;
  readonly audio: AudioTrackInfo | null;
  readonly keyframeIntervalMs: number | null;
  /** Stream time since the last keyframe; undefined before the first. */
  readonly sinceKeyframeMs: number | undefined;
  /** How long the publisher has been sending. */
  readonly publishedMs: number;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 9_950 ? 1 : 0);

/** What the operator should change about a stream, in plain words. */
export function warningsOf(condition: StreamCondition): StreamWarning[] {
  return [keyframeWarning(condition), codecWarning(condition)].filter((warning) => warning !== undefined);
}

function keyframeWarning(condition: StreamCondition): StreamWarning | undefined {
  const { video, keyframeIntervalMs, sinceKeyframeMs, publishedMs } = condition;
  if (!video) return undefined;
  if (sinceKeyframeMs === undefined) {
    if (publishedMs < MAX_KEYFRAME_INTERVAL_MS) return undefined;
    return {
      code: 'no-keyframe',
      message: `The encoder is connected but has sent no keyframe for ${seconds(publishedMs)} s. Nobody can see a picture yet.`,
      advice: 'Restart the encoder. In OBS: Settings > Output > Keyframe interval = 2 s.',
    };
  }
  const interval = Math.max(keyframeIntervalMs ?? 0, sinceKeyframeMs);
  if (interval <= MAX_KEYFRAME_INTERVAL_MS) return undefined;
  return {
    code: 'keyframes-far-apart',
    message: `Keyframes are ${seconds(interval)} s apart. Viewers who were too slow wait that long for a picture.`,
    advice: 'In OBS: Settings > Output > Keyframe interval = 2 s. In ffmpeg: -g with twice the frame rate.',
  };
}

function codecWarning({ video, audio }: StreamCondition): StreamWarning | undefined {
  const rare = [video?.codec, audio?.codec].filter(
    (codec) => codec && !['avc', 'aac', 'mp3'].includes(codec),
  );
  if (rare.length === 0) return undefined;
  return {
    code: 'codec-not-everywhere',
    message: `${rare.join(' and ')} does not play in every browser.`,
    advice: 'Use H.264 and AAC in the encoder to reach everybody.',
  };
}
