import { noBytes } from './chunk-bytes.ts';
import type { ChunkStream } from './chunk-stream.ts';

// Memory follows what arrives: a message gets this much at first, then four times what has come of it.
const FIRST_ALLOCATION = 16 * 1024;
const GROWTH = 4;
/** Enough for a picture of a few Mbit/s; larger messages get memory of their own, so that idle connections hold little. */
const MAX_SPARE_BYTES = 128 * 1024;

/**
 * Memory for messages that arrive in pieces. The memory of a message that is done with serves the next one: a publisher
 * sends dozens a second, and making each an array of its own costs more than all else that is done with it.
 */
export class MessageMemory {
  readonly #maxBytes: number;
  /** Held by messages that are not whole. */
  bytes = 0;
  #spare: Uint8Array | undefined;
  #lent: Uint8Array | undefined;

  /** `maxBytes`: of all messages that are not whole. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Gives the stream's message room for `needed` bytes, and keeps what it has. False: there would be too much in all. */
  grow(stream: ChunkStream, needed: number): boolean {
    const { body, capacity, length, received } = stream;
    const spareBytes = this.#spare?.length ?? 0;
    const wanted = Math.min(length, Math.max(FIRST_ALLOCATION, GROWTH * needed, spareBytes));
    const bytes = this.bytes + wanted - capacity;
    if (bytes > this.#maxBytes) return false;
    this.bytes = bytes;
    stream.body = this.#take(wanted);
    stream.capacity = wanted;
    if (received > 0) stream.body.set(body.subarray(0, received));
    return true;
  }

  /** The body of a message that is whole. It is lent until `reclaim`. */
  finish(stream: ChunkStream): Uint8Array {
    const { body, length } = stream;
    this.#lent = body;
    this.release(stream);
    return body.length === length ? body : body.subarray(0, length);
  }

  /** The body that was given last is done with. */
  reclaim(): void {
    const lent = this.#lent;
    if (lent === undefined) return;
    this.#lent = undefined;
    if (lent.length <= MAX_SPARE_BYTES && lent.length > (this.#spare?.length ?? 0)) this.#spare = lent;
  }

  /** The stream has no message any more. */
  release(stream: ChunkStream): void {
    this.bytes -= stream.capacity;
    stream.capacity = 0;
    stream.body = noBytes;
  }

  /** Lets go of everything. */
  clear(): void {
    this.bytes = 0;
    this.#spare = this.#lent = undefined;
  }

  #take(length: number): Uint8Array {
    const spare = this.#spare;
    if (spare === undefined || spare.length < length) return new Uint8Array(length);
    this.#spare = undefined;
    return spare;
  }
}
