import { addressGroup } from './address.ts';
import { RateLimit } from './rate-limit.ts';

/** Bounds memory when very many addresses come; those that were not heard of for longest are forgotten. */
const MAX_ADDRESSES = 10_000;

/** Counts something by the address that it comes from: so often a second on average, and so often at once. */
export class AddressRates {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #maxAddresses: number;
  /** Least lately used first. */
  readonly #rates = new Map<string, RateLimit>();

  constructor(perSecond: number, burst: number, maxAddresses = MAX_ADDRESSES) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#maxAddresses = maxAddresses;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#rates.size;
  }

  /** Counts one. False: it is too many. */
  take(address: string, nowMs: number): boolean {
    const group = addressGroup(address);
    const rate = this.#rates.get(group) ?? new RateLimit(this.#perSecond, this.#burst);
    this.#rates.delete(group);
    this.#rates.set(group, rate);
    const oldest = this.#rates.keys().next().value;
    if (this.#rates.size > this.#maxAddresses && oldest !== undefined) this.#rates.delete(oldest);
    return rate.take(nowMs);
  }

  /** Whether one more would be too many. */
  isSpent(address: string, nowMs: number): boolean {
    return this.#rates.get(addressGroup(address))?.isSpent(nowMs) ?? false;
  }
}
