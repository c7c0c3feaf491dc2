import { concatBytes } from '../../shared/bytes/concat.ts';
import { rtmpPlayableBody, type WrappingSupport } from '../../shared/media/rtmp-player-body.ts';
import type { Container } from '../hub/container.ts';
import { encodeSharedChunks } from '../rtmp/chunk-writer.ts';

const NO_WRAPPING: WrappingSupport = { multitrack: false, modEx: false };

/**
 * RTMP messages in chunks. Players with the same chunk size and message stream id that take the same wrappings share the
 * bytes; nearly all have all three.
 */
export function rtmpContainer(
  chunkSize: number,
  messageStreamId: number,
  takes: WrappingSupport = NO_WRAPPING,
): Container {
  const wrappings = `${takes.multitrack ? '/multitrack' : ''}${takes.modEx ? '/modex' : ''}`;
  return {
    id: `rtmp/${chunkSize}/${messageStreamId}${wrappings}`,
    protocol: 'rtmp',
    tracksAreFixed: false,
    encode(packets, timeBaseMs) {
      const messages: Uint8Array[] = [];
      for (const { kind, timestampMs: atMs, body: whole } of packets) {
        const body = rtmpPlayableBody(kind, whole, takes);
        if (!body) continue;
        const timestampMs = Math.max(0, atMs - timeBaseMs);
        messages.push(encodeSharedChunks({ kind, timestampMs, body, messageStreamId, chunkSize }));
      }
      return concatBytes(messages);
    },
  };
}
