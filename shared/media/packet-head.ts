import { fourCc, fourCcText } from '../codec/fourcc.ts';
import { audioFormat } from '../flv/audio-tag.ts';
import {
  emptyExPacket,
  exAudioPacketType,
  exPacketType,
  exVideoPacketType,
  readExPacket,
} from '../flv/ex-packet.ts';
import { hasCompositionTime } from '../flv/ex-video-tag.ts';
import { avcPacketType, frameType, hasAvcHeader, videoCodecId } from '../flv/video-tag.ts';

/**
 * What a packet carries: a `config` is a sequence header, `frame` coded media, `side` what Enhanced RTMP sends beside (colour,
 * loudspeakers), `other` all else, also what is cut short.
 */
export type PacketContent = 'config' | 'frame' | 'side' | 'other';

/** What the first bytes of an audio or video body say, whatever form they have. */
export interface PacketHead {
  /** As in `VideoTrackInfo` and `AudioTrackInfo`; empty: not known. */
  codec: string;
  content: PacketContent;
  /** Video: the frame type that the sender put there. */
  frameType: number;
  /** 0 is the default track. */
  trackId: number;
  /** Where the codec's own bytes lie in the body. */
  start: number;
  end: number;
  /** In the form of Enhanced RTMP. */
  enhanced: boolean;
  /** Behind ModEx prefixes, or among several tracks. */
  wrapped: boolean;
}

export const newPacketHead = (): PacketHead => ({
  codec: '',
  content: 'other',
  frameType: 0,
  trackId: 0,
  start: 0,
  end: 0,
  enhanced: false,
  wrapped: false,
});

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const scratch = emptyExPacket();

const classicVideoNames: Readonly<Record<number, string>> = {
  [videoCodecId.h263]: 'sorenson-h263',
  [videoCodecId.screen]: 'screen-video',
  [videoCodecId.vp6]: 'vp6',
  [videoCodecId.vp6Alpha]: 'vp6-alpha',
  [videoCodecId.screen2]: 'screen-video-2',
  [videoCodecId.avc]: 'avc',
  [videoCodecId.hevc]: 'hevc',
  [videoCodecId.av1]: 'av1',
};

/** Reads the first bytes of a video body into an object that the caller keeps. Never throws. */
export function readVideoHead(body: Uint8Array, into: PacketHead): void {
  const first = body[0] ?? 0;
  into.enhanced = first >= 0x80;
  into.frameType = (first >> 4) & 7;
  if (into.enhanced) readExVideoHead(body, into);
  else readClassicVideoHead(body, into);
}

function readClassicVideoHead(body: Uint8Array, into: PacketHead): void {
  const first = body[0] ?? 0;
  into.frameType = first >> 4;
  into.codec = classicVideoNames[first & 15] ?? '';
  into.trackId = 0;
  into.wrapped = false;
  into.end = body.length;
  into.content = 'other';
  if (!hasAvcHeader(first & 15)) {
    into.start = 1;
    if (body.length > 1 && into.frameType !== frameType.command) into.content = 'frame';
    return;
  }
  into.start = Math.min(5, body.length);
  if (body.length < 2 || into.frameType === frameType.command) return;
  // A header may be empty or cut short, which is a fault to be told of; a frame without anything is nothing.
  if (body[1] === avcPacketType.config) into.content = 'config';
  else if (body[1] === avcPacketType.frame && body.length > 5) into.content = 'frame';
}

function readExVideoHead(body: Uint8Array, into: PacketHead): void {
  into.codec = '';
  into.content = 'other';
  into.trackId = 0;
  if (!readExPacket(body, exVideoPacketType.multitrack, scratch)) return;
  const { packetType, fourCc: code, start, end } = scratch;
  into.codec = codecOf(code);
  into.trackId = scratch.trackId;
  into.wrapped = scratch.wrapped;
  into.start = start;
  into.end = end;
  // The frame type of a metadata packet means nothing; any other packet with this one is a seek command.
  if (packetType === exVideoPacketType.metadata) {
    if (end - start > 1) into.content = 'side';
    return;
  }
  if (into.frameType === frameType.command) return;
  if (packetType === exPacketType.config || packetType === exVideoPacketType.mpeg2TsConfig) {
    into.content = 'config';
  } else if (packetType === exPacketType.frame) {
    if (hasCompositionTime(code)) into.start += 3;
    if (end > into.start) into.content = 'frame';
  } else if (packetType === exVideoPacketType.frameWithoutTime && end > start) {
    into.content = 'frame';
  }
}

const classicAudioNames: Readonly<Record<number, string>> = {
  [audioFormat.pcm]: 'pcm',
  [audioFormat.pcmLittleEndian]: 'pcm',
  [audioFormat.adpcm]: 'adpcm',
  [audioFormat.mp3]: 'mp3',
  [audioFormat.mp38k]: 'mp3',
  [audioFormat.nellymoser16k]: 'nellymoser',
  [audioFormat.nellymoser8k]: 'nellymoser',
  [audioFormat.nellymoser]: 'nellymoser',
  [audioFormat.g711A]: 'g711-a',
  [audioFormat.g711Mu]: 'g711-mu',
  [audioFormat.aac]: 'aac',
  [audioFormat.speex]: 'speex',
};

/** Reads the first bytes of an audio body into an object that the caller keeps. Never throws. */
export function readAudioHead(body: Uint8Array, into: PacketHead): void {
  const format = (body[0] ?? 0) >> 4;
  into.enhanced = format === audioFormat.enhanced;
  into.frameType = 0;
  into.trackId = 0;
  into.wrapped = false;
  into.end = body.length;
  into.content = 'other';
  if (into.enhanced) {
    readExAudioHead(body, into);
    return;
  }
  into.codec = classicAudioNames[format] ?? '';
  into.start = format === audioFormat.aac ? 2 : 1;
  if (format === audioFormat.aac) {
    if (body.length >= 2 && body[1] === 0) into.content = 'config';
    else if (body.length > 2 && body[1] === 1) into.content = 'frame';
    // An empty body marks silence; one byte is a header without sound.
  } else if (body.length > 1) into.content = 'frame';
}

function readExAudioHead(body: Uint8Array, into: PacketHead): void {
  into.codec = '';
  if (!readExPacket(body, exAudioPacketType.multitrack, scratch)) return;
  const { packetType, start, end } = scratch;
  into.codec = codecOf(scratch.fourCc);
  into.trackId = scratch.trackId;
  into.wrapped = scratch.wrapped;
  into.start = start;
  into.end = end;
  // Opus may come with an empty header, so the length of a config says nothing.
  if (packetType === exPacketType.config) into.content = 'config';
  else if (end === start) return;
  else if (packetType === exAudioPacketType.multichannelConfig) into.content = 'side';
  else if (packetType === exPacketType.frame) into.content = 'frame';
}

const names: ReadonlyMap<number, string> = new Map([
  [fourCc.avc1, 'avc'],
  [fourCc.hvc1, 'hevc'],
  [fourCc.vvc1, 'vvc'],
  [fourCc.av01, 'av1'],
  [fourCc.vp08, 'vp8'],
  [fourCc.vp09, 'vp9'],
  [fourCc.mp4a, 'aac'],
  [fourCc.opus, 'opus'],
  [fourCc.flac, 'flac'],
  [fourCc.mp3, 'mp3'],
  [fourCc.ac3, 'ac-3'],
  [fourCc.eac3, 'e-ac-3'],
]);

const codecOf = (code: number): string => names.get(code) ?? fourCcText(code).trim();
