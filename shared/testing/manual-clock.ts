/** A clock that moves only when a test says so. Fits wherever the hub's `Clock` is asked for. */
export class ManualClock {
  #elapsedMs = 0;
  readonly #startMonotonicMs: number;
  readonly #startWallMs: number;

  constructor(startMonotonicMs = 1_000, startWallMs = Date.UTC(2026, 0, 1)) {
    this.#startMonotonicMs = startMonotonicMs;
    this.#startWallMs = startWallMs;
  }

  monotonicMs(): number {
    return this.#startMonotonicMs + this.#elapsedMs;
  }

  wallMs(): number {
    return this.#startWallMs + this.#elapsedMs;
  }

  advance(ms: number): void {
    if (!(ms >= 0)) throw new Error(`time does not go by ${ms} ms`);
    this.#elapsedMs += ms;
  }
}
