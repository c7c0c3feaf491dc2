/** Seconds that a rate is averaged over: short enough to follow, long enough to be readable. */
const WINDOW = 4;

/** Rate of a counter that only grows, from samples taken about once a second. */
export class RateMeter {
  readonly #samples: { atMs: number; total: number }[] = [];

  sample(atMs: number, total: number): void {
    this.#samples.push({ atMs, total });
    if (this.#samples.length > WINDOW + 1) this.#samples.shift();
  }

  /** Units per second over the window; 0 until two samples are there. */
  get perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return 0;
    return ((last.total - first.total) * 1000) / (last.atMs - first.atMs);
  }

  reset(): void {
    this.#samples.length = 0;
  }
}
