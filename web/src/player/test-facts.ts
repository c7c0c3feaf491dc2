import type { Arrivals, TrackArrivals } from './arrival-watch.ts';
import type { MediaSample } from './media-sample.ts';

// Facts for tests, to be changed where a test is about them.

/** An element that plays with half a second in hand. */
export function aSample(patch: Partial<MediaSample> = {}): MediaSample {
  return {
    currentTime: 10,
    ranges: [{ start: 0, end: 10.5 }],
    newestSeconds: null,
    readyState: 4,
    frames: 300,
    paused: false,
    ended: false,
    seen: true,
    seeking: false,
    ...patch,
  };
}

export function aTrack(patch: Partial<TrackArrivals> = {}): TrackArrivals {
  return { frames: 100, lastAtMs: 0, newestMs: 10_000, intervalMs: 33, usuallyLateMs: 0, ...patch };
}

/** A connection that brings pictures and sound. */
export function someArrivals(patch: Partial<Arrivals> = {}): Arrivals {
  return {
    pictures: aTrack(),
    sound: aTrack({ intervalMs: 23 }),
    silentMs: 0,
    spanMs: 10_000,
    outsideMs: 0,
    hasStart: true,
    habitualGapMs: 0,
    ...patch,
  };
}
