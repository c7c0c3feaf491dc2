import type { Silence } from '../../../shared/codec/silence.ts';
import { timestampDelta } from '../../../shared/media/timestamp.ts';

/** What to put before a sound frame, and whether the frame itself still has a place. */
export interface SoundDecision {
  /** Stream times of silent frames. */
  readonly silence: readonly number[];
  readonly keep: boolean;
}

/** Pictures may be this far ahead before missing sound is taken for a pause. The page plays nearly half a second behind. */
const patienceMs = 250;
/** Sound that came within this time is late at most, whatever its timestamps are. */
const recentMs = 200;
const maxPatienceMs = 10_000;
/** A longer hole is a jump of the timeline, which is not filled. */
const maxHoleMs = 30_000;
/** A smaller hole is jitter: encoders round times, and some give several frames the same one. Players allow for as much. */
const jitterFrames = 3;
/** What is left of a deviation of the timestamps from the sum of durations is taken over slowly: clocks drift. */
const driftShare = 0.02;

/**
 * Fills holes of a sound track with silence while pictures go on: a microphone that is pushed to talk, or muted by leaving
 * sound out. Browsers stop both as soon as one announced track is missing. Sound that turns out to be merely late is given the time it needs
 * from then on, because a short delay is better than a part of it lost.
 */
export class SoundFiller {
  readonly #silence: Silence;
  #startMs: number | null = null;
  /** Where the sound ends so far, real or filled in. */
  #endMs: number | null = null;
  /** Up to here it was filled in. */
  #filledToMs: number | null = null;
  #soundAtMs: number;

  constructor(silence: Silence, nowMs: number) {
    this.#silence = silence;
    this.#soundAtMs = nowMs;
  }

  /**
   * A picture came. Returns the stream times of the silent frames that go before it. `usuallyLateMs` tells how far pictures are ahead
   * when sound comes.
   */
  picture(timestampMs: number, usuallyLateMs: number, nowMs: number): number[] {
    // A stream without any sound so far begins with its first picture.
    this.#startMs ??= timestampMs;
    if (nowMs - this.#soundAtMs < recentMs) return [];
    const endMs = this.#endMs ?? this.#startMs;
    const aheadMs = timestampDelta(Math.round(endMs), timestampMs);
    const patience = Math.min(maxPatienceMs, Math.max(patienceMs, usuallyLateMs * 1.25 + 100));
    if (aheadMs < patience || aheadMs > maxHoleMs + patience) return [];
    this.#endMs = endMs;
    const filled = this.#fillTo(timestampMs - usuallyLateMs);
    this.#filledToMs = this.#endMs;
    return filled;
  }

  sound(timestampMs: number, nowMs: number): SoundDecision {
    this.#soundAtMs = nowMs;
    const endMs = this.#endMs ?? timestampMs;
    const { durationMs } = this.#silence;
    const holeMs = timestampDelta(Math.round(endMs), timestampMs);
    const filled = this.#filledToMs;
    if (filled !== null && holeMs < -durationMs && timestampDelta(timestampMs, Math.round(filled)) > 0)
      return { silence: [], keep: false };
    this.#filledToMs = null;
    if (holeMs > maxHoleMs || holeMs < -durationMs * jitterFrames) {
      this.#endMs = timestampMs + durationMs;
      return { silence: [], keep: true };
    }
    this.#endMs = endMs;
    const wide = filled === null ? jitterFrames : 0;
    const silence = holeMs > durationMs * wide ? this.#fillTo(timestampMs) : [];
    // What is left is jitter.
    const left = timestampDelta(Math.round(this.#endMs), timestampMs);
    this.#endMs += durationMs + left * driftShare;
    return { silence, keep: true };
  }

  #fillTo(timestampMs: number): number[] {
    const times: number[] = [];
    let endMs = this.#endMs ?? timestampMs;
    const leftMs = timestampDelta(Math.round(endMs), Math.round(timestampMs));
    // Rounded, so that the error of many pauses does not add up.
    const frames = Math.max(0, Math.round(leftMs / this.#silence.durationMs));
    for (let i = 0; i < frames; i++) {
      times.push(Math.round(endMs) >>> 0);
      endMs += this.#silence.durationMs;
    }
    this.#endMs = endMs;
    return times;
  }
}
