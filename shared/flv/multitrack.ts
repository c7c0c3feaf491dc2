import { type ExPacket, emptyExPacket, multitrackMode, readExPacket, readTrackEntry } from './ex-packet.ts';

// Multitrack packets, Enhanced RTMP v2 section "Enhanced Audio"/"Enhanced Video":  mode 4 | packet type 4 | tracks ...
// and how to get at what they and ModEx wrap.

/** A track id has 8 bits, so there is no reason for more entries. */
const MAX_TRACKS = 256;

/** What one track has in a packet, as a packet of its own. */
export interface TrackPart {
  readonly trackId: number;
  readonly packetType: number;
  readonly body: Uint8Array;
}

/**
 * The tracks of an Enhanced packet. One that holds a single track is given as it is; one that holds several is cut into
 * OneTrack packets. Empty when it is malformed.
 */
export function trackParts(body: Uint8Array, multitrackType: number): TrackPart[] {
  const packet = emptyExPacket();
  if (!readExPacket(body, multitrackType, packet)) return [];
  const { packetType, mode } = packet;
  if (mode <= multitrackMode.oneTrack) return [{ trackId: packet.trackId, packetType, body }];
  const parts: TrackPart[] = [];
  let at = packet.prefixEnd + (mode === multitrackMode.manyCodecs ? 1 : 5);
  while (at < body.length && parts.length < MAX_TRACKS) {
    at = readTrackEntry(body, at, packet);
    if (at < 0) break;
    parts.push({ trackId: packet.trackId, packetType, body: oneTrack(body, multitrackType, packet) });
  }
  return parts;
}

/** The track that `packet` describes as a plain packet, or as one with the ModEx prefixes it came with. */
export function unwrapTrack(body: Uint8Array, packet: ExPacket, keepModEx = false): Uint8Array {
  const head = keepModEx ? packet.prefixEnd : 1;
  const plain = new Uint8Array(head + 4 + packet.end - packet.start);
  plain.set(body.subarray(0, head));
  plain[head - 1] = (plain[head - 1]! & 0xf0) | packet.packetType;
  writeFourCc(plain, head, packet.fourCc);
  plain.set(body.subarray(packet.start, packet.end), head + 4);
  return plain;
}

/** The same packet without its ModEx prefixes. */
export function withoutModEx(body: Uint8Array, { prefixEnd }: ExPacket): Uint8Array {
  const plain = body.slice(prefixEnd - 1);
  plain[0] = (body[0]! & 0xf0) | (body[prefixEnd - 1]! & 15);
  return plain;
}

function oneTrack(body: Uint8Array, multitrackType: number, packet: ExPacket): Uint8Array {
  const single = new Uint8Array(7 + packet.end - packet.start);
  single[0] = (body[0]! & 0xf0) | multitrackType;
  single[1] = (multitrackMode.oneTrack << 4) | packet.packetType;
  writeFourCc(single, 2, packet.fourCc);
  single[6] = packet.trackId;
  single.set(body.subarray(packet.start, packet.end), 7);
  return single;
}

function writeFourCc(into: Uint8Array, at: number, fourCc: number): void {
  for (let i = 0; i < 4; i++) into[at + i] = fourCc >>> (24 - 8 * i);
}
