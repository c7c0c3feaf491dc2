import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import { AddressRates } from '../../../shared/net/address-rates.ts';
import type { LimitName } from '../../rtmp/limits.ts';

/** How many RTMP connections there may be, and how fast they may come; 0: no limit. */
export interface ConnectLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Of one address. */
  readonly maxConnectsPerSecond: number;
  /** Of one address; further logins are refused without a look at them. */
  readonly maxWrongLoginsPerMinute: number;
}

/** A connection that says connect. */
export interface Arrival {
  readonly address: string;
  /** It brings an answer to a login challenge. */
  readonly answersLogin: boolean;
  readonly nowMs: number;
  /** Connections open now, this one among them. */
  readonly open: number;
  /** Those from its address. */
  countOfAddress(): number;
}

/** Why a connection is not wanted, and the limit behind it. */
export interface Rejection {
  readonly refusal: Refusal;
  readonly limit: LimitName;
}

/** A power cut is over, and every camera behind one router comes at once: 20 seconds' worth of connects. */
const CONNECT_BURST_SECONDS = 20;
/** Connections above the limit that are let in far enough to be told why. */
const ROOM_TO_SAY_WHY = 64;

/** Judges whether one more RTMP connection is wanted. */
export class ConnectGate {
  readonly #limits: ConnectLimits;
  readonly #connects: AddressRates;
  readonly #wrongLogins: AddressRates;

  constructor(limits: ConnectLimits) {
    const { maxConnectsPerSecond: connects, maxWrongLoginsPerMinute: wrong } = limits;
    this.#limits = limits;
    this.#connects = new AddressRates(connects, CONNECT_BURST_SECONDS * connects);
    this.#wrongLogins = new AddressRates(wrong / 60, wrong);
  }

  /** True: so many connections are open that one more is closed without a word. */
  isShut(open: number): boolean {
    const { maxConnections } = this.#limits;
    return maxConnections > 0 && open >= maxConnections + ROOM_TO_SAY_WHY;
  }

  /** Why a connection is turned away, if it is. Counts it. */
  judge(arrival: Arrival): Rejection | undefined {
    const { maxConnections, maxConnectionsPerAddress, maxConnectsPerSecond } = this.#limits;
    const { maxWrongLoginsPerMinute } = this.#limits;
    const { address, nowMs } = arrival;
    if (maxConnectsPerSecond > 0 && !this.#connects.take(address, nowMs)) {
      return { refusal: refuse('too-many-connects', { address }), limit: 'maxConnectsPerSecond' };
    }
    if (maxConnections > 0 && arrival.open > maxConnections) {
      return { refusal: refuse('too-many-connections-in-all'), limit: 'maxConnections' };
    }
    if (maxConnectionsPerAddress > 0 && arrival.countOfAddress() > maxConnectionsPerAddress) {
      return { refusal: refuse('too-many-connections', { address }), limit: 'maxConnectionsPerAddress' };
    }
    const isGuess = maxWrongLoginsPerMinute > 0 && arrival.answersLogin;
    if (isGuess && this.#wrongLogins.isSpent(address, nowMs)) {
      return { refusal: refuse('too-many-wrong-logins', { address }), limit: 'maxWrongLoginsPerMinute' };
    }
    return undefined;
  }

  /** A login was wrong. */
  noteWrongLogin(address: string, nowMs: number): void {
    this.#wrongLogins.take(address, nowMs);
  }
}
