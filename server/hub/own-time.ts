import type { ClockFaultKind } from './clock-fault.ts';

/** Later than this the track jumps to where it should be; less is made up for bit by bit. */
const SNAP_MS = 250;
/** Ahead by more than this it runs at half speed until it is back, else a tenth slower. */
const FAR_AHEAD_MS = 500;
/** Time over which the publisher's clock is looked at, at least, and by so many frames. */
const MEASURE_MS = 500;
const MEASURE_FRAMES = 3;
/** A clock that was right for so many measurements in a row is followed again. Each time that it was wrong makes that twice as many. */
const TRUST_AFTER = 3;
const MAX_TRUST_AFTER = 240;
const RIGHT_SHARE = 0.1;
/** What it may gain or lose in all meanwhile. */
const MAX_GAIN_MS = 250;
/** What was lost has come back when so many frames lie where they would have been. */
const BACK_FRAMES = 3;
/** Slower than this a clock does not run at all. */
const FROZEN_RATE = 0.0005;

/** One step of the publisher's clock and how long it took. */
export interface ClockStep {
  readonly deltaMs: number;
  readonly waitedMs: number;
  readonly nowMs: number;
}

/**
 * The timeline of a track whose timestamps cannot be used: evenly spaced frames, kept near the time at which they arrive. Meanwhile it
 * looks at the publisher's clock, says what is wrong with it, and when it is right again.
 */
export class OwnTime {
  kind: ClockFaultKind;
  /** How fast the publisher's clock runs; undefined before the first measurement. */
  rate: number | undefined;
  /** Timeline minus arrival, where it should be. */
  readonly baseMs: number;
  readonly #maxAheadMs: number;
  readonly #trustAfter: number;
  /** Time was lost, and may come back. */
  readonly #lost: boolean;
  #spacingMs: number;
  #right = 0;
  #gainedMs = 0;
  /** Where the publisher's clock would be, had it been followed. */
  #followedMs: number;
  #framesBack = 0;
  #measured = newMeasure();

  constructor(
    kind: ClockFaultKind,
    options: {
      readonly baseMs: number;
      readonly spacingMs: number;
      readonly maxAheadMs: number;
      /** How often this clock was wrong, this time included. */
      readonly times: number;
      readonly followedMs: number;
    },
  ) {
    this.kind = kind;
    this.#lost = kind === 'slow' || kind === 'frozen';
    this.#trustAfter = Math.min(MAX_TRUST_AFTER, TRUST_AFTER * 2 ** (options.times - 1));
    this.#followedMs = options.followedMs;
    this.baseMs = options.baseMs;
    this.#spacingMs = options.spacingMs;
    this.#maxAheadMs = options.maxAheadMs;
  }

  /** True when the publisher's clock has been right for a while and the track is where it should be. */
  isRightAgain(positionMs: number, nowMs: number): boolean {
    return this.#right >= this.#trustAfter && Math.abs(nowMs + this.baseMs - positionMs) <= SNAP_MS;
  }

  /**
   * Where the publisher's clock is, when it is back where it would have been all along: it stood for a while, or nothing was wrong with it
   * but a line that was too slow at the very beginning.
   */
  get cameBackAt(): number | undefined {
    return this.#lost && this.#framesBack >= BACK_FRAMES ? this.#followedMs : undefined;
  }

  /** Where the next frame goes, after one at `lastMs`. */
  next(lastMs: number, step: ClockStep): number {
    this.#look(step);
    const expectedMs = lastMs + this.#spacingMs;
    const behindMs = step.nowMs + this.baseMs - expectedMs;
    if (behindMs > SNAP_MS) return expectedMs + behindMs;
    if (behindMs > 0) return expectedMs + behindMs / 10;
    const slower = behindMs < -FAR_AHEAD_MS ? 0.5 : 0.1;
    return lastMs + Math.max(this.#spacingMs + behindMs, this.#spacingMs * (1 - slower));
  }

  #look({ deltaMs, waitedMs, nowMs }: ClockStep): void {
    this.#followedMs += deltaMs;
    const isBack = Math.abs(this.#followedMs - nowMs - this.baseMs) <= SNAP_MS;
    this.#framesBack = isBack && deltaMs > 0 ? this.#framesBack + 1 : 0;
    const measured = this.#measured;
    measured.waitedMs += waitedMs;
    measured.deltaMs += deltaMs;
    measured.frames++;
    if (deltaMs < 0) measured.back++;
    if (deltaMs - waitedMs > this.#maxAheadMs) measured.ahead++;
    if (measured.waitedMs < MEASURE_MS || measured.frames < MEASURE_FRAMES) return;
    this.#spacingMs = measured.waitedMs / measured.frames;
    const rate = measured.deltaMs / measured.waitedMs;
    this.rate = rate;
    this.#gainedMs += measured.deltaMs - measured.waitedMs;
    const isRight =
      measured.back + measured.ahead === 0 &&
      Math.abs(rate - 1) <= RIGHT_SHARE &&
      Math.abs(this.#gainedMs) <= MAX_GAIN_MS;
    this.#right = isRight ? this.#right + 1 : 0;
    if (!isRight) this.#gainedMs = 0;
    if (this.#right === 0) this.kind = kindOf(measured, rate);
    this.#measured = newMeasure();
  }

  /** True while the clock is seen to be wrong. */
  get isWrong(): boolean {
    return this.#right === 0;
  }
}

interface Measure {
  deltaMs: number;
  waitedMs: number;
  frames: number;
  /** Steps back, and steps ahead that no arrival explains. */
  back: number;
  ahead: number;
}

const newMeasure = (): Measure => ({ deltaMs: 0, waitedMs: 0, frames: 0, back: 0, ahead: 0 });

function kindOf({ frames, back, ahead }: Measure, rate: number): ClockFaultKind {
  if (2 * back > frames) return 'backwards';
  if (back > 0) return 'restarts';
  if (ahead > 0 && 2 * ahead < frames) return 'jumps';
  if (rate < FROZEN_RATE) return 'frozen';
  return rate < 1 ? 'slow' : 'fast';
}
