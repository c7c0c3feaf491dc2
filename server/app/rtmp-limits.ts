import type { Config } from '../config/schema.ts';
import type { RtmpLimits } from '../rtmp/limits.ts';

/** What depends on a setting keeps its proportion to it. */
export function rtmpLimitsOf({ rtmp }: Config): Partial<RtmpLimits> {
  return {
    maxMediaBytes: rtmp.maxMessageBytes,
    maxDataBytes: rtmp.maxDataBytes,
    maxCommandBytes: rtmp.maxCommandBytes,
    maxPartialBytes: 2 * rtmp.maxMessageBytes,
    maxChunkStreams: rtmp.maxChunkStreams,
    maxMessageStreams: rtmp.maxMessageStreams,
    maxBytesBeforeConnect: rtmp.maxBytesBeforeConnect,
    maxCommandsPerSecond: rtmp.maxCommandsPerSecond,
    maxCommandBurst: 4 * rtmp.maxCommandsPerSecond,
    maxRequestsPerSecond: rtmp.maxRequestsPerSecond,
    maxRequestBurst: 20 * rtmp.maxRequestsPerSecond,
    maxDataPerSecond: rtmp.maxDataPerSecond,
    maxDataBurst: 5 * rtmp.maxDataPerSecond,
    maxPingsPerSecond: rtmp.maxPingsPerSecond,
    maxPingBurst: 20 * rtmp.maxPingsPerSecond,
    maxHeldBytes: rtmp.maxHeldBytes,
    maxHeldMessages: rtmp.maxHeldMessages,
    maxPendingOutputBytes: rtmp.maxUnreadBytes,
    maxAmfDepth: rtmp.maxAmfDepth,
    maxAmfValues: rtmp.maxAmfValues,
    maxAmfStringBytes: rtmp.maxCommandBytes,
    maxAmfTextBytes: 16 * rtmp.maxCommandBytes,
  };
}
