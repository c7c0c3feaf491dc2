import { ProtocolError } from '../bytes/protocol-error.ts';
import { audioFormat } from './audio-tag.ts';
import { emptyExPacket, exAudioPacketType, readExPacket } from './ex-packet.ts';

// ExAudioTagHeader, Enhanced RTMP v2 section "Enhanced Audio":  1001 | packet type 4 ...

/** The default track of an Enhanced audio body. */
export interface ExAudioTag {
  readonly packetType: number;
  readonly fourCc: number;
  readonly trackId: number;
  readonly data: Uint8Array;
}

/** Whether an audio body has the Enhanced header. */
export const isExAudio = (body: Uint8Array): boolean =>
  body.length > 0 && body[0]! >> 4 === audioFormat.enhanced;

export function decodeExAudioTag(body: Uint8Array): ExAudioTag {
  const packet = emptyExPacket();
  if (!isExAudio(body)) throw new ProtocolError('bad-marker', 'not an Enhanced audio header', 0);
  if (!readExPacket(body, exAudioPacketType.multitrack, packet)) {
    throw new ProtocolError('truncated', 'an Enhanced audio header is cut short');
  }
  const { packetType, fourCc, trackId, start, end } = packet;
  return { packetType, fourCc, trackId, data: body.subarray(start, end) };
}
