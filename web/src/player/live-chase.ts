/** Behind the newest data playback wants to be. */
const firstTargetSeconds = 0.45;
/** Beyond what gaps ask for. */
const marginSeconds = 0.25;
const maxTargetSeconds = 15;
/** Playback ran dry: for a while it keeps this much more in hand. */
const underrunStepSeconds = 0.2;
const underrunSpanMs = 20_000;
const maxUnderrunSeconds = 1;

/** Above target by this much, playback speeds up: by so little that nobody hears it. */
const slackSeconds = 0.4;
const gentleRate = 1.05;
/** Further above target than this the gentle rate would take too long. */
const farAboveSeconds = 0.6;
const briskRate = 1.1;
/** Further behind than this playback jumps: after a stalled tab or network nobody wants the old seconds. */
const seekBehindSeconds = 3;
/** Right after the start, or on the way back to a tab, a jump hides among other changes and may be shorter. */
const eagerSeekBehindSeconds = 0.9;

/** Where playback is, and what the line is like. */
export interface ChaseFacts {
  /** Seconds of data in hand: from what is shown to the newest that the browser has. Null: none. */
  readonly inHandSeconds: number | null;
  /** How long nothing comes at a time, more than once lately. */
  readonly habitualGapMs: number;
  readonly seeking: boolean;
  /** A jump hides among other changes. */
  readonly eager: boolean;
}

export interface ChaseDecision {
  /** Seconds to jump forward; null: no jump. */
  readonly skipSeconds: number | null;
  readonly rate: number;
}

/**
 * Keeps playback near the live edge: a little faster when a little behind, a jump when far behind. Holes in the
 * media and stalls add delay for good unless somebody does this; neither engine does it well by itself. How much is
 * kept in hand follows the gaps in what comes, and goes back as soon as they are over.
 */
export class LiveChase {
  #underruns: number[] = [];
  #rate = 1;

  /** Playback ran dry. */
  underrun(nowMs: number): void {
    this.#underruns.push(nowMs);
  }

  /** A new engine starts at normal speed. What was learnt about the line stays. */
  reset(): void {
    this.#rate = 1;
  }

  targetSeconds(habitualGapMs: number, nowMs: number): number {
    this.#underruns = this.#underruns.filter((atMs) => nowMs - atMs < underrunSpanMs);
    const dry = Math.min(maxUnderrunSeconds, this.#underruns.length * underrunStepSeconds);
    const gap = habitualGapMs === 0 ? 0 : habitualGapMs / 1000 + marginSeconds;
    return Math.min(maxTargetSeconds, Math.max(firstTargetSeconds + dry, gap));
  }

  decide({ inHandSeconds, habitualGapMs, seeking, eager }: ChaseFacts, nowMs: number): ChaseDecision {
    if (inHandSeconds === null || seeking) return { skipSeconds: null, rate: this.#rate };
    const target = this.targetSeconds(habitualGapMs, nowMs);
    const limit = Math.max(eager ? eagerSeekBehindSeconds : seekBehindSeconds, target + slackSeconds);
    if (inHandSeconds > limit) {
      this.#rate = 1;
      return { skipSeconds: inHandSeconds - target, rate: 1 };
    }
    this.#rate = this.#nextRate(inHandSeconds - target);
    return { skipSeconds: null, rate: this.#rate };
  }

  #nextRate(aboveSeconds: number): number {
    if (aboveSeconds <= 0) return 1;
    if (aboveSeconds <= slackSeconds && this.#rate === 1) return 1;
    return aboveSeconds > farAboveSeconds ? briskRate : gentleRate;
  }
}
