import { readAudioTrack } from './describe-audio.ts';
import { readVideoTrack } from './describe-video.ts';
import { ifWellFormed } from './if-well-formed.ts';
import type { AudioTrackInfo, VideoTrackInfo } from './track-info.ts';

/**
 * What a video body tells of its default track, or of another one: from a sequence header, or from a frame where frames say it all (Sorenson
 * H.263, VP8, key frames of VP9). Undefined when it tells nothing. Never throws.
 */
export const describeVideo = (body: Uint8Array, track = 0): VideoTrackInfo | undefined =>
  ifWellFormed(() => readVideoTrack(body, track));

/**
 * What an audio body tells of its default track, or of another one: from a sequence header, or from any frame of a codec that has none.
 * Undefined when it tells nothing. Never throws.
 */
export const describeAudio = (body: Uint8Array, track = 0): AudioTrackInfo | undefined =>
  ifWellFormed(() => readAudioTrack(body, track));
