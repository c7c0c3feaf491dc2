/** Random numbers that are the same for the same seed on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 bits (the mixer of splitmix). */
  u32(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** From 0 to `end`, without `end`. */
  below(end: number): number {
    return end <= 0 ? 0 : this.u32() % end;
  }

  chance(one: number): boolean {
    return this.below(one) === 0;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.u32() & 0xff);
  }
}

/** A seed that is made of the parts; equal parts, equal seed. */
export function seedOf(...parts: readonly (number | string | Uint8Array)[]): number {
  let hash = 0x811c9dc5;
  const add = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  };
  for (const part of parts) {
    if (typeof part === 'number') for (let bit = 0; bit < 32; bit += 8) add((part >>> bit) & 0xff);
    else if (typeof part === 'string') for (const char of part) add(char.codePointAt(0) ?? 0);
    else for (const byte of part) add(byte);
  }
  return hash;
}
