import { audioFormat } from '../flv/audio-tag.ts';
import {
  emptyExPacket,
  exAudioPacketType,
  exPacketType,
  exVideoPacketType,
  readExPacket,
} from '../flv/ex-packet.ts';
import { unwrapTrack, withoutModEx } from '../flv/multitrack.ts';
import type { PacketKind } from './media-packet.ts';

/** Which wrappings of Enhanced RTMP an RTMP player said that it takes (`capsEx`). */
export interface WrappingSupport {
  readonly multitrack: boolean;
  readonly modEx: boolean;
}

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const scratch = emptyExPacket();

/**
 * The body of the message for an RTMP player: the same object where it takes all of it, a copy without the wrapping that
 * it does not take, undefined where the packet is of another track than `track` and it takes only that.
 */
export function rtmpPlayableBody(
  kind: PacketKind,
  body: Uint8Array,
  takes: WrappingSupport,
  track = 0,
): Uint8Array | undefined {
  if (kind === 'data' || (takes.multitrack && takes.modEx)) return body;
  if (!isWrapped(kind, body)) return track === 0 ? body : undefined;
  const multitrackType = kind === 'video' ? exVideoPacketType.multitrack : exAudioPacketType.multitrack;
  if (!readExPacket(body, multitrackType, scratch, track)) return undefined;
  const { mode, prefixEnd } = scratch;
  if (mode >= 0 && !takes.multitrack) {
    return scratch.trackId === track ? unwrapTrack(body, scratch, takes.modEx) : undefined;
  }
  if (track !== 0 && !takes.multitrack) return undefined;
  return prefixEnd > 1 && !takes.modEx ? withoutModEx(body, scratch) : body;
}

/** From the first byte alone, because it is asked of every packet. */
function isWrapped(kind: 'audio' | 'video', body: Uint8Array): boolean {
  const first = body[0] ?? 0;
  const type = first & 15;
  return kind === 'video'
    ? first >= 0x80 && (type === exVideoPacketType.multitrack || type === exPacketType.modEx)
    : first >> 4 === audioFormat.enhanced &&
        (type === exAudioPacketType.multitrack || type === exPacketType.modEx);
}
