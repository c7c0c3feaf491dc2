import { addressGroup } from '../../shared/net/address.ts';
import { RateLimit } from '../../shared/net/rate-limit.ts';

/** What the pace of a line is decided by. */
export interface PacedLine {
  readonly isWarning: boolean;
  readonly message: string;
  /** Code of a refusal or a fault, if it tells of one. */
  readonly code?: string | undefined;
  /** Whose doing it is. */
  readonly address?: string | undefined;
}

/** Lines of one kind: so many a second on average, and so many at once. */
interface Pace {
  readonly perSecond: number;
  readonly burst: number;
}

/** Comings and goings of an audience are many; the same warning for the hundredth time tells nothing. */
const PACES: Record<'news' | 'warning', { readonly ofAddress: Pace; readonly ofAll: Pace }> = {
  news: { ofAddress: { perSecond: 10, burst: 1000 }, ofAll: { perSecond: 50, burst: 5000 } },
  warning: { ofAddress: { perSecond: 1, burst: 60 }, ofAll: { perSecond: 5, burst: 600 } },
};

/** Kinds and addresses that are remembered; those not heard of for longest are forgotten. */
const MAX_KEPT = 10_000;

interface Kept {
  readonly rate: RateLimit;
  leftOut: number;
}

/**
 * Keeps a client that does the same over and over from filling the disk with it, and from drowning what others do: lines of one
 * kind are written at a pace, for each address and in all. Time is told to it.
 */
export class LogPace {
  readonly #kept = new Map<string, Kept>();

  /** How many lines of the kind were left out before this one; undefined: it is left out as well. */
  take(line: PacedLine, nowMs: number): number | undefined {
    const { ofAddress, ofAll } = PACES[line.isWarning ? 'warning' : 'news'];
    // What comes behind a colon is about the single case.
    const kind = line.code ?? line.message.split(':', 1)[0] ?? '';
    const all = this.#keep(kind, ofAll);
    const own =
      line.address === undefined ? undefined : this.#keep(`${kind} ${addressGroup(line.address)}`, ofAddress);
    if ((own && !own.rate.take(nowMs)) || !all.rate.take(nowMs)) {
      all.leftOut++;
      return undefined;
    }
    const { leftOut } = all;
    all.leftOut = 0;
    return leftOut;
  }

  #keep(key: string, { perSecond, burst }: Pace): Kept {
    const kept = this.#kept.get(key) ?? { rate: new RateLimit(perSecond, burst), leftOut: 0 };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return kept;
  }
}
