/** Writes bits, most significant first. */
export class BitWriter {
  #bytes: number[] = [];
  #current = 0;
  #count = 0;

  /** The lowest `count` bits of `value`; at most 32. */
  bits(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) {
      this.#current = (this.#current << 1) | ((value >>> i) & 1);
      this.#count++;
      if (this.#count === 8) this.#flush();
    }
    return this;
  }

  flag(value: boolean): this {
    return this.bits(value ? 1 : 0, 1);
  }

  /** Unsigned Exp-Golomb code, ue(v) of H.264 section 9.1, of a number below 2^31 - 1. */
  ue(value: number): this {
    const length = 32 - Math.clz32(value + 1);
    return this.bits(0, length - 1).bits(value + 1, length);
  }

  /** A one and zeros up to the next byte, as a raw byte sequence payload ends; then all of it. */
  finish(): Uint8Array {
    return this.bits(1, 1).aligned();
  }

  /** Zeros up to the next byte; then all of it. */
  aligned(): Uint8Array {
    while (this.#count > 0) this.bits(0, 1);
    return Uint8Array.from(this.#bytes);
  }

  #flush(): void {
    this.#bytes.push(this.#current);
    this.#current = 0;
    this.#count = 0;
  }
}
