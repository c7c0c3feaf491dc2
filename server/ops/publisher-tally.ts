import { addressGroup } from '../../shared/net/address.ts';
import type { HubView } from '../hub/hub-view.ts';

/** Who publishes how many streams, by address: one party must not take all the names there are. */
export class PublisherTally {
  /** Stream -> whose it is. */
  readonly #owners = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Follows a hub. */
  watch(hub: Pick<HubView, 'subscribeEvents'>): void {
    hub.subscribeEvents((event) => {
      const { type, stream } = event;
      if (type === 'published' || type === 'resumed') this.#set(stream, addressGroup(event.session.address));
      else if (type === 'interrupted' || type === 'ended') this.#set(stream, undefined);
    });
  }

  /** How many streams other than this one an address publishes. */
  othersOf(address: string, stream: string): number {
    const group = addressGroup(address);
    return (this.#counts.get(group) ?? 0) - (this.#owners.get(stream) === group ? 1 : 0);
  }

  #set(stream: string, group: string | undefined): void {
    const before = this.#owners.get(stream);
    if (before !== undefined) {
      const left = (this.#counts.get(before) ?? 0) - 1;
      if (left > 0) this.#counts.set(before, left);
      else this.#counts.delete(before);
      this.#owners.delete(stream);
    }
    if (group === undefined) return;
    this.#owners.set(stream, group);
    this.#counts.set(group, (this.#counts.get(group) ?? 0) + 1);
  }
}
