import type { Stream } from '../../../shared/contract/streams.ts';

/** A stream in good health, for tests of what the dashboard makes of it. */
export function sampleStream(name: string, patch: Partial<Stream> = {}): Stream {
  return {
    name,
    state: 'live',
    startedAt: '2026-01-01T10:00:00.000Z',
    publisher: null,
    video: null,
    audio: null,
    tracks: [],
    frameRate: 30,
    keyframeIntervalMs: 2000,
    kbpsIn: 1000,
    kbpsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    gopCacheBytes: 0,
    viewers: { total: 0, httpFlv: 0, wsFlv: 0, rtmp: 0 },
    warnings: [],
    ...patch,
  };
}
