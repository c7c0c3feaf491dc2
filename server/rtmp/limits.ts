import { AmfLimitError, type AmfLimits, defaultAmfLimits } from '../../shared/amf/amf-budget.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
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
  readonly maxBytesBeforeConnect: number;
  readonly maxHeldBytes: number;
  readonly maxHeldMessages: number;
  readonly maxPendingOutputBytes: number;
  readonly maxCommandsPerSecond: number;
  readonly maxCommandBurst: number;
  readonly maxRequestsPerSecond: number;
  readonly maxRequestBurst: number;
  readonly maxDataPerSecond: number;
  readonly maxDataBurst: number;
  readonly maxPingsPerSecond: number;
  readonly maxPingBurst: number;
  readonly maxAmfDepth: number;
  readonly maxAmfValues: number;
  readonly maxAmfStringBytes: number;
  readonly maxAmfTextBytes: number;
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
  /** What a client may send, the handshake not counted, until its connect is whole: twice the longest command. */
  maxBytesBeforeConnect: 128 * KiB,
  /** Messages kept while a connect or publish decision is awaited: a second of a 16 Mbit/s stream. */
  maxHeldBytes: 2 * MiB,
  /** The same, counted: ten seconds of 30 fps video with AAC audio. */
  maxHeldMessages: 1000,
  /** Replies that the peer provoked and nobody has taken. An honest client provokes a few hundred bytes. */
  maxPendingOutputBytes: 1 * MiB,
  /** Commands and shared objects. An encoder sends 8 in all, a player a few; a seek bar that is dragged some dozens. */
  maxCommandsPerSecond: 50,
  maxCommandBurst: 200,
  /** Publish and play: each is a decision, a log line and news for the dashboard. Flash playlists switch now and then. */
  maxRequestsPerSecond: 1,
  maxRequestBurst: 20,
  /** Data messages; those above are dropped. Captions come once a frame, GStreamer's metadata in dozens at the start. */
  maxDataPerSecond: 100,
  maxDataBurst: 500,
  /** Pings, and changes of the bandwidth, that are answered. Who measures its line asks every few seconds; more than that buys nothing. */
  maxPingsPerSecond: 1,
  maxPingBurst: 20,
  /** Of one command. `connect` with the lists of Enhanced RTMP has 2 levels and some dozens of values. */
  maxAmfDepth: defaultAmfLimits.maxDepth,
  maxAmfValues: defaultAmfLimits.maxValues,
  /** As long as a command may be, and sixteen times that with what references repeat. */
  maxAmfStringBytes: defaultAmfLimits.maxStringBytes,
  maxAmfTextBytes: defaultAmfLimits.maxTextBytes,
  /** A smaller Window Acknowledgement Size is treated as this one, or a peer could ask for an ack per byte. */
  minAckWindow: 16 * KiB,
  /** Used until the peer names its own: OBS, FFmpeg and librtmp publishers never do. Flash Media Server's default. */
  defaultAckWindow: 2_500_000,
};

/** Memory of half-received messages over all connections: sixteen that go to their own limit, hundreds that are honest. */
export const defaultMaxPartialBytesOfAll = 256 * MiB;

/** The name of a limit, as metrics show it: of a connection, or of all connections and their addresses. */
export type LimitName =
  | keyof RtmpLimits
  | 'maxPartialBytesOfAll'
  | 'maxConnections'
  | 'maxConnectionsPerAddress'
  | 'maxConnectsPerSecond'
  | 'maxWrongLoginsPerMinute'
  | 'maxTlsRenegotiations'
  | 'handshakeTimeout'
  | 'idleTimeout'
  | 'pingTimeout';

/** The peer went over a limit. */
export class LimitError extends ProtocolError {
  readonly limit: LimitName;

  constructor(code: 'too-large' | 'too-many', limit: LimitName, message: string) {
    super(code, message);
    this.limit = limit;
  }
}

const amfLimitNames = {
  maxDepth: 'maxAmfDepth',
  maxValues: 'maxAmfValues',
  maxStringBytes: 'maxAmfStringBytes',
  maxTextBytes: 'maxAmfTextBytes',
} as const satisfies Record<keyof AmfLimits, keyof RtmpLimits>;

/** Which limit an error is about, if it is about one. */
export function limitOf(error: ProtocolError): LimitName | undefined {
  if (error instanceof LimitError) return error.limit;
  return error instanceof AmfLimitError ? amfLimitNames[error.limit] : undefined;
}

/** What one command may cost to decode. */
export const amfLimits = (limits: RtmpLimits): AmfLimits => ({
  maxDepth: limits.maxAmfDepth,
  maxValues: limits.maxAmfValues,
  maxStringBytes: limits.maxAmfStringBytes,
  maxTextBytes: limits.maxAmfTextBytes,
});

/** Which limit the length of a message of this type falls under. */
export function lengthLimitName(typeId: number): keyof RtmpLimits {
  switch (typeId) {
    case messageType.audio:
    case messageType.video:
    case messageType.aggregate:
      return 'maxMediaBytes';
    case messageType.dataAmf0:
    case messageType.dataAmf3:
      return 'maxDataBytes';
    default:
      return isControlType(typeId) ? 'maxControlBytes' : 'maxCommandBytes';
  }
}

/** How long a message of this type may be. */
export const lengthLimit = (limits: RtmpLimits, typeId: number): number => limits[lengthLimitName(typeId)];
