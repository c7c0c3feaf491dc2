import type { Config } from '../config/schema.ts';
import type { HubLimits } from '../hub/hub.ts';
import { defaultTrackMonitorLimits } from '../hub/track-monitor.ts';

/** The hub's limits as the operator set them. */
export function hubLimits({ stream, gop, viewer }: Config): HubLimits {
  return {
    cacheBytes: gop.maxTotalBytes,
    stream: {
      gop: { maxBytes: gop.maxBytes, maxDurationMs: gop.maxSeconds * 1000 },
      tracks: defaultTrackMonitorLimits,
      graceMs: stream.grace * 1000,
    },
    viewer: {
      queueBytes: viewer.queueBytes,
      queueSeconds: viewer.queueSeconds,
      stallMs: viewer.stallSeconds * 1000,
    },
    silentTakeoverMs: stream.silentTakeover * 1000,
    kickPauseMs: stream.kickPause * 1000,
    publisherTimeoutMs: stream.publisherTimeout * 1000,
  };
}
