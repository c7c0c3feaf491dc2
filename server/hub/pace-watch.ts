/** This much time gained or lost, frame by frame and with nothing in the arrival to explain it, is a clock that runs wrongly. */
const MAX_UNEXPLAINED_MS = 1_000;
/** One frame is no evidence, however much it gains or loses: it counts for no more than this. */
const MAX_COUNTED_MS = 250;
/** More than anybody keeps for those who join: no burst, but a file that is sent as fast as the line carries. */
const MAX_BURST_MS = 30_000;
/** Frames that come closer together than this came in one go, and their arrival says nothing about the clock. */
const BURST_MS = 10;
/** A pause says nothing either: longer than so many usual distances, and a little. */
const PAUSE_DISTANCES = 3;
const PAUSE_SLACK_MS = 100;
/** A line that carries less brings frames further apart than usual, and closer together while it makes up for it. */
const LINE_SLOWER = 1.4;
const LINE_FASTER = 0.6;
/** Crystals differ by a hundredth of this: who gains or loses more slowly is no fault. */
const DRIFT_SHARE = 0.01;
/** Time over which the usual distance of frames is measured, and how right the clock has to be meanwhile. */
const MEASURE_MS = 500;
const RIGHT = { min: 0.8, max: 1.25 } as const;
/** Weight of one frame in the mean distance, and of one measurement in the usual one. */
const FRAME_WEIGHT = 1 / 8;
const MEASURE_WEIGHT = 1 / 4;

/**
 * Compares how fast timestamps run with how fast they arrive, by sums that leak and not by rates: jitter cancels out in them, while a
 * clock that gains or loses a third of its time is found out in three seconds, and one that gains a tenth in eleven. Lines delay
 * and bunch, so that frames in a bunch, frames after a pause, and frames at another distance than usual are not counted.
 */
export class PaceWatch {
  #gainedMs = 0;
  /** The same with what counts of each frame. */
  #tooFastMs = 0;
  #tooSlowMs = 0;
  #burstMs = 0;
  #meanMs: number | undefined;
  #usualMs: number | undefined;
  #measured = { deltaMs: 0, waitedMs: 0, frames: 0 };

  /** Time gained that is no burst. */
  get gainedMs(): number {
    return this.#gainedMs;
  }

  /** Mean distance in which frames arrive. */
  get spacingMs(): number | undefined {
    return this.#usualMs ?? this.#meanMs;
  }

  /**
   * Counts a step, and says so when the clock is too fast or too slow: how far the clock moved, how long that took, and how far it is ahead of the
   * least delayed frame before.
   */
  step(deltaMs: number, waitedMs: number, aheadMs: number): 'fast' | 'slow' | undefined {
    const leakMs = DRIFT_SHARE * waitedMs;
    this.#gainedMs = Math.max(0, this.#gainedMs - leakMs);
    this.#tooFastMs = Math.max(0, this.#tooFastMs - leakMs);
    this.#burstMs = Math.max(0, this.#burstMs - leakMs);
    this.#tooSlowMs = Math.max(0, this.#tooSlowMs - leakMs);
    // Who is behind and catches up gains nothing.
    if (aheadMs > 0) this.#countGain(aheadMs, waitedMs);
    this.#countLoss(waitedMs - deltaMs, waitedMs);
    this.#measure(deltaMs, waitedMs);
    if (this.#tooFastMs > MAX_UNEXPLAINED_MS || this.#burstMs > MAX_BURST_MS) return 'fast';
    return this.#tooSlowMs > MAX_UNEXPLAINED_MS ? 'slow' : undefined;
  }

  /** Forgets what was gained and lost: the track is where it should be. */
  settle(): void {
    this.#gainedMs = this.#tooFastMs = this.#tooSlowMs = this.#burstMs = 0;
  }

  /** Another encoder. */
  restart(): void {
    this.settle();
    this.#meanMs = this.#usualMs = undefined;
    this.#measured = { deltaMs: 0, waitedMs: 0, frames: 0 };
  }

  #countGain(aheadMs: number, waitedMs: number): void {
    const isBurst =
      waitedMs < BURST_MS || (this.#usualMs !== undefined && waitedMs < LINE_FASTER * this.#usualMs);
    if (isBurst) {
      this.#burstMs += aheadMs;
    } else {
      this.#gainedMs += aheadMs;
      this.#tooFastMs += Math.min(aheadMs, MAX_COUNTED_MS);
    }
  }

  #countLoss(lostMs: number, waitedMs: number): void {
    if (lostMs > 0) {
      const isPause =
        this.#meanMs === undefined || waitedMs > PAUSE_DISTANCES * this.#meanMs + PAUSE_SLACK_MS;
      if (isPause || (this.#usualMs !== undefined && waitedMs > LINE_SLOWER * this.#usualMs)) return;
    }
    this.#tooSlowMs = Math.max(0, this.#tooSlowMs + Math.min(lostMs, MAX_COUNTED_MS));
  }

  #measure(deltaMs: number, waitedMs: number): void {
    this.#meanMs = mix(this.#meanMs, waitedMs, FRAME_WEIGHT);
    const measured = this.#measured;
    measured.deltaMs += deltaMs;
    measured.waitedMs += waitedMs;
    measured.frames++;
    if (measured.waitedMs < MEASURE_MS) return;
    const rate = measured.deltaMs / measured.waitedMs;
    if (rate >= RIGHT.min && rate <= RIGHT.max) {
      this.#usualMs = mix(this.#usualMs, measured.waitedMs / measured.frames, MEASURE_WEIGHT);
    }
    this.#measured = { deltaMs: 0, waitedMs: 0, frames: 0 };
  }
}

const mix = (old: number | undefined, value: number, weight: number): number =>
  old === undefined ? value : old + (value - old) * weight;
