import { timestampDelta } from '../../shared/media/timestamp.ts';
import type { ClockFault } from './clock-fault.ts';
import { TrackClock } from './track-clock.ts';

/** Data and further tracks belong to the clock of a default track whose timestamps are so near. */
const MAX_SKEW_MS = 1_000;
/** Who has sent nothing for so long is neither late nor in time. */
const RECENT_MS = 2_000;

type Kind = 'audio' | 'video';

/** What is wrong with the publisher's clocks. */
export interface ClockState {
  readonly audio: ClockFault | undefined;
  readonly video: ClockFault | undefined;
  /** How much later than usual everything arrives. */
  readonly lateMs: number;
}

/**
 * Puts a publisher's 32-bit timestamps on the stream's own timeline, which starts at 0, always moves with real time, and never goes back
 * within a track, whatever the publisher's clock does. Audio and video keep the distance that the publisher gave them, as long as
 * its clocks make sense.
 */
export class TimestampAligner {
  readonly #clocks: Record<Kind, TrackClock> = {
    audio: new TrackClock({ stepMs: 23, maxAheadMs: 500 }),
    video: new TrackClock({ stepMs: 33, maxAheadMs: 1_000 }),
  };
  /** Last time handed out to each track beyond the default one. */
  readonly #besideMs: Record<Kind, Map<number, number>> = { audio: new Map(), video: new Map() };
  #trusted = false;
  #started = false;
  #dataMs = 0;

  /** The newest time handed out. */
  get nowMs(): number {
    return Math.max(this.#clocks.audio.lastOut, this.#clocks.video.lastOut);
  }

  /** The newest time of one track: what its headers are stamped with, whose own stamps mean nothing. */
  lastMs(kind: Kind): number {
    return this.#clocks[kind].lastOut;
  }

  /**
   * A new publisher: its clock has nothing to do with the one before. `trusted`: it is a process of ours, whose timestamps were made
   * here, and which begins with all that is kept for newcomers.
   */
  restart({ trusted }: { readonly trusted: boolean }): void {
    this.#trusted = trusted;
    this.#clocks.audio.restart();
    this.#clocks.video.restart();
  }

  /** Stream time in ms of a coded frame that the publisher stamped `timestamp` (unsigned 32 bits), and that arrived at `arrivedMs`. */
  align(kind: Kind, timestamp: number, arrivedMs: number): number {
    const clock = this.#clocks[kind];
    const other = this.#clocks[kind === 'audio' ? 'video' : 'audio'];
    const startMs = this.#started ? this.nowMs + clock.stepMs : 0;
    this.#started = true;
    if (this.#trusted) return clock.trust(timestamp, arrivedMs, other, startMs);
    if (clock.lastIn === undefined) return clock.begin(timestamp, arrivedMs, other, startMs);
    return clock.next(timestamp, arrivedMs, other);
  }

  /** What is wrong with the clocks at `nowMs`. */
  state(nowMs: number): ClockState {
    const { audio, video } = this.#clocks;
    const recent = this.#trusted ? [] : [audio, video].filter((clock) => clock.cameWithin(RECENT_MS, nowMs));
    const lateMs = recent.length === 0 ? 0 : Math.min(...recent.map((clock) => clock.lateMs));
    return { audio: audio.fault(nowMs), video: video.fault(nowMs), lateMs: Math.max(0, lateMs) };
  }

  /** Stream time of a data message: on the clock of the media around it, which it never moves. */
  alignData(timestamp: number): number {
    this.#dataMs = Math.max(
      this.#dataMs,
      this.#placeNear(timestamp, [this.#clocks.video, this.#clocks.audio]),
    );
    return this.#dataMs;
  }

  /** Stream time of a frame of a track beyond the default one: on the clock of its kind, which it never moves. */
  alignBeside(kind: Kind, trackId: number, timestamp: number): number {
    const last = this.#besideMs[kind];
    const { audio, video } = this.#clocks;
    const near = this.#placeNear(timestamp, kind === 'audio' ? [audio, video] : [video, audio]);
    const timestampMs = Math.max(last.get(trackId) ?? 0, near);
    last.set(trackId, timestampMs);
    return timestampMs;
  }

  #placeNear(timestamp: number, clocks: readonly TrackClock[]): number {
    for (const clock of clocks) {
      if (clock.lastIn === undefined) continue;
      if (Math.abs(timestampDelta(clock.lastIn, timestamp)) <= MAX_SKEW_MS) {
        return Math.round(clock.place(timestamp));
      }
    }
    return this.nowMs;
  }
}
