/** A clock that moves only when a test says so. Fits wherever the hub's `Clock` is asked for. */
export class ManualClock {
  #elapsedMs = 0;
  #soon: (() => void)[] = [];
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

  soon(run: () => void): void {
    this.#soon.push(run);
  }

  /** Runs what waits for its turn, and what comes of that only the next time. Gives how much it was. */
  takeTurn(): number {
    const turns = this.#soon;
    this.#soon = [];
    for (const run of turns) run();
    return turns.length;
  }

  advance(ms: number): void {
    if (!(ms >= 0)) throw new Error(`time does not go by ${ms} ms`);
    this.#elapsedMs += ms;
  }
}
