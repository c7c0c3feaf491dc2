import { audioFormat } from '../flv/audio-tag.ts';
import {
  emptyExPacket,
  exAudioPacketType,
  exPacketType,
  exVideoPacketType,
  readExPacket,
} from '../flv/ex-packet.ts';
import { hasCompositionTime } from '../flv/ex-video-tag.ts';
import { isOnMetaData } from '../flv/script-tag.ts';
import { avcPacketType, frameType, hasAvcHeader } from '../flv/video-tag.ts';
import type { PacketKind, PacketRole } from './media-packet.ts';

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const scratch = emptyExPacket();

/**
 * What a packet means, from its first few bytes. Never throws: what cannot be made sense of is `other`, and so are
 * frames of tracks beyond the default one: groups of pictures begin with keyframes of the default track.
 */
export function classifyPacket(kind: PacketKind, body: Uint8Array): PacketRole {
  if (kind === 'video') return classifyVideo(body);
  if (kind === 'audio') return classifyAudio(body);
  return isOnMetaData(body) ? 'metadata' : 'other';
}

function classifyVideo(body: Uint8Array): PacketRole {
  const first = body[0];
  if (first === undefined) return 'other';
  if (first >= 0x80) return classifyExVideo(body, (first >> 4) & 7);
  const type = first >> 4;
  if (!hasAvcHeader(first & 15)) return body.length > 1 ? frameRole(type) : 'other';
  // Type, packet type and composition time take 5 bytes; without more there is nothing to decode.
  if (body.length <= 5 || type === frameType.command) return 'other';
  if (body[1] === avcPacketType.config) return 'config';
  return body[1] === avcPacketType.frame ? frameRole(type) : 'other';
}

function classifyExVideo(body: Uint8Array, type: number): PacketRole {
  if (!readExPacket(body, exVideoPacketType.multitrack, scratch)) return 'other';
  const length = scratch.end - scratch.start;
  // The frame type of a metadata packet means nothing; any other packet with this one is a seek command.
  if (scratch.packetType === exVideoPacketType.metadata) return length > 1 ? 'config' : 'other';
  if (type === frameType.command) return 'other';
  switch (scratch.packetType) {
    case exPacketType.config:
    case exVideoPacketType.mpeg2TsConfig:
      return length > 0 ? 'config' : 'other';
    case exPacketType.frame:
      return length > (hasCompositionTime(scratch.fourCc) ? 3 : 0) ? exFrameRole(type) : 'other';
    case exVideoPacketType.frameWithoutTime:
      return length > 0 ? exFrameRole(type) : 'other';
    default:
      return 'other';
  }
}

const exFrameRole = (type: number): PacketRole => (scratch.trackId === 0 ? frameRole(type) : 'other');

function frameRole(type: number): PacketRole {
  switch (type) {
    case frameType.key:
    case frameType.generatedKey:
      return 'keyframe';
    case frameType.inter:
      return 'interframe';
    case frameType.disposable:
      return 'disposable';
    default:
      return 'other';
  }
}

function classifyAudio(body: Uint8Array): PacketRole {
  // An empty body marks silence; one byte is a header without sound.
  if (body.length < 2) return 'other';
  const format = body[0]! >> 4;
  if (format === audioFormat.enhanced) return classifyExAudio(body);
  if (format !== audioFormat.aac) return 'audio';
  if (body.length < 3) return 'other';
  return body[1] === 0 ? 'config' : body[1] === 1 ? 'audio' : 'other';
}

function classifyExAudio(body: Uint8Array): PacketRole {
  if (!readExPacket(body, exAudioPacketType.multitrack, scratch)) return 'other';
  // Opus may come with an empty header, so the length of a config says nothing.
  if (scratch.packetType === exPacketType.config) return 'config';
  if (scratch.end === scratch.start) return 'other';
  if (scratch.packetType === exAudioPacketType.multichannelConfig) return 'config';
  return scratch.packetType === exPacketType.frame && scratch.trackId === 0 ? 'audio' : 'other';
}
