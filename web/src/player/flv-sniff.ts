import { readAudioTrack } from '../../../shared/media/describe-audio.ts';
import { readVideoTrack } from '../../../shared/media/describe-video.ts';
import { ifWellFormed } from '../../../shared/media/if-well-formed.ts';

/**
 * Which tracks the first bytes of an FLV response carry, so that the right engine is taken without asking anybody.
 * Reads tag headers only (FLV 10.1 annex E.4, Enhanced RTMP v2 for FourCCs).
 */
export interface SniffedTracks {
  /** avc, hevc, av1, vp9, vp8 ..., or null when the response has no picture. */
  readonly video: string | null;
  /** aac, mp3, opus ..., or null when the response has no sound. */
  readonly audio: string | null;
  /** RFC 6381, for example avc1.64002a, where the header of the track tells; of the sound likewise. */
  readonly videoString: string | null;
  readonly audioString: string | null;
}

const videoCodecIds: Readonly<Record<number, string>> = {
  2: 'sorenson-h263',
  3: 'screen-video',
  4: 'vp6',
  5: 'vp6-alpha',
  6: 'screen-video-2',
  7: 'avc',
  12: 'hevc',
  13: 'av1',
};
const videoFourCcs: Readonly<Record<string, string>> = {
  avc1: 'avc in an Enhanced RTMP envelope',
  hvc1: 'hevc',
  vvc1: 'vvc',
  av01: 'av1',
  vp09: 'vp9',
  vp08: 'vp8',
};
const audioFormats: Readonly<Record<number, string>> = {
  0: 'pcm',
  1: 'adpcm',
  2: 'mp3',
  3: 'pcm',
  4: 'nellymoser',
  5: 'nellymoser',
  6: 'nellymoser',
  7: 'g711-a',
  8: 'g711-mu',
  10: 'aac',
  11: 'speex',
  13: 'opus',
  14: 'mp3',
};
const audioFourCcs: Readonly<Record<string, string>> = {
  mp4a: 'aac',
  '.mp3': 'mp3',
  Opus: 'opus',
  fLaC: 'flac',
  'ac-3': 'ac-3',
  'ec-3': 'e-ac-3',
};

/** Audio format 9: the rest of the byte is an Enhanced RTMP packet type, a FourCC follows. */
const exAudioFormat = 9;
/** Enhanced video and audio packet types with something before the FourCC: left to the engine to find out. */
const videoModEx = 7;
const videoMultitrack = 6;
const audioMultitrack = 5;
const audioModEx = 7;

/**
 * The tracks named by the header flags, once the first tag of each has been seen. Undefined: more bytes are needed.
 * `enough` settles for what has been seen so far. Bytes that are not FLV give `null`.
 */
export function sniffFlv(bytes: Uint8Array, enough: boolean): SniffedTracks | null | undefined {
  if (bytes.length < 9) return undefined;
  if (bytes[0] !== 0x46 || bytes[1] !== 0x4c || bytes[2] !== 0x56) return null;
  const flags = bytes[4] ?? 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let video: string | null = null;
  let audio: string | null = null;
  let videoString: string | null = null;
  let audioString: string | null = null;
  let offset = view.getUint32(5) + 4;
  while (offset + 11 <= bytes.length) {
    const tagType = (bytes[offset] ?? 0) & 0x1f;
    const size = view.getUint32(offset) & 0xffffff;
    if (offset + 11 + size > bytes.length) break;
    const body = bytes.subarray(offset + 11, offset + 11 + size);
    if (tagType === 9 && body.length > 0 && video === null) {
      video = videoCodec(body);
      videoString = ifWellFormed(() => readVideoTrack(body, 0))?.codecString ?? null;
    }
    if (tagType === 8 && body.length > 0 && audio === null) {
      audio = audioCodec(body);
      audioString = ifWellFormed(() => readAudioTrack(body, 0))?.codecString ?? null;
    }
    const videoKnown = video !== null || (flags & 1) === 0;
    const audioKnown = audio !== null || (flags & 4) === 0;
    if (videoKnown && audioKnown) return { video, audio, videoString, audioString };
    offset += 11 + size + 4;
  }
  return enough && (video !== null || audio !== null)
    ? { video, audio, videoString, audioString }
    : undefined;
}

/** The name of what a video body is coded in; null for a packet that does not tell. */
export function videoCodec(body: Uint8Array): string | null {
  const first = body[0] ?? 0;
  if ((first & 0x80) === 0) return videoCodecIds[first & 0x0f] ?? `codec ${first & 0x0f}`;
  const packetType = first & 0x0f;
  if (packetType === videoModEx || packetType === videoMultitrack) return null;
  const fourCc = ascii(body.subarray(1, 5));
  return videoFourCcs[fourCc] ?? fourCc;
}

export function audioCodec(body: Uint8Array): string | null {
  const first = body[0] ?? 0;
  const format = first >> 4;
  if (format !== exAudioFormat) return audioFormats[format] ?? `format ${format}`;
  const packetType = first & 0x0f;
  if (packetType === audioModEx || packetType === audioMultitrack) return null;
  const fourCc = ascii(body.subarray(1, 5));
  return audioFourCcs[fourCc] ?? fourCc;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
