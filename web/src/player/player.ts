import { ControlLoop } from './control-loop.ts';
import { FirstPicture } from './first-picture.ts';
import type { PlayedTracks } from './flv-rewriter.ts';
import type { SniffedTracks } from './flv-sniff.ts';
import { FrameFreeze } from './frame-freeze.ts';
import { probe } from './http-source.ts';
import { MediaConnection, preloadEngine } from './media-connection.ts';
import type { EngineName } from './player-engine.ts';
import {
  type FeedStatus,
  isPublisherMute,
  type PlayerCommand,
  type PlayerEvent,
  type PlayerView,
  type Transport,
} from './player-state.ts';
import { rememberedTransport, rememberTransport } from './transport-memory.ts';

export interface PlayerOptions {
  /** Path of the media, from the root: /live/main.flv */
  readonly mediaPath: string;
  readonly transport: Transport;
  /** Null: chosen by codec. */
  readonly engine: EngineName | null;
  /** Which track of a multitrack stream; 0 is the default one. */
  readonly track: number;
  readonly muted: boolean;
  readonly onChange: (status: PlayerStatus) => void;
}

/** Figures for the stats overlay and for tests. */
export interface PlaybackStats {
  readonly engine: EngineName | null;
  readonly transport: Transport;
  readonly tracks: SniffedTracks | null;
  /** Which of them are played; null before that is known. */
  readonly plays: PlayedTracks | null;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly dropped: number;
  readonly rate: number;
  readonly receivedBytes: number;
  /** Engines made since the page opened. */
  readonly opened: number;
  /** From the page's navigation to the first picture. */
  readonly firstFrameMs: number | null;
  /** From opening the present connection to its first picture. */
  readonly startMs: number | null;
}

export interface PlayerStatus {
  readonly view: PlayerView;
  readonly stats: PlaybackStats;
  readonly muted: boolean;
  readonly volume: number;
}

const tickMs = 200;
/** One refusal may be a stream that just went live; two mean that WebSockets do not get through. */
const webSocketTries = 2;

/** Joins the controller with a real video element, a connection and the clock. Decides nothing itself. */
export class Player {
  readonly video = document.createElement('video');
  readonly freeze = new FrameFreeze();
  readonly #options: PlayerOptions;
  readonly #loop = new ControlLoop(
    {
      nowMs: () => performance.now(),
      look: () => ({
        sample: this.#connection?.sample() ?? null,
        arrivals: this.#connection?.arrivals ?? null,
        transport: this.#transport,
      }),
      run: (command) => this.#run(command),
    },
    Math.random,
  );
  readonly #timer: ReturnType<typeof setInterval>;
  #feed: FeedStatus = 'unknown';
  #transport: Transport;
  #track: number;
  #connection: MediaConnection | null = null;
  /** While nothing new is on screen. */
  #firstPicture: FirstPicture | null = null;
  #engineName: EngineName | null = null;
  #tracks: SniffedTracks | null = null;
  #plays: PlayedTracks | null = null;
  #opened = 0;
  #receivedBefore = 0;
  /** WebSockets in a row that failed although HTTP works. */
  #blockedWebSockets = 0;
  #firstFrameMs: number | null = null;
  #openedAtMs = 0;
  #startMs: number | null = null;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#transport = rememberedTransport(options.transport);
    this.#track = options.track;
    this.video.playsInline = true;
    this.video.muted = options.muted;
    // Without this ManagedMediaSource does not open.
    this.video.disableRemotePlayback = true;
    this.video.preservesPitch = true;
    this.#timer = setInterval(this.#tick, tickMs);
    document.addEventListener('visibilitychange', this.#onVisibility);
    // Events come late, so they say only that it is worth looking.
    for (const type of ['play', 'pause', 'ended'] as const) this.video.addEventListener(type, this.#tick);
    this.video.addEventListener('error', this.#onElementError);
    for (const type of ['volumechange', 'playing', 'waiting', 'resize'] as const) {
      this.video.addEventListener(type, this.#notify);
    }
  }

  start(): void {
    if (document.hidden) this.#send({ type: 'visibility', visible: false });
    this.#send({ type: 'start' });
    // The likely engine is fetched while the server answers.
    preloadEngine(this.#options.engine ?? 'flv.js');
  }

  /** News of the stream from the status channel. `since` tells one publish from the next. */
  feed(status: FeedStatus, since?: string): void {
    if (isPublisherMute(this.#feed) && !isPublisherMute(status)) this.#connection?.publisherReturns();
    this.#feed = status;
    this.#send({ type: 'feed', status, since });
  }

  play(): void {
    this.#send({ type: 'user-play' });
  }

  pause(): void {
    this.#send({ type: 'user-pause' });
  }

  /** Plays what is held, holds what plays: as it is now, which need not be what the page showed last. */
  togglePlay(): void {
    this.#loop.togglePlay();
    this.#notify();
  }

  catchUp(): void {
    this.#send({ type: 'catch-up' });
  }

  retry(): void {
    this.#send({ type: 'retry' });
  }

  /** Plays another track from now on. */
  setTrack(track: number): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#send({ type: 'track-chosen' });
  }

  setMuted(muted: boolean): void {
    this.video.muted = muted;
  }

  setVolume(volume: number): void {
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
  }

  destroy(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#close();
  }

  status(): PlayerStatus {
    const quality = this.video.getVideoPlaybackQuality();
    return {
      view: this.#loop.view,
      stats: {
        engine: this.#engineName,
        transport: this.#transport,
        tracks: this.#tracks,
        plays: this.#plays,
        width: this.video.videoWidth,
        height: this.video.videoHeight,
        frames: quality.totalVideoFrames,
        dropped: quality.droppedVideoFrames,
        rate: this.video.playbackRate,
        receivedBytes: this.#receivedBefore + (this.#connection?.receivedBytes ?? 0),
        opened: this.#opened,
        firstFrameMs: this.#firstFrameMs,
        startMs: this.#startMs,
      },
      muted: this.video.muted,
      volume: this.video.volume,
    };
  }

  readonly #notify = (): void => {
    this.#options.onChange(this.status());
  };

  readonly #tick = (): void => {
    this.#connection?.tick(performance.now());
    this.#loop.tick();
    this.#lookForPicture();
    this.#notify();
  };

  /** What the element cannot decode it tells nobody else. Losing its media is an error, too, but a late one. */
  readonly #onElementError = (): void => {
    const { error } = this.video;
    if (error === null || this.#connection?.sample() == null) return;
    this.#send({ type: 'engine-failed', message: error.message || `media error ${error.code}` });
  };

  readonly #onVisibility = (): void => {
    this.#send({ type: 'visibility', visible: !document.hidden });
    this.#tick();
  };

  #send(event: PlayerEvent): void {
    this.#loop.send(event);
    this.#notify();
  }

  #run(command: PlayerCommand): void {
    switch (command.type) {
      case 'open':
        this.#open();
        break;
      case 'close':
        this.#close();
        break;
      case 'seek':
        this.video.currentTime = command.to;
        break;
      case 'rate':
        this.video.playbackRate = command.rate;
        break;
      case 'play':
        this.#play();
        break;
      case 'pause':
        this.video.pause();
        break;
      default:
        command satisfies never;
    }
  }

  get #mediaAddress(): string {
    return this.#options.mediaPath + (this.#track === 0 ? '' : `?track=${this.#track}`);
  }

  #open(): void {
    this.#opened += 1;
    this.#openedAtMs = performance.now();
    this.#startMs = null;
    const connection: MediaConnection = new MediaConnection({
      path: this.#mediaAddress,
      transport: this.#transport,
      engine: this.#options.engine,
      video: this.video,
      onEvent: (event) => this.#onConnection(connection, event),
      onRefused: (httpStatus, message) => void this.#onRefused(connection, httpStatus, message),
    });
    this.#connection = connection;
  }

  #onConnection(connection: MediaConnection, event: PlayerEvent): void {
    if (connection !== this.#connection) return;
    this.#tracks = connection.tracks;
    this.#plays = connection.plays;
    if (event.type === 'engine-ready') {
      this.#engineName = connection.engineName;
      this.video.playbackRate = 1;
      this.#awaitPicture(connection);
    }
    this.#send(event);
  }

  #close(): void {
    this.freeze.take(this.video);
    this.#firstPicture = null;
    this.#receivedBefore += this.#connection?.receivedBytes ?? 0;
    const connection = this.#connection;
    this.#connection = null;
    connection?.close();
  }

  #awaitPicture(connection: MediaConnection): void {
    const first = new FirstPicture(this.video.getVideoPlaybackQuality().totalVideoFrames);
    this.#firstPicture = first;
    if (!('requestVideoFrameCallback' in this.video)) return;
    this.video.requestVideoFrameCallback(() => {
      if (connection !== this.#connection) return;
      first.frame();
      this.#tick();
    });
  }

  #lookForPicture(): void {
    const sample = this.#connection?.sample() ?? null;
    if (sample === null || this.#firstPicture?.look(sample) !== true) return;
    this.#firstPicture = null;
    this.freeze.clear();
    this.#startMs = performance.now() - this.#openedAtMs;
    if (this.#firstFrameMs !== null) return;
    this.#firstFrameMs = performance.now();
    performance.mark('sluice-first-frame');
  }

  /** A WebSocket does not say why it was refused: HTTP does. If HTTP works, something between blocks WebSockets. */
  async #onRefused(
    connection: MediaConnection,
    httpStatus: number | null,
    message: string | null,
  ): Promise<void> {
    if (httpStatus !== null || this.#transport === 'http') {
      this.#send({ type: 'refused', httpStatus, message });
      return;
    }
    const answer = await probe(this.#mediaAddress);
    if (connection !== this.#connection) return;
    this.#blockedWebSockets = answer.httpStatus === 200 ? this.#blockedWebSockets + 1 : 0;
    if (this.#blockedWebSockets >= webSocketTries) {
      this.#transport = 'http';
      rememberTransport('http');
    }
    this.#send({ type: 'refused', httpStatus: answer.httpStatus, message: answer.message ?? message });
  }

  #play(): void {
    this.video.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      // The answer comes late: by now the viewer may want none of it.
      if (this.#loop.view.paused) return;
      if (this.video.muted) {
        this.#send({ type: 'play-blocked' });
        return;
      }
      // Sound needs a click, pictures mostly do not.
      this.video.muted = true;
      this.#play();
    });
  }
}
