import type { MediaPacket } from '../../shared/media/media-packet.ts';
import type { Protocol } from './snapshot.ts';

/** Which tracks a stream has, and so which ones a viewer is told of. */
export interface Tracks {
  readonly audio: boolean;
  readonly video: boolean;
}

export const EVERY_TRACK: Tracks = { audio: true, video: true };

/** Which track of each kind of a multitrack stream; 0 is the default one. */
export interface TrackPick {
  readonly video: number;
  readonly audio: number;
}

/**
 * How media packets become the bytes of one output. The hub declares it, `server/output` gives it.
 * Pure: the same packets give the same bytes, which all viewers of a feed share.
 */
export interface Container {
  /** Viewers with equal ids share bytes: `http-flv`, `ws-flv`, `rtmp/4096`. */
  readonly id: string;
  readonly protocol: Protocol;
  /**
   * True where a viewer is told its tracks once (the flags of an FLV header). Its response has to end
   * when the tracks change, because a browser cannot add a track to a running MediaSource.
   */
  readonly tracksAreFixed: boolean;
  /** Set where an output takes other tracks than the default ones, which it is told of whatever those do. */
  readonly pick?: TrackPick | undefined;
  /** Set where an output ends this long after its time zero. What comes later is left out of it. */
  readonly durationMs?: number | undefined;
  /**
   * Bytes for `packets`, with `timeBaseMs` as time zero. `opening` puts what a response begins with in front.
   * Empty when nothing of it concerns this output.
   */
  encode(packets: readonly MediaPacket[], timeBaseMs: number, opening?: Tracks): Uint8Array;
}
