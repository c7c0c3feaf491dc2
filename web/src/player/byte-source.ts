import { ProtocolError } from '../../../shared/bytes/protocol-error.ts';
import { type SniffedTracks, sniffFlv } from './flv-sniff.ts';
import type { SourceEnd } from './player-state.ts';

/** Makes of the response what the engine gets. Throws `ProtocolError` where the response makes no sense. */
export interface Rewriter {
  push(bytes: Uint8Array, nowMs: number): Uint8Array<ArrayBuffer>;
  /** The stream is no longer the one that the engine is made for. */
  readonly differs: boolean;
}

export interface ByteSourceListener {
  onFirstByte(): void;
  /** Null: the bytes are not FLV. */
  onTracks(tracks: SniffedTracks | null): void;
  /** Ended before any byte came. `httpStatus` null: the transport does not tell. */
  onRefused(httpStatus: number | null, message: string | null): void;
  /** The bytes make no sense any more. */
  onBroken(message: string): void;
  /** More of the media is there. */
  onMedia(): void;
  onEnd(how: SourceEnd): void;
}

/** Takes the media bytes, the header first. Their end is the controller's business: it replaces the engine. */
export type ByteConsumer = (chunk: ArrayBuffer, offset: number) => void;

/** With this much seen, or after this long, a track that the header announced and that has not come is no longer waited for. */
const sniffLimitBytes = 512 * 1024;
const sniffLimitMs = 2000;
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
  readonly #now: () => number;
  #consumer: ByteConsumer | null = null;
  /** What came before it was known what to make of it. */
  #unread: Uint8Array[] = [];
  #firstAtMs = 0;
  #rewriter: Rewriter | null = null;
  /** What the engine gets. */
  #kept: KeptChunk[] = [];
  #produced = 0;
  #received = 0;
  #sniffed = false;
  #ended = false;
  #cancel: () => void = () => {};

  /** `now` gives milliseconds of a clock that only goes forward. */
  constructor(listener: ByteSourceListener, now: () => number) {
    this.#listener = listener;
    this.#now = now;
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

  /** What came so far and what comes goes through the rewriter. Called once, before an engine is there. */
  rewriteWith(rewriter: Rewriter): void {
    this.#rewriter = rewriter;
    const unread = this.#unread;
    this.#unread = [];
    for (const bytes of unread) this.#read(bytes);
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
    this.#unread = [];
    this.#cancel();
  }

  push(chunk: ArrayBuffer): void {
    if (this.#ended || chunk.byteLength === 0) return;
    if (this.#received === 0) {
      this.#firstAtMs = this.#now();
      this.#listener.onFirstByte();
    }
    this.#received += chunk.byteLength;
    const bytes = new Uint8Array(chunk);
    if (this.#rewriter === null) {
      this.#unread.push(bytes);
      this.#sniff();
    } else {
      this.#read(bytes);
    }
    if (!this.#ended && this.#consumer === null && this.#keptBytes() > keepLimitBytes) {
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
    const joined = join(this.#unread);
    const enough = joined.length >= sniffLimitBytes || this.#now() - this.#firstAtMs >= sniffLimitMs;
    const tracks = sniffFlv(joined, enough);
    if (tracks === undefined) return;
    this.#sniffed = true;
    this.#listener.onTracks(tracks);
  }

  #read(bytes: Uint8Array): void {
    const rewriter = this.#rewriter;
    if (this.#ended || rewriter === null) return;
    let chunk: Uint8Array<ArrayBuffer>;
    try {
      chunk = rewriter.push(bytes, this.#now());
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#ended = true;
      this.#cancel();
      this.#listener.onBroken(error.message);
      return;
    }
    this.#give(chunk);
    if (rewriter.differs) {
      this.finish('tracks-changed');
      this.#cancel();
    } else {
      this.#listener.onMedia();
    }
  }

  #give(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length === 0) return;
    const offset = this.#produced;
    this.#produced += bytes.length;
    this.#kept.push({ offset, bytes });
    if (this.#consumer === null) return;
    this.#consumer(bytes.buffer, offset);
    this.#trim();
  }

  #keptBytes(): number {
    if (this.#rewriter === null) return this.#received;
    const first = this.#kept[0];
    return first === undefined ? 0 : this.#produced - first.offset;
  }

  /** An engine that rests asks again for the part of a tag it had not used yet: one large keyframe at most. */
  #trim(): void {
    while (this.#kept.length > 1 && this.#keptBytes() > tailBytes) this.#kept.shift();
  }
}

function joinFrom(chunks: readonly KeptChunk[], from: number): Uint8Array<ArrayBuffer> {
  return join(
    chunks
      .filter((chunk) => chunk.offset + chunk.bytes.length > from)
      .map((chunk) => (chunk.offset < from ? chunk.bytes.subarray(from - chunk.offset) : chunk.bytes)),
  );
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
