import type { MediaSample } from './media-sample.ts';

/** A hole longer than this is not jumped: the watchdog recreates the player instead. */
const maxJumpSeconds = 10;
/** Lands inside the range even where the browser rounds its start up. */
const landingSeconds = 0.01;

/**
 * Where to seek when playback stands before a hole in the timeline, as it does after a publisher resumed or a
 * resolution changed: neither engine steps over one by itself. Undefined: nothing to jump.
 */
export function gapJumpTarget(sample: MediaSample): number | undefined {
  if (sample.readyState >= 3 || sample.seeking) return undefined;
  const next = sample.ranges.find((range) => range.start > sample.currentTime);
  if (next !== undefined) {
    return next.start - sample.currentTime <= maxJumpSeconds ? next.start + landingSeconds : undefined;
  }
  // All data lies in the past: the timeline restarted behind the playhead.
  const last = sample.ranges.at(-1);
  if (last !== undefined && sample.currentTime > last.end + 1) return Math.max(last.start, last.end - 0.5);
  return undefined;
}
