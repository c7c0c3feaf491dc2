import { isOnMetaData } from '../flv/script-tag.ts';
import { frameType } from '../flv/video-tag.ts';
import type { PacketKind, PacketRole } from './media-packet.ts';
import { newPacketHead, type PacketHead, readAudioHead, readVideoHead } from './packet-head.ts';

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const head = newPacketHead();

/**
 * What a packet claims to be, from its first few bytes: for those who need no more than that. Whoever relays looks further (`VideoReader`,
 * `AudioReader`), because the frame type is the word of the sender. Never throws: what cannot be made sense of is `other`, and so are
 * frames of tracks beyond the default one: groups of pictures begin with keyframes of the default track.
 */
export function classifyPacket(kind: PacketKind, body: Uint8Array): PacketRole {
  if (kind === 'data') return isOnMetaData(body) ? 'metadata' : 'other';
  if (kind === 'video') readVideoHead(body, head);
  else readAudioHead(body, head);
  return claimedRole(kind, head);
}

/** The role that the head of a packet claims. */
export function claimedRole(kind: 'audio' | 'video', of: PacketHead): PacketRole {
  if (of.content === 'side') return 'config';
  if (of.content === 'config') return of.end > of.start || of.codec === 'opus' ? 'config' : 'other';
  if (of.content !== 'frame' || of.trackId !== 0) return 'other';
  return kind === 'audio' ? 'audio' : frameRole(of.frameType);
}

/** The role of a picture by the frame type that its sender gave it. */
export function frameRole(type: number): PacketRole {
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
