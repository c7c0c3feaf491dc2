import { ProtocolError } from './protocol-error.ts';

/** A cursor over bits, most significant first. Reading past the end throws `ProtocolError('truncated')`. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bits that are left. */
  get remaining(): number {
    return this.#bytes.length * 8 - this.#at;
  }

  /** An unsigned number of up to 32 bits. */
  bits(count: number): number {
    if (count < 0 || count > 32) throw new Error(`cannot read ${count} bits at once`);
    this.#need(count);
    let value = 0;
    let left = count;
    while (left > 0) {
      const inByte = 8 - (this.#at & 7);
      const take = Math.min(left, inByte);
      const byte = this.#bytes[this.#at >> 3]!;
      // Multiplication, because a shift would make a 32-bit number negative.
      value = value * 2 ** take + ((byte >> (inByte - take)) & ((1 << take) - 1));
      this.#at += take;
      left -= take;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    this.#need(count);
    this.#at += count;
  }

  /** Unsigned Exp-Golomb code, ue(v) of H.264 section 9.1. */
  ue(): number {
    let zeros = 0;
    while (!this.flag()) {
      zeros++;
      if (zeros > 32)
        throw new ProtocolError('bad-value', 'an Exp-Golomb code of more than 32 bits', this.#at >> 3);
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** Signed Exp-Golomb code, se(v) of H.264 section 9.1.1. */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : 0 - code / 2;
  }

  #need(count: number): void {
    if (count > this.remaining) {
      throw new ProtocolError('truncated', `needs ${count} bits, has ${this.remaining}`, this.#at >> 3);
    }
  }
}
