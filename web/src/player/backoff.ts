export interface BackoffRange {
  readonly firstMs: number;
  readonly capMs: number;
}

/**
 * How long to wait before retry number `attempt` (from 0): doubles up to the cap, then up to a quarter is taken
 * off at random, so that a thousand pages that lost the same server do not all come back in the same moment.
 * `random` is a number from 0 up to 1.
 */
export function backoffDelayMs(attempt: number, range: BackoffRange, random: number): number {
  const full = Math.min(range.capMs, range.firstMs * 2 ** Math.max(0, attempt));
  return Math.round(full * (1 - 0.25 * random));
}
