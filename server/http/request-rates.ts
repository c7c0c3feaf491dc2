import { AddressRates } from '../../shared/net/address-rates.ts';

/** A page is a dozen requests at once, and a full hall opens it behind one router: 20 seconds' worth. */
const BURST_SECONDS = 20;

/** Requests by the address that they come from. */
export class RequestRates {
  readonly #rates: AddressRates | undefined;

  /** 0: no limit. */
  constructor(perSecond: number) {
    this.#rates = perSecond > 0 ? new AddressRates(perSecond, BURST_SECONDS * perSecond) : undefined;
  }

  /** Counts one. False: it is too many. */
  take(address: string, nowMs: number): boolean {
    return this.#rates?.take(address, nowMs) ?? true;
  }
}
