import { encodeFlvHeader } from '../../shared/flv/flv-header.ts';
import { flvTagsBytes, writeFlvTags } from '../../shared/flv/flv-writer.ts';
import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { flvPlayableBody, isFlvPlayable } from '../../shared/media/player-support.ts';
import type { Container, Tracks } from '../hub/container.ts';
import { binaryFrameHeaderBytes, writeBinaryFrameHeader } from './websocket-frame.ts';

const EMPTY = new Uint8Array(0);

/** FLV as a file has it: header once, then tags. */
export const httpFlvContainer: Container = {
  id: 'http-flv',
  protocol: 'http-flv',
  tracksAreFixed: true,
  encode: (packets, timeBaseMs, opening) => encode(packets, timeBaseMs, opening, false),
};

/** The same bytes, each piece in one binary WebSocket frame. A server's frames carry no mask, so viewers share them. */
export const wsFlvContainer: Container = {
  id: 'ws-flv',
  protocol: 'ws-flv',
  tracksAreFixed: true,
  encode: (packets, timeBaseMs, opening) => encode(packets, timeBaseMs, opening, true),
};

/** One allocation and one copy of each body: for all viewers of a rendition together. */
function encode(
  packets: readonly MediaPacket[],
  timeBaseMs: number,
  opening: Tracks | undefined,
  framed: boolean,
): Uint8Array {
  const playable = playableOf(packets);
  const head = opening ? encodeFlvHeader(opening) : EMPTY;
  const payloadBytes = head.length + flvTagsBytes(playable);
  if (payloadBytes === 0) return EMPTY;
  const bytes = new Uint8Array(payloadBytes + (framed ? binaryFrameHeaderBytes(payloadBytes) : 0));
  const start = framed ? writeBinaryFrameHeader(bytes, 0, payloadBytes) : 0;
  bytes.set(head, start);
  writeFlvTags(bytes, start + head.length, playable, timeBaseMs);
  return bytes;
}

/** What FLV players take: nearly always the packets as they are. Wrappings they do not know are taken off or left out. */
function playableOf(packets: readonly MediaPacket[]): readonly MediaPacket[] {
  if (packets.every(({ kind, body }) => isFlvPlayable(kind, body))) return packets;
  return packets.flatMap((packet) => {
    const body = flvPlayableBody(packet.kind, packet.body);
    return body ? [{ ...packet, body }] : [];
  });
}
