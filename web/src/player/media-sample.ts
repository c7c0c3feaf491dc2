/** A stretch of media that can be played, in seconds of the element's own timeline. */
export interface BufferedRange {
  readonly start: number;
  readonly end: number;
}

/** What the media element says of itself at one moment. */
export interface MediaSample {
  readonly currentTime: number;
  readonly ranges: readonly BufferedRange[];
  /** Where the data ends that really came: the last picture may be made to last longer. Null: where the ranges end. */
  readonly newestSeconds: number | null;
  /** HTMLMediaElement.readyState: below 3 the next frame is not there. */
  readonly readyState: number;
  /** Frames shown or dropped so far. */
  readonly frames: number;
  readonly paused: boolean;
  readonly ended: boolean;
  /** Somebody can see it: in the page, or in a window of its own. */
  readonly seen: boolean;
  readonly seeking: boolean;
}

/** Where the newest data ends. Null: there is none. */
export function newestEnd({ ranges, newestSeconds }: MediaSample): number | null {
  const end = ranges.at(-1)?.end ?? null;
  return end === null || newestSeconds === null ? end : Math.min(end, newestSeconds);
}

/** Seconds of data in hand: from what is shown to the newest that the browser has. Null: none. */
export function secondsInHand(sample: MediaSample): number | null {
  const end = newestEnd(sample);
  return end === null ? null : Math.max(0, end - sample.currentTime);
}
