import type { MediaPacket } from '../../shared/media/media-packet.ts';
import type { GopCache } from './gop-cache.ts';

/** Packets that are delivered together; the bytes of a batch are made once for all who share them. */
export interface Batch {
  readonly packets: readonly MediaPacket[];
  /** Decoding can start with the first packet: viewers start and resume here. */
  readonly opensGroup: boolean;
  readonly videoFrames: number;
  readonly audioFrames: number;
  /** Of all bodies. */
  readonly bytes: number;
}

/** Video frames are what a slow viewer loses first; headers, metadata and sound are none. */
export const isVideoFrame = (packet: MediaPacket): boolean =>
  packet.kind === 'video' && packet.role !== 'config';

/**
 * Cuts packets before each one that opens a group of pictures, and feeds the cache. Each batch is yielded when the cache
 * holds exactly what came up to its end, so that who starts from the cache misses nothing and gets nothing twice.
 */
export function* cutBatches(packets: readonly MediaPacket[], cache: GopCache): Generator<Batch> {
  let current: MediaPacket[] = [];
  let opensGroup = false;
  for (const packet of packets) {
    if (isCached(packet)) {
      if (cache.opensGroup(packet)) {
        if (current.length > 0) yield toBatch(current, opensGroup);
        current = [];
        opensGroup = true;
      }
      cache.add(packet);
    }
    current.push(packet);
  }
  if (current.length > 0) yield toBatch(current, opensGroup);
}

/** Keeps what has come for those who will join; nobody is here yet to deliver it to. */
export function feedCache(packets: readonly MediaPacket[], cache: GopCache): void {
  for (const packet of packets) if (isCached(packet)) cache.add(packet);
}

/** Headers are kept apart from the frames that need them. */
export const isCached = ({ role }: MediaPacket): boolean => role !== 'config' && role !== 'metadata';

function toBatch(packets: readonly MediaPacket[], opensGroup: boolean): Batch {
  let videoFrames = 0;
  let audioFrames = 0;
  let bytes = 0;
  for (const packet of packets) {
    bytes += packet.body.length;
    if (isVideoFrame(packet)) videoFrames++;
    else if (packet.role === 'audio') audioFrames++;
  }
  return { packets, opensGroup, videoFrames, audioFrames, bytes };
}
