/** What a stream of sound alone is content with. */
const FIRST_BLOCK_BYTES = 8 * 1024;
const MAX_BLOCK_BYTES = 128 * 1024;
/** A group that needs more blocks than this gets larger ones. */
const FEW_BLOCKS = 4;
const GROWTH = 4;
/** A body that fills more of the largest block than this has a block of its own, rounded up so that the next one fits as well. */
const MAX_SHARED_BYTES = MAX_BLOCK_BYTES / 4;
const LARGE_STEP_BYTES = 32 * 1024;

/**
 * Keeps the bodies of one stream's packets, which are let go of in the order in which they came: a group of pictures at
 * a time. The memory of one group serves the next one, so that a stream in its course makes hardly any garbage: thousands of
 * small arrays that live for seconds are what a collector is worst at.
 */
export class BodyArena {
  /** Blocks in use, in the order of their bodies. */
  #blocks: Uint8Array[] = [];
  #free: Uint8Array[] = [];
  #at = 0;
  #blockBytes = FIRST_BLOCK_BYTES;
  #oldest: Uint8Array | undefined;

  /** Memory of all blocks, in use and free. */
  get bytes(): number {
    return sizeOf(this.#blocks) + sizeOf(this.#free);
  }

  /** A copy of `body` that stays as it is until `freeBefore` lets go of it. */
  keep(body: Uint8Array): Uint8Array {
    const { length } = body;
    let block = this.#blocks.at(-1);
    if (block === undefined || this.#at + length > block.length) block = this.#open(length);
    const from = this.#at;
    this.#at = from + length;
    const kept = block.subarray(from, this.#at);
    kept.set(body);
    return kept;
  }

  /** Lets go of all bodies that came before this one. `oldest` was given by `keep` and not let go of since. */
  freeBefore(oldest: Uint8Array): void {
    if (oldest === this.#oldest) return;
    const first = this.#blocks.findIndex(({ buffer }) => buffer === oldest.buffer);
    if (first === -1) throw new Error('this body is not kept here');
    this.#oldest = oldest;
    const lastGroupBytes = sizeOf(this.#blocks);
    this.#free.push(...this.#blocks.splice(0, first));
    // The next group may be as large as the last one; memory of a larger one before it is not held for ever.
    while (sizeOf(this.#free) > lastGroupBytes) this.#free.shift();
  }

  /** Lets go of every body, and of the memory they lay in. */
  clear(): void {
    this.#blocks = [];
    this.#free = [];
    this.#at = 0;
    this.#blockBytes = FIRST_BLOCK_BYTES;
    this.#oldest = undefined;
  }

  #open(length: number): Uint8Array {
    const fits = this.#free.findIndex((block) => block.length >= length);
    const block = fits === -1 ? this.#make(length) : (this.#free.splice(fits, 1)[0] as Uint8Array);
    this.#blocks.push(block);
    this.#at = 0;
    return block;
  }

  #make(length: number): Uint8Array {
    if (length > MAX_SHARED_BYTES) {
      return new Uint8Array(Math.ceil(length / LARGE_STEP_BYTES) * LARGE_STEP_BYTES);
    }
    if (this.#blocks.length >= FEW_BLOCKS) {
      this.#blockBytes = Math.min(GROWTH * this.#blockBytes, MAX_BLOCK_BYTES);
    }
    return new Uint8Array(Math.max(this.#blockBytes, length));
  }
}

const sizeOf = (blocks: readonly Uint8Array[]): number => blocks.reduce((sum, { length }) => sum + length, 0);
