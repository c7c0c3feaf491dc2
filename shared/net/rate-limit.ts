/** Lets so many things happen a second on average, and so many at once. Time is told to it. */
export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  #left: number;
  #atMs: number | undefined;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#left = burst;
  }

  /** False: this one is too many. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** Whether one more would be too many. */
  isSpent(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#left < 1;
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#left = Math.min(this.#burst, this.#left + elapsedMs * this.#perMs);
    this.#atMs = nowMs;
  }
}
