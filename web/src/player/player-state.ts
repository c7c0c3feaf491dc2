import type { Arrivals } from './arrival-watch.ts';
import type { MediaSample } from './media-sample.ts';
import type { HeldFacts } from './play-intent.ts';

/** What a viewer is told. Each is drawn on purpose. */
export type PlayerState =
  | 'offline'
  | 'connecting'
  | 'live'
  | 'buffering'
  | 'reconnecting'
  | 'ended'
  | 'unsupported'
  | 'error';

export type Transport = 'ws' | 'http';

/** What the status channel says of the stream; `unknown` while there is no channel. */
export type FeedStatus = 'unknown' | 'starting' | 'live' | 'silent' | 'interrupted' | 'gone';

/** Nothing can come at the moment, whatever the line is like: opening it again changes nothing. */
export const isPublisherMute = (feed: FeedStatus): boolean => feed === 'interrupted' || feed === 'silent';

/** Why there is no picture at the moment. The page finds the words. */
export type PlayerReason =
  | 'network'
  | 'unreachable'
  | 'server-restarting'
  | 'publisher-interrupted'
  | 'publisher-silent'
  | 'waiting-for-picture'
  /** Data comes, and no picture yet that a decoder can begin with. */
  | 'waiting-for-start'
  /** Pictures come without the sound that was announced. */
  | 'waiting-for-sound'
  /** The encoder sends rarely and much at a time. */
  | 'comes-in-pieces'
  /** Nothing arrives, and what is behind that is not known: a slow line still brings something. */
  | 'nothing-comes'
  /** No answer over HTTP: other players hold the connections that a browser opens to one server. */
  | 'crowded'
  | 'stalled'
  | 'media'
  | 'refused'
  | 'kicked'
  | 'unsupported';

/**
 * How the bytes of one response came to their end. `clean`: properly, but HTTP cannot say whether the stream is over
 * or the server wants to be asked again because the tracks changed.
 */
export type SourceEnd = 'ended' | 'tracks-changed' | 'clean' | 'draining' | 'dropped' | 'kicked';

export type PlayerEvent =
  | { readonly type: 'start' }
  /** `since` tells one publish from the next of the same name. */
  | { readonly type: 'feed'; readonly status: FeedStatus; readonly since?: string | undefined }
  | { readonly type: 'refused'; readonly httpStatus: number | null; readonly message: string | null }
  | { readonly type: 'first-byte' }
  /** `leftOut` says which track is not played and why. */
  | { readonly type: 'engine-ready'; readonly hasVideo: boolean; readonly leftOut: string | null }
  | { readonly type: 'unsupported'; readonly message: string }
  | { readonly type: 'source-ended'; readonly how: SourceEnd }
  | { readonly type: 'engine-failed'; readonly message: string }
  /** About five times a second. */
  | { readonly type: 'tick'; readonly seen: Seen }
  | { readonly type: 'visibility'; readonly visible: boolean }
  /** How the element is held at this moment, before something else is done to it. */
  | { readonly type: 'look'; readonly element: HeldFacts }
  /** A command was carried out on the element, which is now paused or not. */
  | { readonly type: 'touched'; readonly paused: boolean }
  /** The browser refuses to play before the viewer has clicked something. */
  | { readonly type: 'play-blocked' }
  | { readonly type: 'user-play' }
  | { readonly type: 'user-pause' }
  | { readonly type: 'catch-up' }
  /** Other media is wanted of the same stream. */
  | { readonly type: 'track-chosen' }
  | { readonly type: 'retry' };

/** What is seen at one look. */
export interface Seen {
  /** Null while there is no engine. */
  readonly sample: MediaSample | null;
  /** Null while no connection has brought media. */
  readonly arrivals: Arrivals | null;
  readonly transport: Transport;
}

export type PlayerCommand =
  | { readonly type: 'open' }
  /** Ends the source and the engine. The last frame stays to be seen. */
  | { readonly type: 'close' }
  | { readonly type: 'seek'; readonly to: number }
  | { readonly type: 'rate'; readonly rate: number }
  | { readonly type: 'play' }
  | { readonly type: 'pause' };

/** Everything the page draws of the player's condition. */
export interface PlayerView {
  readonly state: PlayerState;
  readonly reason: PlayerReason | null;
  /** From the server or the engine, in its own words. */
  readonly message: string | null;
  /** Milliseconds to the next attempt, while one is waited for. */
  readonly retryInMs: number | null;
  /** How long nothing has moved, while the connection is there and nothing comes. */
  readonly stillMs: number | null;
  /** How long the picture has stood still while the sound goes on; null while it moves, or is not expected to. */
  readonly pictureStillMs: number | null;
  /** Which track is not played and why; null when all are. */
  readonly leftOut: string | null;
  /** What plays has no picture. */
  readonly soundOnly: boolean;
  readonly paused: boolean;
  /** A click is needed before anything moves. */
  readonly blocked: boolean;
  /** Seconds between what is shown and the newest that the server has: with what waits in the line. */
  readonly latency: number | null;
  /** How much of the latency waits outside of this browser. */
  readonly lineSeconds: number | null;
  /** A picture was on screen at some time, so a last frame can be shown. */
  readonly hasPicture: boolean;
}
