import { addressGroup } from './address.ts';

/** How many of something each party has now. Whoever has none is not remembered. */
export class AddressCounts {
  readonly #counts = new Map<string, number>();

  /** How many parties have any. */
  get size(): number {
    return this.#counts.size;
  }

  of(address: string): number {
    return this.#counts.get(addressGroup(address)) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(addressGroup(address), this.of(address) + 1);
  }

  remove(address: string): void {
    const left = this.of(address) - 1;
    if (left > 0) this.#counts.set(addressGroup(address), left);
    else this.#counts.delete(addressGroup(address));
  }
}
