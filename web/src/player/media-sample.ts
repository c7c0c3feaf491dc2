/** A stretch of media that can be played, in seconds of the element's own timeline. */
export interface BufferedRange {
  readonly start: number;
  readonly end: number;
}

/** What the media element says of itself at one moment. */
export interface MediaSample {
  readonly currentTime: number;
  readonly ranges: readonly BufferedRange[];
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

/** Seconds between what is shown and the newest data; null while there is no data. */
export function secondsBehind(sample: MediaSample): number | null {
  const last = sample.ranges.at(-1);
  return last === undefined ? null : Math.max(0, last.end - sample.currentTime);
}
