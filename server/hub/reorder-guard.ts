/** Further back than this is no reordering, however few frames a stream has. */
const MAX_REORDER_MS = 1_000;
/** Encoders that stamp pictures with the time of display step back within a group of B-pictures: three as a rule, a few more at most. */
const MAX_REORDER_FRAMES = 8;

/** Tells timestamps that only change places, and are past the newest one again after a few frames, from a clock that has gone back. */
export class ReorderGuard {
  #newestMs = 0;
  #newestArrivedMs = 0;
  #framesSince = 0;
  #deepestMs = 0;
  /** The longest step back that was undone. */
  #undoneMs = 0;

  /** How long ago the newest timestamp arrived, when others came since that stay behind it. */
  heldMs(nowMs: number): number | undefined {
    return this.#framesSince > 0 ? nowMs - this.#newestArrivedMs : undefined;
  }

  /** Begins anew at a frame. What is known of the encoder's reordering stays. */
  begin(positionMs: number, nowMs: number): void {
    this.#newestMs = positionMs;
    this.#newestArrivedMs = nowMs;
    this.#framesSince = 0;
    this.#deepestMs = 0;
  }

  /** Another encoder. */
  forget(): void {
    this.#undoneMs = 0;
  }

  /**
   * True when this frame, or those before it, are back for good. `stepMs`: the usual distance of frames. `didBefore`: this clock has gone back
   * before, and is believed to again.
   */
  isBackForGood(positionMs: number, nowMs: number, stepMs: number, didBefore: boolean): boolean {
    const backMs = this.#newestMs - positionMs;
    if (backMs < 0 || (backMs === 0 && this.#framesSince === 0)) {
      this.#undoneMs = Math.max(this.#undoneMs, this.#deepestMs);
      this.begin(positionMs, nowMs);
      return false;
    }
    if (backMs > MAX_REORDER_MS) return true;
    if (didBefore && backMs > 2 * this.#undoneMs + stepMs) return true;
    this.#deepestMs = Math.max(this.#deepestMs, backMs);
    this.#framesSince++;
    return this.#framesSince >= MAX_REORDER_FRAMES;
  }
}
