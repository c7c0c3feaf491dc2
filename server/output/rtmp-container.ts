import { concatBytes } from '../../shared/bytes/concat.ts';
import type { MediaPacket } from '../../shared/media/media-packet.ts';
import type { Container } from '../hub/container.ts';
import { encodeSharedChunks } from '../rtmp/chunk-writer.ts';

/** RTMP messages in chunks. Players with the same chunk size and message stream id share the bytes; nearly all have both. */
export function rtmpContainer(chunkSize: number, messageStreamId: number): Container {
  return {
    id: `rtmp/${chunkSize}/${messageStreamId}`,
    protocol: 'rtmp',
    tracksAreFixed: false,
    encode: (packets, timeBaseMs) =>
      concatBytes(packets.map((packet) => encodePacket(packet, timeBaseMs, chunkSize, messageStreamId))),
  };
}

function encodePacket(
  { kind, timestampMs, body }: MediaPacket,
  timeBaseMs: number,
  chunkSize: number,
  messageStreamId: number,
): Uint8Array {
  return encodeSharedChunks({
    kind,
    timestampMs: Math.max(0, timestampMs - timeBaseMs),
    body,
    messageStreamId,
    chunkSize,
  });
}
