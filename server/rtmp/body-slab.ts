/** A connection that only says hello and plays is content with this. */
const FIRST_SLAB_BYTES = 4 * 1024;
const MAX_SLAB_BYTES = 128 * 1024;
/** A slab holds at least so many bodies of the size that made it necessary, and grows as fast. */
const BODIES_PER_SLAB = 8;
const GROWTH = 4;

/**
 * Message bodies are cut from slabs, because an array with memory of its own costs more than the few kilobytes that most
 * messages hold. Bodies of one connection lie one behind the other and are let go of in about that order,
 * so that hardly more memory is held than is used. A large body gets memory of its own.
 */
export class BodySlab {
  #slab: Uint8Array | undefined;
  #at = 0;

  /** `length` bytes that nobody else has and that are never taken back: a slab is freed when none of its bodies is held. */
  take(length: number): Uint8Array {
    if (length * BODIES_PER_SLAB > MAX_SLAB_BYTES) return new Uint8Array(length);
    const slab = this.#slab;
    if (slab === undefined || this.#at + length > slab.length)
      return this.#takeFromNew(length, slab?.length ?? 0);
    const from = this.#at;
    this.#at = from + length;
    return slab.subarray(from, this.#at);
  }

  #takeFromNew(length: number, lastBytes: number): Uint8Array {
    const wanted = Math.max(FIRST_SLAB_BYTES, lastBytes * GROWTH, length * BODIES_PER_SLAB);
    this.#slab = new Uint8Array(Math.min(wanted, MAX_SLAB_BYTES));
    this.#at = length;
    return this.#slab.subarray(0, length);
  }
}
