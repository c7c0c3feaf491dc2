import { timestampDelta } from '../../shared/media/timestamp.ts';
import { type ClockFault, type ClockFaultKind, ClockFaultLog } from './clock-fault.ts';
import { type ClockStep, OwnTime } from './own-time.ts';
import { PaceWatch } from './pace-watch.ts';
import { ReorderGuard } from './reorder-guard.ts';

/** What differs between sound and pictures. */
export interface TrackClockOptions {
  /** Distance of two frames until it is known. */
  readonly stepMs: number;
  /** A longer step ahead of time than this is a break. No frame of sound is longer than 128 ms; pictures may be rare. */
  readonly maxAheadMs: number;
}

/** So many frames with one timestamp over so long: the clock stands. A picture that is sent in slices has fewer, at once. */
const FROZEN_FRAMES = 5;
const FROZEN_MS = 300;
/** Later than any queue of an encoder. */
const MAX_LATE_MS = 30_000;
/** The least delay of a line is forgotten as fast as crystals drift apart, and a little faster. */
const CREEP_SHARE = 0.002;
/** A clock that broke so often within a second is not followed any longer. */
const MAX_BREAKS_PER_SECOND = 3;
/** Sound and picture come over one line. If one is this late while the other is in time, and does not make up for it at once, it has lost time. */
const MAX_APART_MS = 1_000;
const APART_AFTER_MS = 300;
/** What one track may be behind the other from the start: some converters are slow with one. More is another clock. */
const MAX_OFFSET_MS = 3_000;
/** The first frame of a track may be the oldest one of a delivery in blocks. */
const MAX_FIRST_LATE_MS = 10_000;
/** How far a track may have to stand still for the clock that the other one has moved to. */
const MAX_STAND_MS = 300;
/** After a pause or a late frame a break goes where time is by now; else one frame after the one before. */
const MAX_JITTER_MS = 200;
/** FFmpeg goes on with 0 after 2^31 - 1. That is nobody's fault. */
const WRAP_MS = 2 ** 31;
const NEAR_WRAP_MS = 60_000;

/** The frame that is being looked at. One object for all of them: they come by the ten thousand. */
interface Step extends ClockStep {
  timestamp: number;
  other: TrackClock;
  nowMs: number;
  deltaMs: number;
  waitedMs: number;
}

/**
 * The timeline of one track. It keeps the publisher's timestamps as long as they make sense beside the time at which frames arrive, and
 * goes on by itself where they do not. Two things speak against timestamps: a break (back for good, or ahead of time), and gaining
 * or losing against arrival with every frame. Jitter, stalled lines and deliveries in blocks are neither: what is held back
 * comes late and then faster, and nothing arrives before it was made.
 */
export class TrackClock {
  /** Last time handed out. Never goes back. */
  lastOut = 0;
  /** Last timestamp as the publisher sent it; undefined until the first frame of this publisher. */
  lastIn: number | undefined;
  /** Where `lastIn` lies on the timeline, before it is kept from going back. */
  position = 0;
  /** Distance of the last two frames, while that was plausible. */
  stepMs: number;
  readonly #options: TrackClockOptions;
  readonly #faults = new ClockFaultLog();
  readonly #reorder = new ReorderGuard();
  readonly #pace = new PaceWatch();
  #arrivedMs = 0;
  /** Timeline minus arrival of the frames that were delayed least. */
  #baseMs = 0;
  /** Set while the publisher's timestamps are not used. */
  #own: OwnTime | undefined;
  #breaksAtMs: number[] = [];
  #breaks = 0;
  /** How often this publisher's clock was wrong for longer. */
  #timesLeft = 0;
  /** Frames with the same timestamp as the one before, and since when. */
  #sameFrames = 0;
  #sameSinceMs = 0;
  readonly #step: Step = { timestamp: 0, other: this, nowMs: 0, deltaMs: 0, waitedMs: 0 };
  /** Since when and by how much the track is late while the other one is not. `isFirst`: it never was in time. */
  #late: { sinceMs: number; byMs: number; isFirst: boolean } | undefined;

  constructor(options: TrackClockOptions) {
    this.#options = options;
    this.stepMs = options.stepMs;
  }

  /** True while the timeline is made of the publisher's timestamps. */
  get follows(): boolean {
    return this.lastIn !== undefined && this.#own === undefined;
  }

  /** How much later than usual the last frame arrived. */
  get lateMs(): number {
    return this.#homeMs - (this.position - this.#arrivedMs);
  }

  /** What is wrong with the timestamps, now or shortly before. */
  fault(nowMs: number): ClockFault | undefined {
    return this.#faults.current(nowMs);
  }

  /** Timeline minus arrival, where the track should be. */
  get #homeMs(): number {
    return this.#own?.baseMs ?? this.#baseMs;
  }

  /** What came with the least delay, of both tracks: they come over one line. */
  #leastDelayed(other: TrackClock): number {
    return other.follows ? Math.max(this.#baseMs, other.#baseMs) : this.#baseMs;
  }

  /** True when a frame came within the last `ms`. */
  cameWithin(ms: number, nowMs: number): boolean {
    return this.lastIn !== undefined && nowMs - this.#arrivedMs <= ms;
  }

  /** A clock that has just broken may do so again with its next frame: where others lie on it says nothing. */
  #brokeWithin(ms: number, nowMs: number): boolean {
    return this.#breaksAtMs.some((at) => nowMs - at <= ms);
  }

  /** Another publisher: its clock has nothing to do with the one before. */
  restart(): void {
    this.lastIn = undefined;
    this.stepMs = this.#options.stepMs;
    this.#own = undefined;
    this.#late = undefined;
    this.#breaks = 0;
    this.#breaksAtMs = [];
    this.#timesLeft = 0;
    this.#faults.clear();
    this.#reorder.forget();
    this.#pace.restart();
  }

  /** Where a timestamp lies on the clock of this track. */
  place(timestamp: number): number {
    return this.position + timestampDelta(this.lastIn ?? timestamp, timestamp);
  }

  /** Takes the first frame of a publisher. `startMs`: where it goes when the other track says nothing about that. */
  begin(timestamp: number, nowMs: number, other: TrackClock, startMs: number): number {
    this.#baseMs = startMs - nowMs;
    let position = startMs;
    if (other.lastIn !== undefined) {
      const near = other.place(timestamp);
      const aheadMs = near - nowMs - other.#homeMs;
      const isKnown = other.follows && !other.#brokeWithin(1_000, nowMs);
      const plausible = isKnown && aheadMs <= MAX_OFFSET_MS && aheadMs >= -MAX_FIRST_LATE_MS;
      if (!plausible && isKnown) this.#faults.note('apart', nowMs);
      position = plausible ? near : nowMs + other.#homeMs;
      // One timestamp ahead of time is no proof of a faster line: the next frame has to agree. In a wrong unit it is ahead as well.
      this.#baseMs = other.#homeMs;
    }
    this.#late = { sinceMs: nowMs, byMs: this.#baseMs - (position - nowMs), isFirst: true };
    this.#restartAt(position, nowMs);
    return this.#give(timestamp, position, nowMs);
  }

  /** Takes a frame whose timestamp is known to be good: another process of ours made it. */
  trust(timestamp: number, nowMs: number, other: TrackClock, startMs: number): number {
    const known = this.lastIn !== undefined ? this : other.lastIn !== undefined ? other : undefined;
    return this.#give(timestamp, known?.place(timestamp) ?? startMs, nowMs);
  }

  /** Takes the next frame, which arrived at `nowMs`. */
  next(timestamp: number, nowMs: number, other: TrackClock): number {
    const step = this.#step;
    step.timestamp = timestamp;
    step.other = other;
    step.nowMs = nowMs;
    step.deltaMs = timestampDelta(this.lastIn ?? timestamp, timestamp);
    step.waitedMs = Math.max(0, nowMs - this.#arrivedMs);
    const position = this.#own ? this.#goOn(this.#own, step) : this.#follow(step);
    return this.#give(timestamp, position, nowMs);
  }

  #give(timestamp: number, position: number, nowMs: number): number {
    this.lastIn = timestamp;
    this.position = position;
    this.#arrivedMs = nowMs;
    this.lastOut = Math.max(this.lastOut, Math.round(position));
    return this.lastOut;
  }

  #follow(step: Step): number {
    const { deltaMs, waitedMs, nowMs } = step;
    const position = this.position + deltaMs;
    const aheadMs = position - nowMs - this.#baseMs;
    if (this.#reorder.isBackForGood(position, nowMs, this.stepMs, this.#breaks > 0)) {
      return this.#break('restarts', step);
    }
    const maxAheadMs = Math.max(this.#options.maxAheadMs, 2 * this.stepMs, waitedMs / 2);
    const aheadOfLineMs = position - nowMs - this.#leastDelayed(step.other);
    if (Math.min(aheadOfLineMs, deltaMs - waitedMs) > maxAheadMs) return this.#break('jumps', step);
    if (this.#standsStill(step)) return this.#leave('frozen', step);
    const pace = this.#pace.step(deltaMs, waitedMs, aheadMs);
    if (pace) return this.#leave(pace, step);
    if (aheadMs < -MAX_LATE_MS) return this.#moveTo(nowMs + this.#baseMs, 'late', nowMs);
    this.#baseMs = Math.max(this.#baseMs - CREEP_SHARE * waitedMs, position - nowMs);
    if (this.#fellBehind(-aheadMs, step)) return this.#moveTo(nowMs + this.#baseMs, 'apart', nowMs);
    // A step that ran ahead of time is no usual distance: the next one would be measured by it.
    if (deltaMs > 0 && deltaMs - waitedMs <= this.#options.maxAheadMs) this.stepMs = deltaMs;
    return position;
  }

  /** The clock has broken: the track follows the other one if that has moved already, and else goes on where it is. */
  #break(kind: ClockFaultKind, step: Step): number {
    const { nowMs, other, timestamp } = step;
    this.#breaks++;
    this.#breaksAtMs = [...this.#breaksAtMs.filter((at) => nowMs - at < 1_000), nowMs];
    const near = this.#onClockOf(other, timestamp, nowMs);
    if (near === undefined && !isWrap(this.lastIn, timestamp)) this.#faults.note(kind, nowMs);
    if (this.#breaksAtMs.length >= MAX_BREAKS_PER_SECOND) return this.#leave(kind, step);
    const position = near ?? this.#afterBreak(nowMs);
    this.#restartAt(position, nowMs);
    return position;
  }

  #afterBreak(nowMs: number): number {
    const heldMs = this.#reorder.heldMs(nowMs);
    if (heldMs !== undefined) return this.lastOut + Math.max(heldMs, this.stepMs);
    const passedMs = nowMs - this.#arrivedMs;
    if (passedMs > this.stepMs + MAX_JITTER_MS) return this.lastOut + passedMs;
    const position = this.lastOut + this.stepMs;
    // Many such steps must not add up: each is drawn a little to where time is by now.
    const drawMs = Math.max(-1, Math.min(1, (nowMs + this.#baseMs - position) / 100)) * (this.stepMs / 4);
    return position + drawMs;
  }

  /** Where a timestamp lies on the other track's clock, if it makes sense there. */
  #onClockOf(other: TrackClock, timestamp: number, nowMs: number): number | undefined {
    if (!other.follows) return undefined;
    const near = other.place(timestamp);
    const isInTime = Math.abs(near - nowMs - this.#leastDelayed(other)) <= MAX_APART_MS;
    return isInTime && near >= this.lastOut - MAX_STAND_MS ? near : undefined;
  }

  #standsStill({ deltaMs, waitedMs, nowMs }: Step): boolean {
    if (deltaMs !== 0) {
      this.#sameFrames = 0;
      this.#sameSinceMs = nowMs;
    } else if (waitedMs > 0) {
      this.#sameFrames++;
    }
    return this.#sameFrames >= FROZEN_FRAMES && nowMs - this.#sameSinceMs >= FROZEN_MS;
  }

  #fellBehind(lateMs: number, { nowMs, other }: Step): boolean {
    const otherIsInTime =
      other.follows && other.cameWithin(MAX_APART_MS, nowMs) && other.lateMs < MAX_APART_MS / 2;
    if (lateMs < MAX_APART_MS || !otherIsInTime) {
      this.#late = undefined;
      return false;
    }
    const late = this.#late;
    const makesUp = late !== undefined && lateMs < late.byMs - MAX_JITTER_MS;
    if (!late || makesUp) this.#late = { sinceMs: nowMs, byMs: lateMs, isFirst: late?.isFirst ?? false };
    else if (nowMs - late.sinceMs >= APART_AFTER_MS) {
      this.#late = undefined;
      if (!late.isFirst || lateMs > MAX_OFFSET_MS) return true;
      this.#baseMs -= lateMs;
    }
    return false;
  }

  #moveTo(position: number, kind: ClockFaultKind, nowMs: number): number {
    this.#faults.note(kind, nowMs);
    this.#restartAt(position, nowMs);
    return position;
  }

  #restartAt(position: number, nowMs: number): void {
    this.#reorder.begin(position, nowMs);
    this.#sameFrames = 0;
    this.#sameSinceMs = nowMs;
  }

  /** The publisher's timestamps are not used from here on. */
  #leave(kind: ClockFaultKind, step: Step): number {
    this.#faults.note(kind, step.nowMs);
    this.#timesLeft++;
    const { other } = step;
    const baseMs = this.#baseMs - this.#pace.gainedMs;
    this.#own = new OwnTime(kind, {
      times: this.#timesLeft,
      followedMs: this.position,
      // This track may have begun on the other clock when that had run ahead already.
      baseMs: other.#own ? Math.min(baseMs, other.#homeMs) : baseMs,
      spacingMs: this.#pace.spacingMs ?? this.stepMs,
      maxAheadMs: this.#options.maxAheadMs,
    });
    return this.#own.next(this.lastOut, step);
  }

  #goOn(own: OwnTime, step: Step): number {
    const { nowMs, other, timestamp } = step;
    const position = own.next(this.position, step);
    const back = own.cameBackAt;
    if (back !== undefined && back >= this.lastOut - MAX_STAND_MS) return this.#followAgain(own, back, nowMs);
    if (own.isWrong) this.#faults.lasts(own.kind, own.rate ?? null, nowMs);
    if (!own.isRightAgain(position, nowMs)) return position;
    this.#baseMs = own.baseMs;
    return this.#followAgain(own, this.#onClockOf(other, timestamp, nowMs) ?? position, nowMs);
  }

  #followAgain(own: OwnTime, position: number, nowMs: number): number {
    this.#own = undefined;
    this.#baseMs = own.baseMs;
    this.#late = undefined;
    this.#pace.settle();
    this.#restartAt(position, nowMs);
    return position;
  }
}

const isWrap = (from: number | undefined, to: number): boolean =>
  from !== undefined && from < WRAP_MS && from >= WRAP_MS - NEAR_WRAP_MS && to < NEAR_WRAP_MS;
