import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media/track-info.ts';
import type { TrackState } from './track-presence.ts';

/** How viewers and publishers are connected. */
export type PublicProtocol = 'rtmp' | 'http-flv' | 'ws-flv';
/** `relay`: one of our own processes that serves viewers of its own. It is no viewer and is not counted as one. */
export type Protocol = PublicProtocol | 'relay';
/**
 * `silent`: the publisher is connected and sends neither pictures nor sound. `interrupted`: its line dropped, and viewers are held for
 * its return.
 */
export type StreamState = 'starting' | 'live' | 'silent' | 'interrupted';

/** Who is at the other end of a session. Never holds a secret. */
export interface Peer {
  /** Connection id: the same in every log line, in the API and in metrics. */
  readonly id: string;
  readonly protocol: Protocol;
  /** IP address, without port. */
  readonly address: string;
  /** flashVer of an RTMP client, User-Agent of an HTTP one. */
  readonly userAgent: string | null;
  /** The operator looks at the stream in the dashboard: served as a viewer is, and none to those who count. */
  readonly isPreview?: boolean;
  /** Who a browser is, if it shows the cookie of the pages. */
  readonly visitor?: Visitor;
}

/** One browser, known again by a random number. */
export interface Visitor {
  readonly id: string;
  /** When it got the number, in milliseconds since 1970. */
  readonly sinceWallMs: number;
}

/** Whether somebody is of the audience: no process of ours, and not the operator who looks after a stream. */
export const isAudience = ({ protocol, isPreview }: Peer): boolean =>
  protocol !== 'relay' && isPreview !== true;

/** A publisher or viewer at one moment. Times are milliseconds since 1970. */
export interface SessionSnapshot extends Peer {
  readonly role: 'publisher' | 'viewer';
  readonly stream: string;
  readonly sinceMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly queuedBytes: number;
  readonly droppedVideo: number;
  readonly droppedAudio: number;
  /** An encoder that understands a request to connect again. */
  readonly canReconnect: boolean;
  /** What a publisher's metadata says of its program, as it was sent; null for viewers. */
  readonly encoder: string | null;
}

/** Viewers of a stream. */
export type ViewerCounts = { readonly total: number } & Readonly<Record<PublicProtocol, number>>;

/** Something that the operator should change about a stream. */
export interface StreamWarning {
  readonly code: string;
  readonly message: string;
  readonly advice: string;
}

export type KnownTrackState = Exclude<TrackState, 'absent'>;

/** One track of a stream. Id 0 is the default one of its kind, which every viewer can get. */
export type TrackSnapshot =
  | {
      readonly kind: 'video';
      readonly id: number;
      readonly info: VideoTrackInfo;
      readonly state: KnownTrackState;
    }
  | {
      readonly kind: 'audio';
      readonly id: number;
      readonly info: AudioTrackInfo;
      readonly state: KnownTrackState;
    };

/** A stream at one moment. Times are milliseconds since 1970. */
export interface StreamSnapshot {
  readonly name: string;
  readonly state: StreamState;
  readonly startedAtMs: number;
  readonly publisher: SessionSnapshot | null;
  readonly video: VideoTrackInfo | null;
  readonly audio: AudioTrackInfo | null;
  /** Every track, those two among them. */
  readonly tracks: readonly TrackSnapshot[];
  readonly frameRate: number | null;
  readonly keyframeIntervalMs: number | null;
  readonly kbpsIn: number;
  readonly kbpsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly gopCacheBytes: number;
  readonly viewers: ViewerCounts;
  readonly warnings: readonly StreamWarning[];
}
