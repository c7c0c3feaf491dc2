import { codecName } from '../../../shared/media/codec-names.ts';

export { codecName };

interface VideoLike {
  readonly codec: string;
  readonly profile: string | null;
  readonly level: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

interface AudioLike {
  readonly codec: string;
  readonly profile: string | null;
  readonly sampleRate: number | null;
  readonly channels: number | null;
}

/** "H.264 High 4.2" */
export function videoCodecLabel(video: VideoLike): string {
  return [codecName(video.codec), video.profile, video.level].filter((part) => part !== null).join(' ');
}

/** "1920×1080", or null while not known. */
export function sizeLabel(video: VideoLike | null): string | null {
  if (video === null || video.width === null || video.height === null) return null;
  return `${video.width}×${video.height}`;
}

/** "AAC LC 48 kHz stereo" */
export function audioLabel(audio: AudioLike): string {
  const rate = audio.sampleRate === null ? null : `${Math.round(audio.sampleRate / 100) / 10} kHz`;
  return [codecName(audio.codec), audio.profile, rate, channelsLabel(audio.channels)]
    .filter((part) => part !== null)
    .join(' ');
}

function channelsLabel(channels: number | null): string | null {
  if (channels === null) return null;
  if (channels === 1) return 'mono';
  if (channels === 2) return 'stereo';
  return `${channels} channels`;
}
