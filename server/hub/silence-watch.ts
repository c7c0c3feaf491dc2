/** Frames that come several times a second and then for so long not at all: the encoder, not the line, has a pause. */
export const SILENT_MS = 1_500;
/** Before the first frame: an encoder may open its camera after it has connected. */
export const FIRST_FRAME_MS = 3_000;
/** While one frame has come and nobody knows how often others will: a slide or a picture of a camera each ten seconds is no silence. */
export const UNKNOWN_RATE_MS = 12_000;
/** However slow a stream is, this long without a frame is silence. */
export const MAX_SILENT_MS = 30_000;
/** The usual distance of frames is known once frames have come for so long. */
const KNOWN_AFTER_MS = 500;
/** A stream is silent after so many of its usual distances. */
const USUAL_DISTANCES = 2;
/** How fast the past is forgotten: a stream that becomes slow is known for it after a few frames. */
const MEMORY_MS = 20_000;

/**
 * Tells a publisher who is connected and sends nothing from one who sends rarely. The usual distance between frames decides: their
 * mean by time, so that a burst of a hundred frames each three seconds counts as a frame each three seconds. A single long pause
 * counts as little more than what was expected anyway, or the next pause would be noticed late.
 */
export class SilenceWatch {
  #lastMs: number;
  #came = false;
  /** Of the distances between frames: their fading sum, and that of their squares. */
  #sumMs = 0;
  #squares = 0;

  /** The publisher connected at `nowMs`. */
  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** A frame of any track arrived. */
  frame(nowMs: number): void {
    const distanceMs = Math.max(0, nowMs - this.#lastMs);
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    if (!this.#came) {
      this.#came = true;
      return;
    }
    if (distanceMs === 0) return;
    const countedMs = Math.min(distanceMs, USUAL_DISTANCES * this.boundMs);
    const left = Math.exp(-distanceMs / MEMORY_MS);
    this.#sumMs = this.#sumMs * left + countedMs;
    this.#squares = this.#squares * left + countedMs ** 2;
  }

  /** How long this stream may be without a frame. */
  get boundMs(): number {
    if (!this.#came) return FIRST_FRAME_MS;
    if (this.#sumMs < KNOWN_AFTER_MS) return UNKNOWN_RATE_MS;
    const usualMs = this.#squares / this.#sumMs;
    return Math.min(MAX_SILENT_MS, Math.max(SILENT_MS, USUAL_DISTANCES * usualMs));
  }

  /** How long nothing has come, when that is longer than this stream may be without a frame. */
  silentMs(nowMs: number): number | undefined {
    const sinceMs = nowMs - this.#lastMs;
    return sinceMs >= this.boundMs ? sinceMs : undefined;
  }
}
