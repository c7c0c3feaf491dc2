/**
 * What is wrong with the timestamps of a track.
 * - `restarts`: they went back and stayed there.
 * - `jumps`: they went ahead further than time did.
 * - `frozen`: they stand still.
 * - `backwards`: they run back.
 * - `fast`, `slow`: they run, at another speed than time. A wrong unit is the extreme of it.
 * - `apart`: they fell behind those of the other track, which are in time.
 * - `late`: they lie further behind than any line can hold.
 */
export type ClockFaultKind =
  | 'restarts'
  | 'jumps'
  | 'frozen'
  | 'backwards'
  | 'fast'
  | 'slow'
  | 'apart'
  | 'late';

/** A fault of one track while it lasts, and for a while after. */
export interface ClockFault {
  readonly kind: ClockFaultKind;
  /** How often it was seen since it began. */
  readonly times: number;
  readonly sinceMs: number;
  /** How fast the timestamps run, where 1 is right; null where that says nothing. */
  readonly rate: number | null;
}

/** A fault that was not seen again for this long is over. Longer than the pause between two of a clock that restarts now and then. */
const FORGET_MS = 15_000;

/** Remembers the latest fault of a track. */
export class ClockFaultLog {
  #fault: { kind: ClockFaultKind; times: number; sinceMs: number; rate: number | null } | undefined;
  #seenMs = 0;

  /** The fault was seen at `nowMs`, once more or for the first time. */
  note(kind: ClockFaultKind, nowMs: number): void {
    const fault = this.current(nowMs);
    if (fault?.kind === kind) this.#fault = { ...fault, times: fault.times + 1 };
    else this.#fault = { kind, times: 1, sinceMs: nowMs, rate: null };
    this.#seenMs = nowMs;
  }

  /** It goes on, and this is what it looks like by now. */
  lasts(kind: ClockFaultKind, rate: number | null, nowMs: number): void {
    const fault = this.current(nowMs);
    this.#fault = { kind, times: fault?.times ?? 1, sinceMs: fault?.sinceMs ?? nowMs, rate };
    this.#seenMs = nowMs;
  }

  /** What is wrong now; undefined when nothing is. */
  current(nowMs: number): ClockFault | undefined {
    return nowMs - this.#seenMs < FORGET_MS ? this.#fault : undefined;
  }

  clear(): void {
    this.#fault = undefined;
  }
}
