/** What a stream keeps for newcomers, and how it gives that back. */
export interface CacheHolder {
  /** Memory of the stream's bodies. */
  readonly keptBytes: number;
  /** Lets go of all that can be done without. Newcomers of this stream wait for its next keyframe. */
  shed(): void;
}

/**
 * One budget for what all streams together keep for newcomers. A stream may keep what it likes while there is room; when there is none,
 * those go back who keep more than their share, so that strangers with large streams cannot take the memory of all.
 */
export class CacheBudget {
  readonly #maxBytes: number;
  readonly #holders = new Map<CacheHolder, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** What all of them keep. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Notes what a stream keeps now, and has it shed when that is more than its share of what there is. */
  report(holder: CacheHolder): void {
    this.#note(holder, holder.keptBytes);
    if (this.#bytes <= this.#maxBytes) return;
    if (holder.keptBytes * this.#holders.size <= this.#maxBytes) return;
    holder.shed();
    this.#note(holder, holder.keptBytes);
  }

  leave(holder: CacheHolder): void {
    this.#bytes -= this.#holders.get(holder) ?? 0;
    this.#holders.delete(holder);
  }

  #note(holder: CacheHolder, bytes: number): void {
    this.#bytes += bytes - (this.#holders.get(holder) ?? 0);
    this.#holders.set(holder, bytes);
  }
}
