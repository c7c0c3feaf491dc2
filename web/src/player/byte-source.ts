import { type SniffedTracks, sniffFlv } from './flv-sniff.ts';
import type { SourceEnd } from './player-state.ts';

export interface ByteSourceListener {
  onFirstByte(): void;
  /** Null: the bytes are not FLV. */
  onTracks(tracks: SniffedTracks | null): void;
  /** Ended before any byte came. `httpStatus` null: the transport does not tell. */
  onRefused(httpStatus: number | null, message: string | null): void;
  onEnd(how: SourceEnd): void;
}

/** Takes the media bytes, the header first. Their end is the controller's business: it replaces the engine. */
export type ByteConsumer = (chunk: ArrayBuffer, offset: number) => void;

/** With this much seen, a track that the header announced and that has not come is no longer waited for. */
const sniffLimitBytes = 512 * 1024;
/** Kept behind the engine, for one that rests and comes back. */
const tailBytes = 2 * 1024 * 1024;
/** More than this waiting for an engine that does not come is a fault. */
const keepLimitBytes = 64 * 1024 * 1024;

interface KeptChunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * One response of media bytes. It is opened by the page itself, before the engine is even loaded, so the bytes wait
 * for the engine and not the other way round; and it knows what engines do not tell, such as a refused WebSocket.
 */
export class ByteSource {
  readonly #listener: ByteSourceListener;
  #consumer: ByteConsumer | null = null;
  #kept: KeptChunk[] = [];
  #received = 0;
  #sniffed = false;
  #ended = false;
  #cancel: () => void = () => {};

  constructor(listener: ByteSourceListener) {
    this.#listener = listener;
  }

  get receivedBytes(): number {
    return this.#received;
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** The transport tells how it is stopped. */
  onCancel(cancel: () => void): void {
    this.#cancel = cancel;
  }

  /** Hands over in one piece what came since byte `from`, then each chunk as it comes. */
  pipe(consumer: ByteConsumer, from: number): void {
    this.#consumer = consumer;
    const missed = joinFrom(this.#kept, from);
    if (missed.length > 0) consumer(missed.buffer, from);
    this.#trim();
  }

  /** The engine takes a rest, as it does on an iPhone whose buffer is full. It comes back with `pipe`. */
  unpipe(): void {
    this.#consumer = null;
  }

  /** No more events come after this. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#consumer = null;
    this.#kept = [];
    this.#cancel();
  }

  push(chunk: ArrayBuffer): void {
    if (this.#ended || chunk.byteLength === 0) return;
    const offset = this.#received;
    this.#received += chunk.byteLength;
    if (offset === 0) this.#listener.onFirstByte();
    this.#kept.push({ offset, bytes: new Uint8Array(chunk) });
    this.#sniff();
    if (this.#consumer !== null) {
      this.#consumer(chunk, offset);
      this.#trim();
    } else if (this.#keptBytes() > keepLimitBytes) {
      this.finish('dropped');
      this.#cancel();
    }
  }

  finish(how: SourceEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#received === 0 && (how === 'dropped' || how === 'clean')) this.#listener.onRefused(null, null);
    else this.#listener.onEnd(how);
  }

  refuse(httpStatus: number | null, message: string | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.onRefused(httpStatus, message);
  }

  #sniff(): void {
    if (this.#sniffed) return;
    const joined = joinFrom(this.#kept, 0);
    const tracks = sniffFlv(joined, joined.length >= sniffLimitBytes);
    if (tracks === undefined) return;
    this.#sniffed = true;
    this.#listener.onTracks(tracks);
  }

  #keptBytes(): number {
    const first = this.#kept[0];
    return first === undefined ? 0 : this.#received - first.offset;
  }

  /** An engine that rests asks again for the part of a tag it had not used yet: one large keyframe at most. */
  #trim(): void {
    while (this.#kept.length > 1 && this.#keptBytes() > tailBytes) this.#kept.shift();
  }
}

function joinFrom(chunks: readonly KeptChunk[], from: number): Uint8Array<ArrayBuffer> {
  const parts = chunks
    .filter((chunk) => chunk.offset + chunk.bytes.length > from)
    .map((chunk) => (chunk.offset < from ? chunk.bytes.subarray(from - chunk.offset) : chunk.bytes));
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
