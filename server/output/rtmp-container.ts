import { concatBytes } from '../../shared/bytes/concat.ts';
import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { rtmpPlayableBody, type WrappingSupport } from '../../shared/media/rtmp-player-body.ts';
import type { Container, TrackPick } from '../hub/container.ts';
import { encodeSharedChunks } from '../rtmp/chunk-writer.ts';

export interface RtmpContainerOptions {
  readonly takes?: WrappingSupport | undefined;
  /** Takes other tracks than the default ones, and only those, in their plain form. */
  readonly pick?: TrackPick | undefined;
  /** Gives nothing from this long after time zero on. */
  readonly durationMs?: number | undefined;
}

const NO_WRAPPING: WrappingSupport = { multitrack: false, modEx: false };

/**
 * RTMP messages in chunks. Players with the same chunk size and message stream id that asked for and take the same share the
 * bytes; nearly all do.
 */
export function rtmpContainer(
  chunkSize: number,
  messageStreamId: number,
  { takes = NO_WRAPPING, pick, durationMs }: RtmpContainerOptions = {},
): Container {
  const wrappings = pick ? { ...takes, multitrack: false } : takes;
  const bodyOf = ({ kind, body }: MediaPacket): Uint8Array | undefined =>
    rtmpPlayableBody(kind, body, wrappings, kind === 'data' ? 0 : pick?.[kind]);
  return {
    id: idOf([chunkSize, messageStreamId], { takes: wrappings, pick, durationMs }),
    protocol: 'rtmp',
    tracksAreFixed: false,
    pick,
    durationMs,
    encode(packets, timeBaseMs) {
      const messages: Uint8Array[] = [];
      for (const packet of packets) {
        const timestampMs = Math.max(0, packet.timestampMs - timeBaseMs);
        if (durationMs !== undefined && timestampMs >= durationMs) continue;
        const body = bodyOf(packet);
        if (!body) continue;
        messages.push(
          encodeSharedChunks({ kind: packet.kind, timestampMs, body, messageStreamId, chunkSize }),
        );
      }
      return concatBytes(messages);
    },
  };
}

function idOf(numbers: readonly number[], { takes, pick, durationMs }: RtmpContainerOptions): string {
  return [
    'rtmp',
    ...numbers,
    ...(takes?.multitrack ? ['multitrack'] : []),
    ...(takes?.modEx ? ['modex'] : []),
    ...(pick ? [`${pick.video}+${pick.audio}`] : []),
    ...(durationMs === undefined ? [] : [`${durationMs} ms`]),
  ].join('/');
}
