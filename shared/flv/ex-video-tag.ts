import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { fourCc } from '../codec/fourcc.ts';
import { emptyExPacket, exPacketType, exVideoPacketType, readExPacket } from './ex-packet.ts';

// ExVideoTagHeader, Enhanced RTMP v2 section "Enhanced Video":  1 | frame type 3 | packet type 4 ...

/** The default track of an Enhanced video body. */
export interface ExVideoTag {
  readonly frameType: number;
  readonly packetType: number;
  readonly fourCc: number;
  readonly trackId: number;
  readonly compositionTimeMs: number;
  readonly data: Uint8Array;
}

/** Whether a video body has the Enhanced header. */
export const isExVideo = (body: Uint8Array): boolean => (body[0] ?? 0) >= 0x80;

/** Whether coded frames of this codec begin with a composition time (packet type 1). */
export const hasCompositionTime = (code: number): boolean =>
  code === fourCc.avc1 || code === fourCc.hvc1 || code === fourCc.vvc1;

export function decodeExVideoTag(body: Uint8Array): ExVideoTag {
  const packet = emptyExPacket();
  if (!isExVideo(body)) throw new ProtocolError('bad-marker', 'not an Enhanced video header', 0);
  if (!readExPacket(body, exVideoPacketType.multitrack, packet)) {
    throw new ProtocolError('truncated', 'an Enhanced video header is cut short');
  }
  const reader = new ByteReader(body.subarray(0, packet.end), packet.start);
  const timed = packet.packetType === exPacketType.frame && hasCompositionTime(packet.fourCc);
  return {
    frameType: (body[0]! >> 4) & 7,
    packetType: packet.packetType,
    fourCc: packet.fourCc,
    trackId: packet.trackId,
    compositionTimeMs: timed ? reader.s24() : 0,
    data: reader.rest(),
  };
}
