import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { type Batch, isVideoFrame } from './batch.ts';
import type { Container, Tracks } from './container.ts';
import type { GopCache } from './gop-cache.ts';
import type { EndReason } from './sink.ts';
import type { Subscriber } from './subscriber.ts';

/** FLV players build timestamps with signed shifts: from 2^31 on they turn negative. */
const MAX_TIMESTAMP_MS = 2 ** 31 - 1;

/** The bytes of one batch in one rendition: each form is made when the first viewer asks for it, and shared by all. */
export class EncodedBatch {
  readonly batch: Batch;
  readonly #rendition: Rendition;
  #whole: readonly Uint8Array[] | undefined;
  #withoutInterFrames: readonly Uint8Array[] | undefined;
  #withoutVideo: readonly Uint8Array[] | undefined;
  #withoutFrames: readonly Uint8Array[] | undefined;
  #resuming: readonly Uint8Array[] | undefined;

  constructor(batch: Batch, rendition: Rendition) {
    this.batch = batch;
    this.#rendition = rendition;
  }

  get whole(): readonly Uint8Array[] {
    this.#whole ??= [this.#rendition.encode(this.batch.packets)];
    return this.#whole;
  }

  /** For viewers who are too slow for all pictures: headers, metadata, sound, and the keyframe that opens the batch. */
  get withoutInterFrames(): readonly Uint8Array[] {
    this.#withoutInterFrames ??= this.#only((packet) => packet.role === 'keyframe' || !isVideoFrame(packet));
    return this.#withoutInterFrames;
  }

  /** For viewers who are too slow for pictures: headers, metadata and sound. */
  get withoutVideo(): readonly Uint8Array[] {
    this.#withoutVideo ??= this.#only((packet) => !isVideoFrame(packet));
    return this.#withoutVideo;
  }

  /** For viewers who are too slow for anything: headers and metadata, nearly always nothing. */
  get withoutFrames(): readonly Uint8Array[] {
    this.#withoutFrames ??= this.#only(({ role }) => role === 'config' || role === 'metadata');
    return this.#withoutFrames;
  }

  /** For viewers who return to pictures with this batch: `headers` again, stamped with the batch's own time, then all of it. */
  resuming(headers: readonly MediaPacket[]): readonly Uint8Array[] {
    if (headers.length === 0) return this.whole;
    this.#resuming ??= [
      this.#rendition.encode(restamp(headers, this.batch.packets[0]?.timestampMs ?? 0)),
      ...this.whole,
    ];
    return this.#resuming;
  }

  #only(wanted: (packet: MediaPacket) => boolean): readonly Uint8Array[] {
    return [this.#rendition.encode(this.batch.packets.filter(wanted))];
  }
}

/** Headers as they go out in front of a frame of this time: what they were stamped when they came has passed. */
const restamp = (headers: readonly MediaPacket[], timestampMs: number): MediaPacket[] =>
  headers.map((header) => ({ ...header, timestampMs }));

/** What all who start at the same place are given in front of the group of pictures. */
interface Opening {
  readonly headers: readonly MediaPacket[];
  readonly atMs: number;
  readonly returning: boolean;
  readonly bytes: Uint8Array;
}

/**
 * One output of a stream with one time zero and one set of tracks. Viewers' timestamps start near 0, so viewers who joined in the
 * same group of pictures share a rendition, and all of its viewers are written the same bytes. Who comes when there are many
 * renditions joins one of them and starts later than 0.
 */
export class Rendition {
  readonly key: string;
  /** The key without the time zero. */
  readonly output: string;
  readonly container: Container;
  readonly timeBaseMs: number;
  readonly tracks: Tracks;
  /** Names tracks and codecs: a viewer of fixed tracks cannot follow the stream to another signature. */
  readonly signature: string;
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
    signature: string;
  }) {
    this.key = options.key;
    this.output = options.output;
    this.container = options.container;
    this.timeBaseMs = options.timeBaseMs;
    this.tracks = options.tracks;
    this.signature = options.signature;
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
