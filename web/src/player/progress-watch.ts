import type { Arrivals } from './arrival-watch.ts';
import { isSparse } from './arrival-watch.ts';
import type { MediaSample } from './media-sample.ts';
import { secondsInHand } from './media-sample.ts';
import { playerTimes } from './player-times.ts';

/** What moves and what stands, seen from one tick to the next. */
export interface Progress {
  /** The media clock went on since the last tick. */
  readonly moved: boolean;
  /** Since the clock last went on. */
  readonly stillMs: number;
  /** So long that something is broken: the engine, or the connection. */
  readonly stuck: boolean;
}

/** The clock of an element moves by this much at least, if it moves. */
const stepSeconds = 0.01;
/** Pictures that came and are due, and of which none was shown: a decoder that hangs. */
const hungPictures = 30;
/** With this much in hand it is the engine that does not go on, not the line. */
const enoughSeconds = 0.3;

/**
 * Judges whether playback goes on: by the clock of the media, and by what the stream promised. A picture in six seconds is no
 * standstill, and neither is a camera that stands while the sound goes on. Engines stay silent when a server does, so this is the
 * only way to know.
 */
export class ProgressWatch {
  #time = 0;
  #movedAtMs = 0;
  #frames = 0;
  #framesAtMs = 0;
  #picturesThen = 0;
  #expectedByMs: number | null = null;

  /** A new engine counts from zero. */
  reset(): void {
    this.#time = 0;
    this.#frames = 0;
    this.#picturesThen = 0;
    this.#expectedByMs = null;
  }

  observe(
    sample: MediaSample,
    arrivals: Arrivals | null,
    visible: boolean,
    overSoon: boolean,
    nowMs: number,
  ): Progress {
    const moved = !sample.seeking && sample.currentTime > this.#time + stepSeconds;
    this.#time = sample.currentTime;
    if (moved) {
      this.#movedAtMs = nowMs;
      this.#expectedByMs = null;
    }
    const pictures = arrivals?.pictures?.frames ?? 0;
    // Hidden tabs draw nothing, and where no picture has come since none can be shown.
    if (sample.frames > this.#frames || !visible || pictures === this.#picturesThen) {
      this.#framesAtMs = nowMs;
      this.#picturesThen = pictures;
    }
    this.#frames = sample.frames;
    return {
      moved,
      stillMs: nowMs - this.#movedAtMs,
      stuck: this.#isStuck(sample, arrivals, overSoon, nowMs) || this.#decoderHangs(pictures, nowMs),
    };
  }

  /** The standstill has an innocent cause: count from here. */
  excuse(nowMs: number): void {
    this.#movedAtMs = nowMs;
    this.#framesAtMs = nowMs;
  }

  /** The player sets the clock itself: that is no progress. */
  sought(toSeconds: number): void {
    this.#time = toSeconds;
  }

  /** The publisher is back: either the old engine follows by then, or it never will. */
  expectBy(timeMs: number): void {
    this.#expectedByMs = timeMs;
  }

  stillMs(nowMs: number): number {
    return nowMs - this.#movedAtMs;
  }

  /** `overSoon`: the stream is known to be over, so only what is buffered is waited for. */
  #isStuck(sample: MediaSample, arrivals: Arrivals | null, overSoon: boolean, nowMs: number): boolean {
    if (this.#expectedByMs !== null) return nowMs >= this.#expectedByMs;
    const stillMs = this.stillMs(nowMs);
    if (overSoon) return stillMs >= playerTimes.resumeMs;
    if (arrivals === null) return stillMs >= playerTimes.watchdogMs;
    // A picture may be made to last, and then the clock goes on although nothing comes any more.
    if (arrivals.silentMs >= patienceMs(arrivals)) return true;
    // Firefox rests on a rare picture, however long that lasts.
    const mayRest = isSparse(arrivals) && arrivals.sound === null;
    const hasMore = !mayRest && (secondsInHand(sample) ?? 0) >= enoughSeconds;
    return stillMs >= (hasMore ? playerTimes.watchdogMs : patienceMs(arrivals));
  }

  #decoderHangs(pictures: number, nowMs: number): boolean {
    return (
      nowMs - this.#framesAtMs >= playerTimes.watchdogMs && pictures - this.#picturesThen >= hungPictures
    );
  }
}

/** How long nothing may come before the connection is taken for dead: by what the stream promises. */
export function patienceMs(arrivals: Arrivals): number {
  const { pictures, sound } = arrivals;
  if (!isSparse(arrivals) || pictures === null)
    return Math.max(playerTimes.watchdogMs, 2.5 * arrivals.habitualGapMs);
  if (pictures.intervalMs === null) return playerTimes.firstIntervalMs;
  // With sound something should come in between, unless the encoder holds it back until the next picture.
  const perPicture = sound === null ? 2.5 * pictures.intervalMs : 1.5 * pictures.intervalMs + 1000;
  return Math.max(playerTimes.watchdogMs, perPicture);
}

/** Long pauses between pieces of the stream are its way, or nobody knows yet. */
export function comesInPieces(arrivals: Arrivals): boolean {
  return isSparse(arrivals) || arrivals.habitualGapMs >= playerTimes.piecesMs;
}

/** How long the clock may rest without a word. Between rare pictures it may rest: the line is not to blame. */
export function restMs(arrivals: Arrivals | null): number {
  const restsBetween = arrivals !== null && isSparse(arrivals) && arrivals.sound === null;
  return restsBetween ? patienceMs(arrivals) : playerTimes.bufferingMs;
}

/**
 * How long the picture has stood while the sound goes on, once that is worth a word; null while it moves as it should. Sound has to have come for
 * that long after it: where nothing comes the picture stands as well, and the sound does not go on.
 */
export function pictureStillMs(arrivals: Arrivals, nowMs: number): number | null {
  const { pictures, sound } = arrivals;
  if (pictures === null || sound === null) return null;
  const stillMs = nowMs - pictures.lastAtMs;
  const soundRuns = nowMs - sound.lastAtMs < playerTimes.soundRunsMs;
  const usual = pictures.intervalMs ?? playerTimes.firstIntervalMs;
  const wentOnMs = sound.lastAtMs - pictures.lastAtMs;
  const isWorthIt = wentOnMs >= Math.max(playerTimes.pictureStillMs, 2.5 * usual);
  return soundRuns && isWorthIt ? stillMs : null;
}
