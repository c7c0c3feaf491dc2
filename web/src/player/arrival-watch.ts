import { timestampDelta } from '../../../shared/media/timestamp.ts';
import { RecentMaximum } from './recent-maximum.ts';

/** What has come of one kind of track. */
export interface TrackArrivals {
  readonly frames: number;
  /** When the last frame came. */
  readonly lastAtMs: number;
  /** Stream time of the newest frame. */
  readonly newestMs: number;
  /** The usual step of stream time from frame to frame; null before there were two. */
  readonly intervalMs: number | null;
  /** How far the other track is ahead, at most, when a frame of this one comes: what is normal for the stream lately. */
  readonly usuallyLateMs: number;
}

/** What the connection has brought so far: what arrives says more of a stream than what a media element makes of it. */
export interface Arrivals {
  readonly pictures: TrackArrivals | null;
  readonly sound: TrackArrivals | null;
  /** Since anything came. */
  readonly silentMs: number;
  /** From the first frame to the last. What came in one go is the past that a newcomer is given, and may be all there is. */
  readonly spanMs: number;
  /**
   * Delay that waits outside of the browser, in the line or the server: how much later the newest frame came than the
   * best one did. It would be 0 on a line that never lags.
   */
  readonly outsideMs: number;
  /** A picture came that a decoder can begin with. */
  readonly hasStart: boolean;
  /** How long nothing playable came at a time, more than once lately: a stream in blocks, or an uneven line. */
  readonly habitualGapMs: number;
}

/** Pictures that come more rarely are slides, or a camera at night. */
export const sparseIntervalMs = 200;

/** Whether pictures are rare, as far as can be said. */
export function isSparse({ pictures }: Arrivals): boolean {
  if (pictures === null) return false;
  return pictures.intervalMs === null ? pictures.frames === 1 : pictures.intervalMs >= sparseIntervalMs;
}

const keptIntervals = 5;
/** How long a lateness is remembered. */
const rememberedMs = 60_000;
/** After a gap of this length a line that stood brings what it kept, all at once. */
const standstillMs = 500;
/** Where nothing of the kind has come after so long, nothing was kept: the encoder was away, and went on where it stopped. */
const settledMs = 2000;
const settledWithinMs = 100;
/** Shorter gaps are what lines are like. */
const notedGapMs = 250;
/** One gap is an accident, two within this time are a habit; and so are long ones that come in some such rhythm. */
const gapSpanMs = 20_000;
const gapRhythm = 3.5;
/** Clocks of encoder and browser differ by up to a ten-thousandth each. A lag that lasts for hours is then no lag any more. */
const driftPerMs = 0.0002;

/** Notes the frames of one connection as they come. */
export class ArrivalWatch {
  readonly #tracks = { video: new TrackWatch(), audio: new TrackWatch() };
  readonly #openedAtMs: number;
  #lastAtMs: number;
  #firstAtMs: number | null = null;
  #outsideMs = 0;
  #best: { readonly offsetMs: number; readonly atMs: number } | null = null;
  #pieceAtMs: number | null = null;
  /** The first piece after a gap. */
  #resumed: { readonly offsetMs: number; readonly atMs: number } | null = null;
  #hasStart = false;
  /** Up to here there is something to play: the sound, filled holes with it, or the pictures where there is no sound. */
  #reachMs = Number.NEGATIVE_INFINITY;
  #reachedAtMs = 0;
  #filledToMs = Number.NEGATIVE_INFINITY;
  #gaps: { readonly atMs: number; readonly ms: number }[] = [];

  constructor(nowMs: number) {
    this.#openedAtMs = nowMs;
    this.#lastAtMs = nowMs;
  }

  /** A coded frame of the track. `startsDecoder`: it can be decoded without those before it. */
  frame(kind: 'audio' | 'video', timestampMs: number, startsDecoder: boolean, nowMs: number): void {
    const other = this.#tracks[kind === 'video' ? 'audio' : 'video'];
    this.#tracks[kind].frame(timestampMs, other.newestMs, nowMs);
    if (kind === 'video' && startsDecoder) this.#hasStart = true;
    this.#lastAtMs = nowMs;
    this.#firstAtMs ??= nowMs;
  }

  /** A hole of the sound was filled up to here. */
  filled(timestampMs: number): void {
    this.#filledToMs = Math.max(this.#filledToMs, this.#tracks.audio.unwrapped(timestampMs));
  }

  /** All frames of one piece of the response have been noted: only the newest of them tells how late the line is. */
  pieceEnds(nowMs: number): void {
    const { video, audio } = this.#tracks;
    const newestMs = Math.max(video.newestMs, audio.newestMs);
    // Headers alone bring nothing.
    if (newestMs === Number.NEGATIVE_INFINITY || this.#lastAtMs !== nowMs) return;
    const offsetMs = nowMs - newestMs;
    this.#noteGap(offsetMs, nowMs);
    const best = this.#best;
    const bestMs = best === null ? offsetMs : best.offsetMs + (nowMs - best.atMs) * driftPerMs;
    this.#best = { offsetMs: Math.min(bestMs, offsetMs), atMs: nowMs };
    this.#outsideMs = Math.max(0, offsetMs - bestMs);
    this.#noteReach(nowMs);
  }

  #noteGap(offsetMs: number, nowMs: number): void {
    const gapMs = nowMs - (this.#pieceAtMs ?? nowMs);
    this.#pieceAtMs = nowMs;
    if (gapMs >= standstillMs) this.#resumed = { offsetMs, atMs: nowMs };
    const resumed = this.#resumed;
    if (resumed === null || nowMs - resumed.atMs < settledMs) return;
    this.#resumed = null;
    if (Math.abs(offsetMs - resumed.offsetMs) < settledWithinMs) this.publisherReturns();
  }

  #noteReach(nowMs: number): void {
    const { video, audio } = this.#tracks;
    const soundMs = Math.max(audio.newestMs, this.#filledToMs);
    const reachMs = soundMs === Number.NEGATIVE_INFINITY ? video.newestMs : soundMs;
    if (reachMs <= this.#reachMs) return;
    const gapMs = nowMs - this.#reachedAtMs;
    if (this.#reachMs !== Number.NEGATIVE_INFINITY && gapMs >= notedGapMs)
      this.#gaps.push({ atMs: nowMs, ms: gapMs });
    this.#reachMs = reachMs;
    this.#reachedAtMs = nowMs;
  }

  #habitualGapMs(nowMs: number): number {
    this.#gaps = this.#gaps.filter(({ atMs, ms }) => nowMs - atMs < Math.max(gapSpanMs, ms * gapRhythm));
    const [longest, second] = this.#gaps.map(({ ms }) => ms).sort((a, b) => b - a);
    // Programs that mix hold sound back until the next picture, and where those are rare the first gap will not be the last.
    const pictures = this.#tracks.video.at(nowMs);
    const isRare = pictures?.intervalMs != null && pictures.intervalMs >= sparseIntervalMs;
    return (isRare ? longest : second) ?? 0;
  }

  /**
   * The publisher was away and is back. The stream goes on where it stopped, so everything comes later than the best before, and
   * nothing of that waits in the line.
   */
  publisherReturns(): void {
    this.#best = null;
    this.#outsideMs = 0;
  }

  at(nowMs: number): Arrivals {
    return {
      pictures: this.#tracks.video.at(nowMs),
      sound: this.#tracks.audio.at(nowMs),
      spanMs: this.#firstAtMs === null ? 0 : this.#lastAtMs - this.#firstAtMs,
      silentMs: nowMs - Math.max(this.#lastAtMs, this.#openedAtMs),
      outsideMs: this.#outsideMs,
      hasStart: this.#hasStart,
      habitualGapMs: this.#habitualGapMs(nowMs),
    };
  }
}

class TrackWatch {
  newestMs = Number.NEGATIVE_INFINITY;
  #frames = 0;
  #lastAtMs = 0;
  #last = 0;
  #intervals: number[] = [];
  readonly #late = new RecentMaximum(rememberedMs);

  /** Stream time is counted on across the wrap of its 32 bits. */
  frame(timestampMs: number, otherNewestMs: number, nowMs: number): void {
    if (this.#frames === 0) {
      this.newestMs = timestampMs;
    } else {
      const stepMs = timestampDelta(this.#last, timestampMs);
      this.newestMs += Math.max(0, stepMs);
      if (stepMs > 0) this.#intervals = [...this.#intervals.slice(1 - keptIntervals), stepMs];
    }
    this.#last = timestampMs;
    this.#frames += 1;
    this.#lastAtMs = nowMs;
    if (otherNewestMs > this.newestMs) this.#late.add(otherNewestMs - this.newestMs, nowMs);
  }

  unwrapped(timestampMs: number): number {
    return this.#frames === 0 ? timestampMs : this.newestMs + timestampDelta(this.#last, timestampMs);
  }

  at(nowMs: number): TrackArrivals | null {
    if (this.#frames === 0) return null;
    const sorted = [...this.#intervals].sort((a, b) => a - b);
    return {
      frames: this.#frames,
      lastAtMs: this.#lastAtMs,
      newestMs: this.newestMs,
      intervalMs: sorted[sorted.length >> 1] ?? null,
      usuallyLateMs: this.#late.at(nowMs),
    };
  }
}
