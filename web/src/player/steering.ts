import { type ChaseDecision, LiveChase } from './live-chase.ts';
import type { Seen } from './player-state.ts';
import { playerTimes } from './player-times.ts';
import { secondsToEdge } from './player-view.ts';
import { placeAhead } from './tick-rules.ts';

/** Leads playback to the live edge and keeps it there. */
export class Steering {
  readonly #chase = new LiveChase();
  #eagerUntilMs = 0;
  #isDry = false;
  /** The rate that was set last. */
  rate = 1;

  /** A new engine starts at normal speed. */
  reset(): void {
    this.#chase.reset();
    this.#isDry = false;
    this.rate = 1;
  }

  /** For a moment a jump hides among other changes. */
  beEager(nowMs: number): void {
    this.#eagerUntilMs = nowMs + playerTimes.settleMs;
  }

  decide({ sample, arrivals }: Seen, nowMs: number): ChaseDecision {
    const known = sample !== null && sample.ranges.length > 0;
    return this.#chase.decide(
      {
        inHandSeconds: known ? secondsToEdge(sample, arrivals) : null,
        habitualGapMs: arrivals?.habitualGapMs ?? 0,
        seeking: sample?.seeking ?? false,
        eager: nowMs < this.#eagerUntilMs,
      },
      nowMs,
    );
  }

  /** Notes that playback ran dry, once for each time. */
  noteDryness({ sample }: Seen, moved: boolean, excused: boolean, nowMs: number): void {
    if (moved) this.#isDry = false;
    if (sample === null || this.#isDry || excused || nowMs < this.#eagerUntilMs) return;
    if (sample.readyState >= 3 || sample.seeking) return;
    this.#isDry = true;
    this.#chase.underrun(nowMs);
  }

  /** The place at the live edge, where the viewer wants to be at once. */
  toEdge({ sample, arrivals }: Seen, nowMs: number): number | null {
    if (sample === null || sample.ranges.length === 0) return null;
    const target = this.#chase.targetSeconds(arrivals?.habitualGapMs ?? 0, nowMs);
    return placeAhead(sample, secondsToEdge(sample, arrivals) - target);
  }

  /** After a pause: forward to the live edge, or on from here where that is near. */
  afterPause(seen: Seen, nowMs: number): number | null {
    this.beEager(nowMs);
    const { skipSeconds } = this.decide(seen, nowMs);
    return skipSeconds === null || seen.sample === null ? null : placeAhead(seen.sample, skipSeconds);
  }
}
