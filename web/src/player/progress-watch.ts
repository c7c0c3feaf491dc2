import type { MediaSample } from './media-sample.ts';
import { playerTimes } from './player-times.ts';

/** Notices whether the picture moves. Engines stay silent when a server does, so this is the only way to know. */
export class ProgressWatch {
  #frames = 0;
  #time = 0;
  #movedAtMs = 0;
  #expectedByMs: number | null = null;

  /** A new engine counts from zero. */
  reset(): void {
    this.#frames = 0;
    this.#time = 0;
    this.#expectedByMs = null;
  }

  /** True if something moved since the last sample. Hidden tabs draw no frames, and sound has none: then time counts. */
  observe(sample: MediaSample, byFrames: boolean, nowMs: number): boolean {
    const moved = byFrames ? sample.frames > this.#frames : sample.currentTime > this.#time + 0.01;
    this.#frames = sample.frames;
    this.#time = sample.currentTime;
    if (moved) {
      this.#movedAtMs = nowMs;
      this.#expectedByMs = null;
    }
    return moved;
  }

  /** The standstill has an innocent cause: count from here. */
  excuse(nowMs: number): void {
    this.#movedAtMs = nowMs;
  }

  /** The publisher is back: either the old engine follows by then, or it never will. */
  expectBy(timeMs: number): void {
    this.#expectedByMs = timeMs;
  }

  stillMs(nowMs: number): number {
    return nowMs - this.#movedAtMs;
  }

  /** `overSoon`: the stream is known to be over, so only what is buffered is waited for. */
  isStuck(overSoon: boolean, nowMs: number): boolean {
    if (this.#expectedByMs !== null) return nowMs >= this.#expectedByMs;
    return this.stillMs(nowMs) >= (overSoon ? playerTimes.resumeMs : playerTimes.watchdogMs);
  }
}
