import { encodeFlvHeader } from '../../shared/flv/flv-header.ts';
import { flvTagsBytes, writeFlvTags } from '../../shared/flv/flv-writer.ts';
import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { flvPlayableBody, isFlvPlayable } from '../../shared/media/player-support.ts';
import type { Container, TrackPick, Tracks } from '../hub/container.ts';
import { binaryFrameHeaderBytes, writeBinaryFrameHeader } from './websocket-frame.ts';

const EMPTY = new Uint8Array(0);

/**
 * FLV as a file has it: header once, then tags. Over WebSocket the same bytes, each piece in one binary frame: a server's
 * frames carry no mask, so viewers share them. `pick` takes other tracks than the default ones.
 */
export function flvContainer(protocol: 'http-flv' | 'ws-flv', pick?: TrackPick): Container {
  const framed = protocol === 'ws-flv';
  return {
    id: pick ? `${protocol}/${pick.video}/${pick.audio}` : protocol,
    protocol,
    tracksAreFixed: true,
    pick,
    encode: (packets, timeBaseMs, opening) => encode(playableOf(packets, pick), timeBaseMs, opening, framed),
  };
}

export const httpFlvContainer = flvContainer('http-flv');
export const wsFlvContainer = flvContainer('ws-flv');

/** One allocation and one copy of each body: for all viewers of a feed together. */
function encode(
  playable: readonly MediaPacket[],
  timeBaseMs: number,
  opening: Tracks | undefined,
  framed: boolean,
): Uint8Array {
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
function playableOf(packets: readonly MediaPacket[], pick?: TrackPick): readonly MediaPacket[] {
  if (!pick && packets.every(({ kind, body }) => isFlvPlayable(kind, body))) return packets;
  return packets.flatMap((packet) => {
    const track = packet.kind === 'data' ? 0 : (pick?.[packet.kind] ?? 0);
    const body = flvPlayableBody(packet.kind, packet.body, track);
    return body ? [{ ...packet, body }] : [];
  });
}
