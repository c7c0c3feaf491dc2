import { timestampDelta } from '../../shared/media/timestamp.ts';

/** A frame further ahead than this of the one before it is a jump of the publisher's clock, not a gap. */
const MAX_FORWARD_MS = 10_000;
/** Smaller steps back happen when an encoder reorders; larger ones are a new clock. */
const MAX_BACKWARD_MS = 1_000;
/** Audio and video of one clock are never further apart than this when they arrive. */
const MAX_SKEW_MS = 1_000;
const DEFAULT_STEP_MS = { audio: 23, video: 33 } as const;

type Kind = 'audio' | 'video';

interface TrackClock {
  /** Last timestamp as the publisher sent it; undefined until the first frame of this publisher. */
  lastIn: number | undefined;
  /** Where `lastIn` lies on the stream's timeline, before clamping. */
  position: number;
  /** Last timestamp handed out. */
  lastOut: number;
  /** Distance between the last two frames, while it was plausible. */
  stepMs: number;
}

/**
 * Puts a publisher's 32-bit timestamps on the stream's own timeline: starts at 0, never goes back within a track,
 * has no holes or repeats where the publisher's clock wraps (at 2^32, or at 2^31 as FFmpeg does), jumps, or
 * starts again with a new publisher. Audio and video keep the distance that the publisher gave them.
 */
export class TimestampAligner {
  /** How often the publisher's clock was found to have jumped. */
  jumps = 0;
  readonly #clocks: Record<Kind, TrackClock> = {
    audio: { lastIn: undefined, position: 0, lastOut: 0, stepMs: DEFAULT_STEP_MS.audio },
    video: { lastIn: undefined, position: 0, lastOut: 0, stepMs: DEFAULT_STEP_MS.video },
  };
  /** Last time handed out to each track beyond the default one. */
  readonly #besideMs: Record<Kind, Map<number, number>> = { audio: new Map(), video: new Map() };
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

  /** A new publisher: its clock has nothing to do with the one before. */
  restart(): void {
    this.#clocks.audio.lastIn = undefined;
    this.#clocks.video.lastIn = undefined;
  }

  /** Stream time in ms of a coded frame that the publisher stamped `timestamp` (unsigned 32 bits). */
  align(kind: Kind, timestamp: number): number {
    const clock = this.#clocks[kind];
    clock.position = this.#place(kind, timestamp);
    clock.lastIn = timestamp;
    clock.lastOut = Math.max(clock.lastOut, clock.position);
    this.#started = true;
    return clock.lastOut;
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
      const delta = timestampDelta(clock.lastIn, timestamp);
      if (Math.abs(delta) <= MAX_SKEW_MS) return clock.position + delta;
    }
    return this.nowMs;
  }

  #place(kind: Kind, timestamp: number): number {
    const clock = this.#clocks[kind];
    const other = this.#clocks[kind === 'audio' ? 'video' : 'audio'];
    if (clock.lastIn !== undefined) {
      const delta = timestampDelta(clock.lastIn, timestamp);
      if (delta >= -MAX_BACKWARD_MS && delta <= MAX_FORWARD_MS) {
        if (delta > 0 && delta <= MAX_SKEW_MS) clock.stepMs = delta;
        return clock.position + delta;
      }
    }
    if (other.lastIn !== undefined) {
      // A track that joins late, returns after a pause, or follows the other one over a jump.
      const skew = timestampDelta(other.lastIn, timestamp);
      const limit = clock.lastIn === undefined ? MAX_FORWARD_MS : MAX_SKEW_MS;
      if (Math.abs(skew) <= limit) return other.position + skew;
    }
    if (clock.lastIn !== undefined) this.jumps++;
    return this.#started ? this.nowMs + clock.stepMs : 0;
  }
}
