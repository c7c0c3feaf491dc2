/**
 * A viewer's queue while it is not empty: how old is the oldest byte of it? One byte is marked at a time. When the line has taken it, the
 * time that it waited is known, and the newest byte is marked next. So the age costs two numbers, and no list of writes.
 */
export class Backlog {
  /** What its start put in the queue at once is not held against a viewer while no more than that waits. */
  allowanceBytes: number;
  #markedBytes = 0;
  #markedMs: number | undefined;
  #lastWaitMs = 0;

  constructor(allowanceBytes = 0) {
    this.allowanceBytes = allowanceBytes;
  }

  /** Age at stream time `nowMs`, when `takenBytes` of `writtenBytes` have left. Never less than the true one by more than the time between two calls. */
  ageMs(nowMs: number, writtenBytes: number, takenBytes: number): number {
    if (this.#markedMs === undefined || takenBytes >= this.#markedBytes) {
      this.#lastWaitMs = nowMs - (this.#markedMs ?? nowMs);
      this.#markedBytes = writtenBytes;
      this.#markedMs = nowMs;
    }
    return Math.max(this.#lastWaitMs, nowMs - this.#markedMs);
  }
}
