/**
 * Deliveries per second fall from one per picture to 20 to 10; each step takes a quarter to a third off the load.
 * A process widens when it is busier than `widenAbove` (share of its time; a burst of joins still fits in the rest) and goes back
 * when it is less busy than `narrowBelow`, low enough that the way back does not lead to the next widening.
 */
const STEPS = [
  { paceMs: 0, widenAbove: 0.6, narrowBelow: 0 },
  { paceMs: 50, widenAbove: 0.75, narrowBelow: 0.35 },
  { paceMs: 100, widenAbove: 1, narrowBelow: 0.5 },
] as const;

/** Samples in a row that a change needs. Joins make a process busy for a moment, so the way back is as short. */
const WIDEN_AFTER = 3;
const NARROW_AFTER = 3;

/** Nothing is left to give for those who are here already: nobody new is let in. */
const FULL_ABOVE = 0.92;
/** A burst of joins fills a process for a few seconds, because each join is seconds of stream at once. */
const FULL_AFTER = 10;
/** Even that is not enough: the slowest viewers go, so that the others are served. */
const SHED_ABOVE = 0.97;
const SHED_AFTER = 20;

/** What a busy process does about it, in the order in which it does. Publishers are never touched. */
export interface LoadDecision {
  /** About the time between two deliveries of a stream. */
  readonly paceMs: number;
  /** New viewers are refused. */
  readonly full: boolean;
  /** The slowest viewers are to be ended now. */
  readonly shed: boolean;
}

/** Turns samples of how busy the process is into decisions. Pure; one sample every half second. */
export class PaceControl {
  readonly #maxPaceMs: number;
  #step = 0;
  #above = 0;
  #below = 0;
  #full = 0;
  #shed = 0;

  /** `maxPaceMs` is the widest pace that the operator allows; 0 keeps every picture immediate. */
  constructor(maxPaceMs: number) {
    this.#maxPaceMs = maxPaceMs;
  }

  /** `utilization` is the share of its time that the event loop was busy, 0 to 1. */
  sample(utilization: number): LoadDecision {
    const { widenAbove, narrowBelow } = this.#now;
    this.#above = utilization > widenAbove ? this.#above + 1 : 0;
    this.#below = utilization < narrowBelow ? this.#below + 1 : 0;
    if (this.#above >= WIDEN_AFTER && this.#canWiden()) this.#move(1);
    else if (this.#below >= NARROW_AFTER && this.#step > 0) this.#move(-1);
    const widest = !this.#canWiden();
    this.#full = widest && utilization > FULL_ABOVE ? this.#full + 1 : 0;
    this.#shed = widest && utilization > SHED_ABOVE ? this.#shed + 1 : 0;
    return {
      paceMs: this.#now.paceMs,
      full: this.#full >= FULL_AFTER,
      shed: this.#shed >= SHED_AFTER,
    };
  }

  #canWiden(): boolean {
    const next = STEPS[this.#step + 1];
    return next !== undefined && next.paceMs <= this.#maxPaceMs;
  }

  get #now() {
    return STEPS[this.#step] ?? STEPS[0];
  }

  #move(by: 1 | -1): void {
    this.#step += by;
    this.#above = this.#below = 0;
  }
}
