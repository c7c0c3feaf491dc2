/** Why media reaches nobody. Each is the code of a note. */
export type DropReason = 'media-without-publish' | 'media-after-publish' | 'media-of-other-request';

/** Some encoders send a few messages before their publish or behind its end. Nobody misses those. */
const BEARABLE_MS = 1_000;
/** An encoder that has ended its publish empties its queue for a moment. Who goes on for longer means something. */
const LAST_WORDS_MS = 500;

interface Spell {
  readonly reason: DropReason;
  readonly messageStreamId: number;
  readonly sinceMs: number;
  lastMs: number;
  told: boolean;
}

/** Counts media that reaches nobody, and says once for each spell of it that it goes on. */
export class DroppedMedia {
  #count = 0;
  #spell: Spell | undefined;

  /** All messages that were dropped, for whatever reason. */
  get count(): number {
    return this.#count;
  }

  /** One was dropped that somebody could have missed. Without a time it is only counted. */
  add(reason: DropReason, messageStreamId: number, nowMs: number | undefined): void {
    this.#count += 1;
    if (nowMs === undefined) return;
    if (this.#spell?.reason === reason) this.#spell.lastMs = nowMs;
    else this.#spell = { reason, messageStreamId, sinceMs: nowMs, lastMs: nowMs, told: false };
  }

  /** One was dropped for what it is, or for a limit, which is told elsewhere. */
  addOther(): void {
    this.#count += 1;
  }

  /** Media is wanted from now on: what was dropped before was early. */
  publishStarted(): void {
    this.#spell = undefined;
  }

  /** What is to be told now, if something is. */
  due(nowMs: number): Pick<Spell, 'reason' | 'messageStreamId'> | undefined {
    const spell = this.#spell;
    if (spell === undefined || spell.told || nowMs - spell.sinceMs < BEARABLE_MS) return undefined;
    if (spell.reason === 'media-after-publish' && spell.lastMs - spell.sinceMs < LAST_WORDS_MS)
      return undefined;
    spell.told = true;
    return spell;
  }
}
