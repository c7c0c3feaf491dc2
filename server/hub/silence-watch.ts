/** How long no frame may come until that is silence. */
export interface SilenceLimits {
  /** Before the first frame. */
  readonly firstMs: number;
  /** While one frame has come and nobody knows how often others will. */
  readonly unknownMs: number;
  /** Where frames come several times a second. */
  readonly minMs: number;
  /** However rarely they come. */
  readonly maxMs: number;
}

/**
 * For a whole stream. An encoder may open its camera after it has connected. A slide, or a picture of a camera each ten seconds, is no silence.
 * After a second and a half of nothing it is the encoder, not the line, that has a pause.
 */
export const streamSilence: SilenceLimits = {
  firstMs: 3_000,
  unknownMs: 12_000,
  minMs: 1_500,
  maxMs: 30_000,
};
/** The usual distance of frames is known once frames have come for so long. */
const KNOWN_AFTER_MS = 500;
/** A stream is silent after so many of its usual distances. */
const USUAL_DISTANCES = 2;
/** How fast the past is forgotten: a stream that becomes slow is known for it after a few frames. */
const MEMORY_MS = 20_000;

/**
 * Tells who sends nothing from who sends rarely, for a stream or one of its tracks. The usual distance between frames decides: their
 * mean by time, so that a burst of a hundred frames each three seconds counts as a frame each three seconds. A single long pause
 * counts as little more than what was expected anyway, or the next pause would be noticed late.
 */
export class SilenceWatch {
  readonly #limits: SilenceLimits;
  #lastMs: number;
  #came = false;
  /** Of the distances between frames: their fading sum, and that of their squares. */
  #sumMs = 0;
  #squares = 0;

  /** It is waited for from `nowMs` on. */
  constructor(nowMs: number, limits: SilenceLimits) {
    this.#limits = limits;
    this.#lastMs = nowMs;
  }

  /** A frame arrived. */
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

  /** The usual distance of frames; undefined while it is not known. */
  get usualMs(): number | undefined {
    return this.#sumMs < KNOWN_AFTER_MS ? undefined : this.#squares / this.#sumMs;
  }

  /** How long may pass without a frame. */
  get boundMs(): number {
    const { firstMs, unknownMs, minMs, maxMs } = this.#limits;
    if (!this.#came) return firstMs;
    const { usualMs } = this;
    if (usualMs === undefined) return unknownMs;
    return Math.min(maxMs, Math.max(minMs, USUAL_DISTANCES * usualMs));
  }

  /** How long nothing has come, when that is longer than usual. */
  silentMs(nowMs: number): number | undefined {
    const sinceMs = nowMs - this.#lastMs;
    return sinceMs >= this.boundMs ? sinceMs : undefined;
  }
}
