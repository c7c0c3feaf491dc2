import { isControlType, messageType } from './message.ts';

/** What one RTMP connection may cost. Every number can be overridden; `defaultRtmpLimits` says where each comes from. */
export interface RtmpLimits {
  readonly maxMediaBytes: number;
  readonly maxDataBytes: number;
  readonly maxCommandBytes: number;
  readonly maxControlBytes: number;
  readonly maxPartialBytes: number;
  readonly maxChunkStreams: number;
  readonly maxMessageStreams: number;
  readonly maxHeldBytes: number;
  readonly maxHeldMessages: number;
  readonly maxPendingOutputBytes: number;
  readonly minAckWindow: number;
  readonly defaultAckWindow: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const defaultRtmpLimits: RtmpLimits = {
  /** Audio, video and aggregate messages. A 4K keyframe at 60 Mbit/s is under 4 MiB; other servers allow 1 to 16 MiB. */
  maxMediaBytes: 8 * MiB,
  /** Data messages. The largest onMetaData seen in the field is a few KiB; keyframe indexes of files reach 100 KiB. */
  maxDataBytes: 256 * KiB,
  /** Commands, shared objects and unknown types. The largest connect seen is under 2 KiB; long tokens need some more. */
  maxCommandBytes: 64 * KiB,
  /** Control messages. The longest defined one is the 44-byte SWF verification response; surplus bytes are legal. */
  maxControlBytes: 256,
  /** Memory of all half-received messages together: two of the largest. */
  maxPartialBytes: 16 * MiB,
  /** The busiest client seen uses 6; nginx-rtmp allows 32. */
  maxChunkStreams: 64,
  /** NetStreams of one connection. Encoders use 1, Flash applications a few. */
  maxMessageStreams: 8,
  /** Messages kept while a connect or publish decision is awaited: a second of a 16 Mbit/s stream. */
  maxHeldBytes: 2 * MiB,
  /** The same, counted: ten seconds of 30 fps video with AAC audio. */
  maxHeldMessages: 1000,
  /** Replies that the peer provoked and nobody has taken. An honest client provokes a few hundred bytes. */
  maxPendingOutputBytes: 1 * MiB,
  /** A smaller Window Acknowledgement Size is treated as this one, or a peer could ask for an ack per byte. */
  minAckWindow: 16 * KiB,
  /** Used until the peer names its own: OBS, FFmpeg and librtmp publishers never do. Flash Media Server's default. */
  defaultAckWindow: 2_500_000,
};

/** How long a message of this type may be. */
export function lengthLimit(limits: RtmpLimits, typeId: number): number {
  switch (typeId) {
    case messageType.audio:
    case messageType.video:
    case messageType.aggregate:
      return limits.maxMediaBytes;
    case messageType.dataAmf0:
    case messageType.dataAmf3:
      return limits.maxDataBytes;
    default:
      return isControlType(typeId) ? limits.maxControlBytes : limits.maxCommandBytes;
  }
}
