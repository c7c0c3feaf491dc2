import { addressGroup } from '../../shared/net/address.ts';
import { AddressCounts } from '../../shared/net/address-counts.ts';
import type { HubView } from '../hub/hub-view.ts';

/** Who publishes how many streams, by address: one party must not take all the names there are. */
export class PublisherTally {
  /** Stream -> whose it is. */
  readonly #owners = new Map<string, string>();
  readonly #counts = new AddressCounts();

  /** Follows a hub. */
  watch(hub: Pick<HubView, 'subscribeEvents'>): void {
    hub.subscribeEvents((event) => {
      const { type, stream } = event;
      if (type === 'published' || type === 'resumed') this.#set(stream, event.session.address);
      else if (type === 'interrupted' || type === 'ended') this.#set(stream, undefined);
    });
  }

  /** How many streams other than this one an address publishes. */
  othersOf(address: string, stream: string): number {
    const owner = this.#owners.get(stream);
    const isOwner = owner !== undefined && addressGroup(owner) === addressGroup(address);
    return this.#counts.of(address) - (isOwner ? 1 : 0);
  }

  #set(stream: string, address: string | undefined): void {
    const before = this.#owners.get(stream);
    if (before !== undefined) this.#counts.remove(before);
    this.#owners.delete(stream);
    if (address === undefined) return;
    this.#owners.set(stream, address);
    this.#counts.add(address);
  }
}
