/** The largest value of the last while, in two halves: one is filled while the other is remembered. */
export class RecentMaximum {
  readonly #halfMs: number;
  #sinceMs = 0;
  #current = 0;
  #before = 0;

  constructor(spanMs: number) {
    this.#halfMs = spanMs / 2;
  }

  add(value: number, nowMs: number): void {
    this.#turn(nowMs);
    this.#current = Math.max(this.#current, value);
  }

  at(nowMs: number): number {
    this.#turn(nowMs);
    return Math.max(this.#current, this.#before);
  }

  #turn(nowMs: number): void {
    const past = nowMs - this.#sinceMs;
    if (past < this.#halfMs) return;
    this.#before = past < 2 * this.#halfMs ? this.#current : 0;
    this.#current = 0;
    this.#sinceMs = nowMs;
  }
}
