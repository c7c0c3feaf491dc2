/**
 * Bytes on their way from whoever receives them to whoever decodes them. Copies what it is given, so that a
 * few late bytes never keep a whole socket buffer alive; its memory follows the bytes that really arrived.
 */
export class ByteQueue {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  push(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#bytes.length) this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** A view of the next `length` bytes, valid until the next `push`; undefined while they are not all there. */
  peek(length: number): Uint8Array | undefined {
    return length > this.length ? undefined : this.#bytes.subarray(this.#start, this.#start + length);
  }

  /** A copy of the next `length` bytes, which leave the queue; undefined while they are not all there. */
  take(length: number): Uint8Array | undefined {
    const bytes = this.peek(length)?.slice();
    if (bytes !== undefined) this.skip(length);
    return bytes;
  }

  /** Drops bytes that are there. */
  skip(length: number): void {
    if (length > this.length) throw new Error(`cannot skip ${length} of ${this.length} bytes`);
    this.#start += length;
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  #makeRoom(extra: number): void {
    const needed = this.length + extra;
    const kept = this.#bytes.subarray(this.#start, this.#end);
    // In place only while at least half is free: then moving bytes to the front stays cheap per byte received.
    if (needed * 2 <= this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
    } else {
      const grown = new Uint8Array(needed * 2);
      grown.set(kept);
      this.#bytes = grown;
    }
    this.#start = 0;
    this.#end = kept.length;
  }
}
