import { type MediaSample, secondsBehind } from './media-sample.ts';

const firstTargetSeconds = 0.45;
const maxTargetSeconds = 2;
/** An underrun proves the line too uneven for the target: it grows by this much. */
const underrunStepSeconds = 0.2;
/** And comes back down slowly while all is well. */
const easeStepSeconds = 0.05;
const easeEveryMs = 30_000;

/** Above target by this much, playback speeds up. */
const slackSeconds = 0.4;
const gentleRate = 1.1;
/** Further behind than this the gentle rate would take too long. */
const brisklyBehindSeconds = 1.5;
const briskRate = 1.2;
/** Further behind than this playback jumps: after a stalled tab or network nobody wants the old seconds. */
const seekBehindSeconds = 3;
/** Right after the start, or on the way back to a tab, a jump hides among other changes and may be shorter. */
const eagerSeekBehindSeconds = 1;

export interface ChaseDecision {
  readonly seekTo: number | null;
  readonly rate: number;
}

/**
 * Keeps playback near the live edge: a little faster when a little behind, a jump when far behind. Holes in the
 * media and stalls add delay for good unless somebody does this; neither engine does it well by itself.
 */
export class LiveChase {
  #targetSeconds = firstTargetSeconds;
  #easeAtMs = 0;
  #rate = 1;

  get targetSeconds(): number {
    return this.#targetSeconds;
  }

  /** Playback ran dry: keep more in hand from now on. */
  underrun(nowMs: number): void {
    this.#targetSeconds = Math.min(maxTargetSeconds, this.#targetSeconds + underrunStepSeconds);
    this.#easeAtMs = nowMs + easeEveryMs;
  }

  /** A new engine starts at normal speed. What was learnt about the line stays. */
  reset(): void {
    this.#rate = 1;
  }

  decide(sample: MediaSample, nowMs: number, eager: boolean): ChaseDecision {
    this.#ease(nowMs);
    const behind = secondsBehind(sample);
    if (behind === null || sample.seeking) return { seekTo: null, rate: this.#rate };
    const limit = Math.max(
      eager ? eagerSeekBehindSeconds : seekBehindSeconds,
      this.#targetSeconds + 2 * slackSeconds,
    );
    if (behind > limit) {
      this.#rate = 1;
      return { seekTo: this.liveEdge(sample), rate: 1 };
    }
    this.#rate = this.#nextRate(behind);
    return { seekTo: null, rate: this.#rate };
  }

  /** The place to be: the newest data less the target, but never before the start of the range it lies in. */
  liveEdge(sample: MediaSample): number | null {
    const last = sample.ranges.at(-1);
    return last === undefined ? null : Math.max(last.start, last.end - this.#targetSeconds);
  }

  #nextRate(behind: number): number {
    if (behind <= this.#targetSeconds) return 1;
    const over = behind > this.#targetSeconds + slackSeconds;
    if (!over && this.#rate === 1) return 1;
    return behind > brisklyBehindSeconds ? briskRate : gentleRate;
  }

  #ease(nowMs: number): void {
    if (nowMs < this.#easeAtMs || this.#targetSeconds <= firstTargetSeconds) return;
    this.#targetSeconds = Math.max(firstTargetSeconds, this.#targetSeconds - easeStepSeconds);
    this.#easeAtMs = nowMs + easeEveryMs;
  }
}
