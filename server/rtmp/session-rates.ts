import { RateLimit } from '../../shared/net/rate-limit.ts';
import type { RtmpLimits } from './limits.ts';

/** How often the client of a session may do what costs something. Each call counts one; false: it is too many. */
export class SessionRates {
  /** The time of what is judged. While nobody knows it, everything may be. */
  nowMs: number | undefined;
  readonly #commands: RateLimit;
  readonly #requests: RateLimit;
  readonly #data: RateLimit;
  readonly #pings: RateLimit;

  constructor(limits: RtmpLimits) {
    this.#commands = new RateLimit(limits.maxCommandsPerSecond, limits.maxCommandBurst);
    this.#requests = new RateLimit(limits.maxRequestsPerSecond, limits.maxRequestBurst);
    this.#data = new RateLimit(limits.maxDataPerSecond, limits.maxDataBurst);
    this.#pings = new RateLimit(limits.maxPingsPerSecond, limits.maxPingBurst);
  }

  /** A command, or a shared object. */
  mayCommand(): boolean {
    return this.#may(this.#commands);
  }

  /** A publish or a play. */
  mayRequest(): boolean {
    return this.#may(this.#requests);
  }

  /** A data message. */
  mayData(): boolean {
    return this.#may(this.#data);
  }

  /** A ping, or a change of the bandwidth, that is answered. */
  mayPing(): boolean {
    return this.#may(this.#pings);
  }

  #may(limit: RateLimit): boolean {
    return this.nowMs === undefined || limit.take(this.nowMs);
  }
}
