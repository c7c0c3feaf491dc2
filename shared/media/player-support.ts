import { fourCc } from '../codec/fourcc.ts';
import { audioFormat } from '../flv/audio-tag.ts';
import {
  type ExPacket,
  emptyExPacket,
  exAudioPacketType,
  exPacketType,
  exVideoPacketType,
  readExPacket,
} from '../flv/ex-packet.ts';
import { unwrapTrack } from '../flv/multitrack.ts';
import { frameType, hasAvcHeader, videoCodecId } from '../flv/video-tag.ts';
import type { PacketKind } from './media-packet.ts';

// What flv.js 1.6 and mpegts.js 1.8 make of a tag. Both report a fatal error for packets they do not know
// (Enhanced metadata, ModEx, multitrack, OpusMultichannelConfig), so those must not reach an FLV viewer.

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const scratch = emptyExPacket();

/**
 * The body to put into an FLV tag for this packet: the same object where nothing is in the way, a rewritten copy
 * where a wrapping can be taken off (ModEx, the default one of several tracks, FourCC forms of AVC, AAC and MP3,
 * which no browser player reads), undefined where the packet has to be left out. `track` is the one track of this kind
 * that the viewer gets.
 */
export function flvPlayableBody(kind: PacketKind, body: Uint8Array, track = 0): Uint8Array | undefined {
  if (kind === 'video') return playableVideo(body, track);
  return kind === 'audio' ? playableAudio(body, track) : body;
}

/** Whether a packet can go into an FLV tag as it is, for who gets the default tracks. Allocates nothing. */
export const isFlvPlayable = (kind: PacketKind, body: Uint8Array): boolean =>
  kind === 'data' || (kind === 'video' ? isPlainVideo(body) : isPlainAudio(body));

function playableVideo(body: Uint8Array, track: number): Uint8Array | undefined {
  if (track === 0 && isPlainVideo(body)) return body;
  if (body.length === 0 || body[0]! < 0x80 || !readVideo(body, track)) return undefined;
  const type = (body[0]! >> 4) & 7;
  if (scratch.fourCc === fourCc.avc1) return classicAvc(body, type, scratch);
  return scratch.wrapped ? unwrapTrack(body, scratch) : undefined;
}

function isPlainVideo(body: Uint8Array): boolean {
  const first = body[0];
  if (first === undefined) return false;
  if (first >= 0x80) return readVideo(body, 0) && !scratch.wrapped && scratch.fourCc !== fourCc.avc1;
  return first >> 4 !== frameType.command && body.length >= (hasAvcHeader(first & 15) ? 5 : 2);
}

/** Fills `scratch`; false for what no player takes. */
function readVideo(body: Uint8Array, track: number): boolean {
  if (!readExPacket(body, exVideoPacketType.multitrack, scratch, track) || scratch.trackId !== track)
    return false;
  return (
    ((body[0]! >> 4) & 7) !== frameType.command && scratch.packetType <= exVideoPacketType.frameWithoutTime
  );
}

/** `17 00 000000 avcC` and `17 01 cts NALUs` from the FourCC form. */
function classicAvc(body: Uint8Array, type: number, packet: ExPacket): Uint8Array | undefined {
  const timed = packet.packetType === exPacketType.frame;
  if (timed && packet.end - packet.start < 3) return undefined;
  const classicType =
    packet.packetType === exVideoPacketType.frameWithoutTime ? exPacketType.frame : packet.packetType;
  const head = timed ? 2 : 5;
  const classic = new Uint8Array(head + packet.end - packet.start);
  classic[0] = (type << 4) | videoCodecId.avc;
  classic[1] = classicType;
  classic.set(body.subarray(packet.start, packet.end), head);
  return classic;
}

function playableAudio(body: Uint8Array, track: number): Uint8Array | undefined {
  if (track === 0 && isPlainAudio(body)) return body;
  if (body.length < 2 || body[0]! >> 4 !== audioFormat.enhanced || !readAudio(body, track)) return undefined;
  const { packetType, start, end } = scratch;
  if (scratch.fourCc === fourCc.mp4a) {
    return packetType === exPacketType.end
      ? undefined
      : classicAudio([0xaf, packetType], body.subarray(start, end));
  }
  if (scratch.fourCc === fourCc.mp3) {
    return packetType === exPacketType.frame ? classicAudio([0x2f], body.subarray(start, end)) : undefined;
  }
  return scratch.wrapped ? unwrapTrack(body, scratch) : undefined;
}

function isPlainAudio(body: Uint8Array): boolean {
  const first = body[0];
  if (first === undefined) return false;
  const format = first >> 4;
  if (format !== audioFormat.enhanced) return body.length > (format === audioFormat.aac ? 2 : 1);
  return (
    readAudio(body, 0) && !scratch.wrapped && scratch.fourCc !== fourCc.mp4a && scratch.fourCc !== fourCc.mp3
  );
}

/** Fills `scratch`; false for what no player takes. */
function readAudio(body: Uint8Array, track: number): boolean {
  if (!readExPacket(body, exAudioPacketType.multitrack, scratch, track) || scratch.trackId !== track)
    return false;
  return scratch.packetType <= exPacketType.end;
}

function classicAudio(head: readonly number[], data: Uint8Array): Uint8Array | undefined {
  if (data.length === 0) return undefined;
  const classic = new Uint8Array(head.length + data.length);
  classic.set(head);
  classic.set(data, head.length);
  return classic;
}
