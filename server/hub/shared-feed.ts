import type { MediaPacket } from '../../shared/media/media-packet.ts';
import type { Batch } from './batch.ts';
import type { Container, Tracks } from './container.ts';
import { EncodedBatch, restamp } from './encoded-batch.ts';
import type { GopCache } from './gop-cache.ts';
import type { EndReason } from './sink.ts';
import type { Subscriber } from './subscriber.ts';
import type { FeedCodecs } from './track-monitor.ts';

/** FLV players build timestamps with signed shifts: from 2^31 on they turn negative. */
const MAX_TIMESTAMP_MS = 2 ** 31 - 1;

/** What all who start at the same place are given in front of the group of pictures. */
interface Opening {
  readonly headers: readonly MediaPacket[];
  readonly atMs: number;
  readonly returning: boolean;
  readonly bytes: Uint8Array;
}

/**
 * One output of a stream with one time zero and one set of tracks. Viewers' timestamps start near 0, so viewers who joined in the
 * same group of pictures share a feed, and all of its viewers are written the same bytes. Who comes when there are many
 * feeds joins one of them and starts later than 0.
 */
export class SharedFeed {
  readonly key: string;
  /** The key without the time zero. */
  readonly output: string;
  readonly container: Container;
  readonly timeBaseMs: number;
  readonly tracks: Tracks;
  /** What its viewers were told, where they are told once and for all: they cannot follow the stream to another codec. */
  readonly codecs: FeedCodecs;
  readonly viewers = new Set<Subscriber>();
  /** Bytes of the cached group of pictures, once somebody has started from it and while it lasts: what the next joiner gets. */
  #group: { packets: readonly MediaPacket[]; bytes: Uint8Array[] } | undefined;
  #opening: Opening | undefined;

  constructor(options: {
    key: string;
    output: string;
    container: Container;
    timeBaseMs: number;
    tracks: Tracks;
    codecs: FeedCodecs;
  }) {
    this.key = options.key;
    this.output = options.output;
    this.container = options.container;
    this.timeBaseMs = options.timeBaseMs;
    this.tracks = options.tracks;
    this.codecs = options.codecs;
  }

  /** Why its viewers end here, if they do: they have what they asked for, or timestamps would no longer fit (24.8 days). */
  endAt(streamMs: number): EndReason | undefined {
    const elapsedMs = streamMs - this.timeBaseMs;
    const { durationMs } = this.container;
    if (durationMs !== undefined && elapsedMs >= durationMs) return 'played-out';
    return elapsedMs > MAX_TIMESTAMP_MS ? 'tracks-changed' : undefined;
  }

  encode(packets: readonly MediaPacket[], opening?: Tracks): Uint8Array {
    const { audio, video } = this.tracks;
    const wanted =
      audio && video
        ? packets
        : packets.filter(({ kind }) => (kind === 'audio' ? audio : kind === 'video' ? video : true));
    return this.container.encode(wanted, this.timeBaseMs, opening);
  }

  /** Makes a batch ready for all viewers; its bytes come into being when the first one takes them. `cache` has it already. */
  encodeBatch(batch: Batch, { packets }: GopCache): EncodedBatch {
    const encoded = new EncodedBatch(batch, this);
    // The cache begins a new array with each group, and when it lets go of one that is too long.
    if (this.#group?.packets === packets) this.#group.bytes.push(...encoded.whole);
    else this.#group = undefined;
    return encoded;
  }

  /** What a viewer begins with: the opening of a response, unless it returns on one that it has, headers, and the group of pictures so far. */
  openingBytes(headers: readonly MediaPacket[], cache: GopCache, returning = false): readonly Uint8Array[] {
    const atMs = cache.startMs ?? this.timeBaseMs;
    let opening = this.#opening;
    if (opening?.headers !== headers || opening.atMs !== atMs || opening.returning !== returning) {
      const bytes = this.encode(restamp(headers, atMs), returning ? undefined : this.tracks);
      opening = { headers, atMs, returning, bytes };
      this.#opening = opening;
    }
    return [opening.bytes, ...this.#groupBytes(cache)];
  }

  #groupBytes({ packets }: GopCache): readonly Uint8Array[] {
    if (this.#group?.packets !== packets) this.#group = { packets, bytes: [this.encode(packets)] };
    return this.#group.bytes;
  }
}
