import { backoffDelayMs } from './backoff.ts';
import type { PlayerReason } from './player-state.ts';
import { playerTimes } from './player-times.ts';

/** How long to wait before the stream is asked for again: not at all the first time, then longer and longer. */
export class RetryPace {
  readonly #random: () => number;
  #attempt = 0;

  /** `random` gives a number from 0 up to 1 at each call. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** It played for a while: what goes wrong next is a new fault. */
  steady(): void {
    this.#attempt = 0;
  }

  /** Milliseconds until the next attempt, 0 for at once. A server that is away is never asked at once. */
  retryMs(reason: PlayerReason): number {
    const attempt = this.#attempt;
    this.#attempt += 1;
    if (attempt === 0 && reason !== 'server-restarting' && reason !== 'unreachable') return 0;
    return backoffDelayMs(Math.max(0, attempt - 1), playerTimes.backoff, this.#random());
  }

  /** Milliseconds until a stream that is not live is asked for again. */
  pollMs(): number {
    const delayMs = backoffDelayMs(this.#attempt, playerTimes.poll, this.#random());
    this.#attempt += 1;
    return delayMs;
  }
}
