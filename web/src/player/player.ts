import { detectBrowserMedia } from './browser-media.ts';
import type { ByteSource, ByteSourceListener } from './byte-source.ts';
import { ControlLoop } from './control-loop.ts';
import { chooseEngine } from './engine-choice.ts';
import type { SniffedTracks } from './flv-sniff.ts';
import { FrameFreeze } from './frame-freeze.ts';
import { openHttpSource, probe } from './http-source.ts';
import type { MediaSample } from './media-sample.ts';
import type { EngineModule, EngineName, PlayerEngine } from './player-engine.ts';
import type { FeedStatus, PlayerCommand, PlayerEvent, PlayerView } from './player-state.ts';
import { openWebSocketSource } from './ws-source.ts';

export type Transport = 'ws' | 'http';

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

const loadEngine: Readonly<Record<EngineName, () => Promise<EngineModule>>> = {
  'flv.js': () => import('./flv-engine.ts'),
  'mpegts.js': () => import('./mpegts-engine.ts'),
};

/** Joins the controller with a real video element, a byte source, an engine and the clock. Decides nothing itself. */
export class Player {
  readonly video = document.createElement('video');
  readonly freeze = new FrameFreeze();
  readonly #options: PlayerOptions;
  readonly #loop = new ControlLoop(
    {
      nowMs: () => performance.now(),
      sample: () => (this.#engine === null ? null : this.#sample()),
      run: (command) => this.#run(command),
    },
    Math.random,
  );
  readonly #timer: ReturnType<typeof setInterval>;
  #transport: Transport;
  #track: number;
  #source: ByteSource | null = null;
  #engine: PlayerEngine | null = null;
  #engineName: EngineName | null = null;
  #tracks: SniffedTracks | null = null;
  #opened = 0;
  #receivedBefore = 0;
  #refusedThoughLive = 0;
  #firstFrameMs: number | null = null;
  #openedAtMs = 0;
  #startMs: number | null = null;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#transport = options.transport;
    this.#track = options.track;
    this.video.playsInline = true;
    this.video.muted = options.muted;
    // Without this ManagedMediaSource does not open.
    this.video.disableRemotePlayback = true;
    this.#timer = setInterval(this.#tick, tickMs);
    document.addEventListener('visibilitychange', this.#onVisibility);
    // Events come late, so they say only that it is worth looking.
    for (const type of ['play', 'pause', 'ended'] as const) this.video.addEventListener(type, this.#tick);
    for (const type of ['volumechange', 'playing', 'waiting', 'resize'] as const) {
      this.video.addEventListener(type, this.#notify);
    }
  }

  start(): void {
    if (document.hidden) this.#send({ type: 'visibility', visible: false });
    this.#send({ type: 'start' });
    // The likely engine is fetched while the server answers.
    void loadEngine[this.#options.engine ?? 'flv.js']().catch(() => {});
  }

  /** News of the stream from the status channel. `since` tells one publish from the next. */
  feed(status: FeedStatus, since?: string): void {
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
        width: this.video.videoWidth,
        height: this.video.videoHeight,
        frames: quality.totalVideoFrames,
        dropped: quality.droppedVideoFrames,
        rate: this.video.playbackRate,
        receivedBytes: this.#receivedBefore + (this.#source?.receivedBytes ?? 0),
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
    this.#loop.tick();
    this.#notify();
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
    const scheme = this.#transport === 'ws' ? location.protocol.replace('http', 'ws') : location.protocol;
    const url = `${scheme}//${location.host}${this.#mediaAddress}`;
    // A source that was closed stays silent, so these always speak for the present one.
    const listener: ByteSourceListener = {
      onFirstByte: () => this.#send({ type: 'first-byte' }),
      onTracks: (tracks) => this.#onTracks(tracks),
      onRefused: (httpStatus, message) => void this.#onRefused(httpStatus, message),
      onEnd: (how) => this.#send({ type: 'source-ended', how }),
    };
    this.#source =
      this.#transport === 'ws' ? openWebSocketSource(url, listener) : openHttpSource(url, listener);
  }

  #close(): void {
    this.freeze.take(this.video);
    this.#receivedBefore += this.#source?.receivedBytes ?? 0;
    this.#source?.close();
    this.#source = null;
    const engine = this.#engine;
    this.#engine = null;
    try {
      engine?.destroy();
    } catch {
      // An engine that failed half way may fail once more when it is taken down. It is gone either way.
    }
  }

  #onTracks(tracks: SniffedTracks | null): void {
    this.#tracks = tracks;
    const source = this.#source;
    if (source === null) return;
    if (tracks === null) {
      this.#send({ type: 'engine-failed', message: 'The server sent something that is not FLV.' });
      return;
    }
    const choice = chooseEngine(tracks, detectBrowserMedia(), this.#options.engine);
    if ('unsupported' in choice) {
      this.#send({ type: 'unsupported', message: choice.unsupported });
      return;
    }
    void this.#startEngine(choice.engine, source, tracks.video !== null);
  }

  async #startEngine(name: EngineName, source: ByteSource, hasVideo: boolean): Promise<void> {
    let module: EngineModule;
    try {
      module = await loadEngine[name]();
    } catch {
      if (source === this.#source)
        this.#send({ type: 'engine-failed', message: `${name} could not be loaded.` });
      return;
    }
    if (source !== this.#source) return;
    this.#engineName = name;
    this.video.playbackRate = 1;
    const onFailed = (message: string): void => {
      if (source === this.#source) this.#send({ type: 'engine-failed', message });
    };
    try {
      this.#engine = module.createEngine({ video: this.video, source, onFailed });
    } catch (error) {
      onFailed(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#awaitFirstFrame(this.#engine, hasVideo);
    this.#send({ type: 'engine-ready', hasVideo });
  }

  #awaitFirstFrame(engine: PlayerEngine, hasVideo: boolean): void {
    const shown = (): void => {
      if (engine !== this.#engine) return;
      this.freeze.clear();
      this.#startMs = performance.now() - this.#openedAtMs;
      if (this.#firstFrameMs === null) {
        this.#firstFrameMs = performance.now();
        performance.mark('sluice-first-frame');
      }
      this.#tick();
    };
    if (hasVideo && 'requestVideoFrameCallback' in this.video) this.video.requestVideoFrameCallback(shown);
    else this.video.addEventListener('playing', shown, { once: true });
  }

  /** A WebSocket does not say why it was refused: HTTP does. If HTTP works, something between blocks WebSockets. */
  async #onRefused(httpStatus: number | null, message: string | null): Promise<void> {
    const source = this.#source;
    if (httpStatus !== null || this.#transport === 'http') {
      this.#send({ type: 'refused', httpStatus, message });
      return;
    }
    const answer = await probe(this.#mediaAddress);
    if (source !== this.#source) return;
    if (answer.httpStatus === 200) this.#refusedThoughLive += 1;
    if (this.#refusedThoughLive >= webSocketTries) this.#transport = 'http';
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

  #sample(): MediaSample {
    const { buffered, currentTime, readyState, paused, ended, seeking } = this.video;
    const seen = !document.hidden || document.pictureInPictureElement === this.video;
    const ranges = Array.from({ length: buffered.length }, (_, i) => ({
      start: buffered.start(i),
      end: buffered.end(i),
    }));
    const frames = this.video.getVideoPlaybackQuality().totalVideoFrames;
    return { currentTime, ranges, readyState, frames, paused, ended, seen, seeking };
  }
}
