import { refuse } from '../../shared/contract/errors.ts';
import { AddressCounts } from '../../shared/net/address-counts.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { Hub } from '../hub/hub.ts';

/** How many may wait for a stream at a time; 0: no limit. */
export interface WaitingLimits {
  readonly maxWaiting: number;
  /** Of one address. */
  readonly maxWaitingPerAddress: number;
}

/** What somebody waits for, and for how long. */
export interface Wait {
  readonly stream: string;
  /** `published`: somebody publishes. `live`: its first keyframe is there as well. */
  readonly until: 'published' | 'live';
  readonly address: string;
  readonly ms: number;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly until: Wait['until'];
  leave(came: boolean): void;
}

const UNLIMITED: WaitingLimits = { maxWaiting: 0, maxWaitingPerAddress: 0 };

/** Each that is let go costs a join or an answer, a fraction of a millisecond. Media and other work get their turn in between. */
const LET_GO_AT_ONCE = 25;

/**
 * Everybody who waits for a stream that is not live, over any protocol. It listens to the hub once for all of them, holds
 * so many and no more, and lets a crowd go in slices: when their stream comes, or when their time is over in the same moment.
 */
export class WaitingRoom {
  readonly #hub: Hub;
  readonly #limits: WaitingLimits;
  readonly #limitReached: (limit: keyof WaitingLimits) => void;
  readonly #waiting = new Map<string, Set<Waiter>>();
  readonly #ofAddress = new AddressCounts();
  readonly #leaving: (() => void)[] = [];
  #size = 0;
  #stopListening: (() => void) | undefined;

  constructor(
    hub: Hub,
    limits: Partial<WaitingLimits> = {},
    limitReached: (limit: keyof WaitingLimits) => void = () => {},
  ) {
    this.#hub = hub;
    this.#limits = { ...UNLIMITED, ...limits };
    this.#limitReached = limitReached;
  }

  /** How many wait now. */
  get size(): number {
    return this.#size;
  }

  /**
   * Resolves true when the stream is there, at once or in time; false when the time or the caller's patience is over.
   * Rejects with a refusal when too many wait.
   */
  async wait({ stream, until, address, ms, signal }: Wait): Promise<boolean> {
    if (this.#isThere(stream, until)) return true;
    if (ms <= 0 || signal.aborted) return false;
    this.#enter(address);
    try {
      return await this.#sit(stream, until, ms, signal);
    } finally {
      this.#exit(address);
    }
  }

  #isThere(stream: string, until: Wait['until']): boolean {
    return until === 'published' ? this.#hub.isLive(stream) : this.#hub.hasStarted(stream);
  }

  #enter(address: string): void {
    const { maxWaiting, maxWaitingPerAddress } = this.#limits;
    if (maxWaitingPerAddress > 0 && this.#ofAddress.of(address) >= maxWaitingPerAddress) {
      this.#limitReached('maxWaitingPerAddress');
      throw new RefusalError(refuse('too-many-waiting', { address }));
    }
    if (maxWaiting > 0 && this.#size >= maxWaiting) {
      this.#limitReached('maxWaiting');
      throw new RefusalError(refuse('too-many-waiting-in-all'));
    }
    this.#ofAddress.add(address);
    this.#size++;
    this.#stopListening ??= this.#listen();
  }

  #exit(address: string): void {
    this.#ofAddress.remove(address);
    this.#size--;
    if (this.#size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #sit(stream: string, until: Wait['until'], ms: number, signal: AbortSignal): Promise<boolean> {
    const waiters = this.#waiting.get(stream) ?? new Set<Waiter>();
    this.#waiting.set(stream, waiters);
    return new Promise((resolve) => {
      const stopWaiting = () => {
        clearTimeout(timer);
        waiters.delete(waiter);
        if (waiters.size === 0 && this.#waiting.get(stream) === waiters) this.#waiting.delete(stream);
      };
      const left = () => {
        stopWaiting();
        resolve(false);
      };
      const waiter: Waiter = {
        until,
        leave: (came) => {
          stopWaiting();
          this.#letGo(() => {
            signal.removeEventListener('abort', left);
            resolve(came && !signal.aborted);
          });
        },
      };
      const timer = setTimeout(() => waiter.leave(false), ms);
      // The signal goes with the request, and this listener with it.
      signal.addEventListener('abort', left, { once: true });
      waiters.add(waiter);
    });
  }

  /** Viewers come and go by the hundred, and change nothing for those who wait. */
  #listen(): () => void {
    return this.#hub.subscribeEvents(({ type, stream }) => {
      if (type !== 'published' && type !== 'resumed' && type !== 'changed') return;
      const waiters = this.#waiting.get(stream);
      if (!waiters) return;
      const there = { published: this.#isThere(stream, 'published'), live: this.#isThere(stream, 'live') };
      for (const waiter of [...waiters]) if (there[waiter.until]) waiter.leave(true);
    });
  }

  #letGo(resolve: () => void): void {
    this.#leaving.push(resolve);
    if (this.#leaving.length === 1) setImmediate(() => this.#letSomeGo());
  }

  #letSomeGo(): void {
    for (const resolve of this.#leaving.splice(0, LET_GO_AT_ONCE)) resolve();
    if (this.#leaving.length > 0) setImmediate(() => this.#letSomeGo());
  }
}
