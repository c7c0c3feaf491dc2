import { type Arrivals, isSparse } from './arrival-watch.ts';
import type { TailPolicy } from './picture-tail.ts';

/** Nobody watches one picture for longer. */
const foreverSeconds = 3600;
/** How often pictures may be late before the last one runs out, in their usual intervals. */
const firefoxIntervals = 2.5;
/** The interval is not known yet. */
const firefoxFirstSeconds = 15;
/** Sound may be this far ahead of the pictures before they are taken to have stopped. The page plays nearly half a second behind. */
const soundAheadMs = 250;
/** So long the first picture lasts, before there is a second. */
const unknownIntervalMs = 10_000;
/** A picture that has come is shown this soon, although none follows. */
const sparseDelayMs = 60;

const asItIs: TailPolicy = { lastsSeconds: 0, company: 'none' };

/**
 * How long the newest picture is made to last. Where pictures are rare, Chromium and WebKit take an hour, and show the next picture
 * when it is due. Firefox keeps to what it was told (ten pictures of an hour fill its queue, and then it stands), and wants a second
 * picture at hand. Where pictures have stopped (`stopped`) Chromium wants one, too: it counts on the beat of those before, however
 * long the last one lasts, and stops the sound three seconds after it was missed.
 */
export function tailPolicy(arrivals: Arrivals, isFirefox: boolean, stopped: boolean): TailPolicy {
  if (stopped) return { lastsSeconds: foreverSeconds, company: 'far' };
  if (!isSparse(arrivals)) return asItIs;
  if (!isFirefox) return { lastsSeconds: foreverSeconds, company: 'none' };
  const intervalMs = arrivals.pictures?.intervalMs ?? null;
  return {
    lastsSeconds: intervalMs === null ? firefoxFirstSeconds : (intervalMs * firefoxIntervals) / 1000,
    company: 'copy',
  };
}

/** What to do about the newest picture while no other one comes. */
export type Release =
  /** The engine keeps it back: it is to be given out. */
  | 'release'
  /** And it has to last: sound goes on without pictures. */
  | 'hold';

/** Notices pictures that no other one follows. */
export class PictureWatch {
  #releasedFrames = 0;
  #heldFrames = 0;

  /** Null: nothing to do. Says each thing once for a picture. */
  next(arrivals: Arrivals, nowMs: number): Release | null {
    const { pictures, sound } = arrivals;
    if (pictures === null) return null;
    const aheadMs = sound === null ? 0 : sound.newestMs - pictures.newestMs;
    const usualMs = Math.max(
      pictures.usuallyLateMs,
      isSparse(arrivals) ? (pictures.intervalMs ?? unknownIntervalMs) : 0,
    );
    if (aheadMs >= Math.max(soundAheadMs, usualMs * 1.25 + 100) && this.#heldFrames !== pictures.frames) {
      this.#heldFrames = pictures.frames;
      this.#releasedFrames = pictures.frames;
      return 'hold';
    }
    const due = isSparse(arrivals) && nowMs - pictures.lastAtMs >= sparseDelayMs;
    if (!due || this.#releasedFrames === pictures.frames) return null;
    this.#releasedFrames = pictures.frames;
    return 'release';
  }

  /** Pictures have stopped, and none came since. */
  isStopped({ pictures }: Arrivals): boolean {
    return pictures !== null && this.#heldFrames === pictures.frames;
  }
}
