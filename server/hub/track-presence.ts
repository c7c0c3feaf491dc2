import { type SilenceLimits, SilenceWatch } from './silence-watch.ts';

/**
 * What is known of a default track.
 * - `absent`: neither announced nor seen.
 * - `expected`: announced, by metadata or a header, and not one frame has come.
 * - `present`: frames come.
 * - `paused`: none come for longer than is usual for it, while the other track goes on. It may return at any time.
 * - `gone`: none have come for so long that nobody should go on waiting for it.
 */
export type TrackState = 'absent' | 'expected' | 'present' | 'paused' | 'gone';

export interface TrackPresenceLimits {
  /** How long the track may be without a frame until it has paused: its own usual distances decide within these. */
  readonly pause: SilenceLimits;
  /** Frames over so long a time, and at least `steadyFrames`, are a track, and less may be a blip. */
  readonly steadyMs: number;
  readonly steadyFrames: number;
  /** A pause of this length is the end of a track. Twice as long each time that it has returned from its end. */
  readonly goneMs: number;
  readonly maxGoneMs: number;
  /** The same where the publisher has said that it does not send this track any longer. */
  readonly withdrawnMs: number;
}

/** A longer step of the other track than it usually takes is a hole in the whole stream, and says nothing about this track. */
const USUAL_STEPS = 1.5;
const MIN_COUNTED_MS = 500;

/** Frames in a row, without a pause between them. */
interface Run {
  readonly streamMs: number;
  readonly arrivedMs: number;
  frames: number;
}

/**
 * One default track of a publish: whether it is there, and whether it will be. A pure machine: frames of the track and of the other one go
 * in. Both clocks measure how long a track has been away: time on the timeline and time of arrival. A delivery in blocks lets only
 * the second pass, a burst of the other track only the first, and neither is an absence. Nothing passes while neither track comes.
 */
export class TrackPresence {
  readonly #limits: TrackPresenceLimits;
  #state: TrackState = 'absent';
  #announced = false;
  #withdrawn = false;
  #hasHeader = false;
  #rhythm: SilenceWatch | undefined;
  #run: Run | undefined;
  #steady = false;
  #lastStreamMs = 0;
  #lastArrivedMs = 0;
  /** When the other track came last. */
  #otherArrivedMs: number | undefined;
  /** How far the other track went on since the last frame of this one, by each clock. */
  #missedMs = 0;
  #behindMs = 0;
  #returns = 0;

  constructor(limits: TrackPresenceLimits) {
    this.#limits = limits;
  }

  get state(): TrackState {
    return this.#state;
  }

  /** At least one frame has come. */
  get came(): boolean {
    return this.#rhythm !== undefined;
  }

  /** It is there, and has been for long enough to believe that it stays. At the beginning a header is enough. */
  get isSteady(): boolean {
    return this.#steady;
  }

  /** Announced by metadata, or known by a header. */
  get isExpected(): boolean {
    return this.#announced || this.#hasHeader;
  }

  /** The usual distance of its frames, once that is known. */
  get usualMs(): number | undefined {
    return this.#rhythm?.usualMs;
  }

  /** How long it has been away while the other track went on. */
  get awayMs(): number {
    return Math.min(this.#missedMs, this.#behindMs);
  }

  /** How long until a pause is taken for the end. */
  get goneMs(): number {
    const { goneMs, maxGoneMs, withdrawnMs } = this.#limits;
    return this.#withdrawn ? withdrawnMs : Math.min(maxGoneMs, goneMs * 2 ** this.#returns);
  }

  /** A header came: the publisher has this track in mind. */
  header(): void {
    this.#hasHeader = true;
    if (this.#state === 'absent') this.#state = 'expected';
  }

  /** Metadata says whether the publisher sends this track. A hint: some announce what they never send, or do not announce what they do. */
  announce(sends: boolean): void {
    this.#withdrawn = !sends && (this.#announced || this.#withdrawn);
    this.#announced = sends;
    if (sends && this.#state === 'absent') this.#state = 'expected';
    else if (!this.isExpected && this.#state === 'expected') this.#state = 'absent';
  }

  /** A frame of this track, at its time on the timeline, arrived. */
  frame(streamMs: number, arrivedMs: number): void {
    this.#rhythm ??= new SilenceWatch(arrivedMs, this.#limits.pause);
    this.#rhythm.frame(arrivedMs);
    this.#lastStreamMs = streamMs;
    this.#lastArrivedMs = arrivedMs;
    this.#missedMs = this.#behindMs = 0;
    this.#withdrawn = false;
    this.#run ??= { streamMs, arrivedMs, frames: 0 };
    this.#run.frames++;
    const wasGone = this.#state === 'gone';
    // Who was given up is back when it stays.
    if (!wasGone) this.#state = 'present';
    if (this.#steady || !this.#isLongEnough(this.#run)) return;
    this.#steady = true;
    this.#state = 'present';
    if (wasGone) this.#returns++;
  }

  /** A frame of the other track arrived. `usualMs`: the usual distance of such frames. */
  otherFrame(streamMs: number, arrivedMs: number, usualMs = 0): void {
    const sinceMs = Math.max(this.#otherArrivedMs ?? arrivedMs, this.#lastArrivedMs);
    this.#otherArrivedMs = arrivedMs;
    if (!this.came && !this.#steady) return;
    this.#missedMs += Math.min(arrivedMs - sinceMs, Math.max(MIN_COUNTED_MS, USUAL_STEPS * usualMs));
    this.#behindMs = Math.max(this.#behindMs, streamMs - this.#lastStreamMs);
    this.#judge();
  }

  /** The tracks of the stream are decided, at this time on the timeline: what has come, or has a header, is believed to be there. */
  settle(streamMs: number): void {
    if (this.#state !== 'present' && !this.#hasHeader) return;
    this.#steady = true;
    if (!this.came) this.#lastStreamMs = streamMs;
  }

  get #boundMs(): number {
    return this.#rhythm?.boundMs ?? this.#limits.pause.firstMs;
  }

  #judge(): void {
    const { awayMs } = this;
    if (awayMs >= this.#boundMs) {
      this.#run = undefined;
      this.#steady = false;
      if (this.#state === 'present') this.#state = 'paused';
    }
    if (awayMs >= this.goneMs && (this.#state === 'paused' || this.#withdrawn)) {
      this.#run = undefined;
      this.#steady = false;
      this.#state = 'gone';
    }
  }

  #isLongEnough({ streamMs, arrivedMs, frames }: Run): boolean {
    const lastedMs = Math.max(this.#lastStreamMs - streamMs, this.#lastArrivedMs - arrivedMs);
    return frames >= this.#limits.steadyFrames && lastedMs >= this.#limits.steadyMs;
  }
}
