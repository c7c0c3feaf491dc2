import { type Arrivals, ArrivalWatch, sparseIntervalMs } from './arrival-watch.ts';
import { detectBrowserMedia } from './browser-media.ts';
import type { ByteSource, ByteSourceListener } from './byte-source.ts';
import { chooseEngine, type EnginePick } from './engine-choice.ts';
import { FlvRewriter, type PlayedTracks } from './flv-rewriter.ts';
import type { SniffedTracks } from './flv-sniff.ts';
import { openHttpSource } from './http-source.ts';
import { MediaBuffers } from './media-buffers.ts';
import type { BufferedRange, MediaSample } from './media-sample.ts';
import { PictureTail } from './picture-tail.ts';
import type { EngineModule, EngineName, PlayerEngine } from './player-engine.ts';
import type { PlayerEvent, Transport } from './player-state.ts';
import { PictureWatch, tailPolicy } from './tail-policy.ts';
import { openWebSocketSource } from './ws-source.ts';

export interface ConnectionOptions {
  /** Path and query from the root. */
  readonly path: string;
  readonly transport: Transport;
  /** Null: chosen by codec. */
  readonly engine: EngineName | null;
  readonly video: HTMLVideoElement;
  /** Not called any more once the connection is closed. */
  readonly onEvent: (event: PlayerEvent) => void;
  /** The server refused, or nothing answered; a WebSocket does not tell why. */
  readonly onRefused: (httpStatus: number | null, message: string | null) => void;
}

/** Behind this the engine has had its time to show a rare picture by itself. */
const lookAgainMs = 80;
const trimEveryMs = 5000;
/** Engines hand over what they give out within this time. */
const handOverMs = 40;

const loadEngine: Readonly<Record<EngineName, () => Promise<EngineModule>>> = {
  'flv.js': () => import('./flv-engine.ts'),
  'mpegts.js': () => import('./mpegts-engine.ts'),
};

/** Fetches the engine's code ahead of time. */
export function preloadEngine(name: EngineName): void {
  void loadEngine[name]().catch(() => {});
}

/** One response of the server and the engine that plays it. Decides nothing; it is closed and another one is made. */
export class MediaConnection {
  readonly #options: ConnectionOptions;
  readonly #browser = detectBrowserMedia();
  readonly #watch = new ArrivalWatch(performance.now());
  readonly #pictures = new PictureWatch();
  readonly #tail = new PictureTail();
  readonly #buffers: MediaBuffers;
  readonly #source: ByteSource;
  #tracks: SniffedTracks | null = null;
  #pick: EnginePick | null = null;
  #engine: PlayerEngine | null = null;
  #trimAtMs = 0;
  #holdAtCount = 0;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#buffers = new MediaBuffers({
      video: options.video,
      tail: this.#tail,
      policyAt: (count) => {
        const arrivals = this.#watch.at(performance.now());
        const stopped = this.#pictures.isStopped(arrivals) && count >= this.#holdAtCount;
        return tailPolicy(arrivals, this.#browser.isFirefox, stopped);
      },
      onFailed: (message) => this.#fail(message),
    });
    const isWebSocket = options.transport === 'ws';
    const scheme = isWebSocket ? location.protocol.replace('http', 'ws') : location.protocol;
    const url = `${scheme}//${location.host}${options.path}`;
    const open = isWebSocket ? openWebSocketSource : openHttpSource;
    this.#source = open(url, this.#listener());
  }

  get tracks(): SniffedTracks | null {
    return this.#tracks;
  }

  /** Null before an engine is chosen. */
  get plays(): PlayedTracks | null {
    return this.#pick;
  }

  get engineName(): EngineName | null {
    return this.#engine?.name ?? null;
  }

  get receivedBytes(): number {
    return this.#source.receivedBytes;
  }

  /** Null while nothing has come. */
  get arrivals(): Arrivals | null {
    const arrivals = this.#watch.at(performance.now());
    return arrivals.pictures === null && arrivals.sound === null ? null : arrivals;
  }

  /** The publisher was away, and sends again. */
  publisherReturns(): void {
    this.#watch.publisherReturns();
  }

  /** The element as it is now; null while there is no engine. */
  sample(): MediaSample | null {
    if (this.#engine === null) return null;
    const { video } = this.#options;
    const { currentTime, readyState, paused, ended, seeking } = video;
    return {
      currentTime,
      ranges: rangesOf(video.buffered),
      // With sound that is where both are: what was made up does not show.
      newestSeconds: this.#pick?.audio === true ? null : this.#tail.endSeconds,
      readyState,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
      paused,
      ended,
      seen: !document.hidden || document.pictureInPictureElement === video,
      seeking,
    };
  }

  /** Called now and then. */
  tick(nowMs: number): void {
    this.#lookAtPictures();
    if (nowMs < this.#trimAtMs) return;
    this.#trimAtMs = nowMs + trimEveryMs;
    this.#buffers.trim();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#lookTimer);
    this.#source.close();
    this.#buffers.close();
    const engine = this.#engine;
    this.#engine = null;
    try {
      engine?.destroy();
    } catch {
      // An engine that failed half way may fail once more when it is taken down. It is gone either way.
    }
  }

  #listener(): ByteSourceListener {
    return {
      onFirstByte: () => this.#tell({ type: 'first-byte' }),
      onTracks: (tracks) => this.#onTracks(tracks),
      onMedia: () => this.#onMedia(),
      onBroken: (message) => this.#fail(message),
      onRefused: (httpStatus, message) => {
        if (!this.#closed) this.#options.onRefused(httpStatus, message);
      },
      onEnd: (how) => this.#tell({ type: 'source-ended', how }),
    };
  }

  #tell(event: PlayerEvent): void {
    if (!this.#closed) this.#options.onEvent(event);
  }

  #fail(message: string): void {
    this.#tell({ type: 'engine-failed', message });
  }

  #onTracks(tracks: SniffedTracks | null): void {
    this.#tracks = tracks;
    if (tracks === null) {
      this.#fail('The server sent something that is not FLV.');
      return;
    }
    const choice = chooseEngine(tracks, this.#browser, this.#options.engine);
    if ('unsupported' in choice) {
      this.#tell({ type: 'unsupported', message: choice.unsupported });
      return;
    }
    this.#pick = choice;
    this.#source.rewriteWith(new FlvRewriter(tracks, choice, this.#watch));
    void this.#startEngine(choice);
  }

  async #startEngine({ engine: name, video: hasVideo, leftOut }: EnginePick): Promise<void> {
    let module: EngineModule;
    try {
      module = await loadEngine[name]();
    } catch {
      this.#fail(`${name} could not be loaded.`);
      return;
    }
    if (this.#closed) return;
    try {
      this.#engine = module.createEngine({
        video: this.#options.video,
        source: this.#source,
        onFailed: (message) => this.#fail(message),
        onBuffer: (kind, buffer) => this.#buffers.add(kind, buffer),
      });
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#tell({ type: 'engine-ready', hasVideo, leftOut });
    this.#lookAtPictures();
  }

  #onMedia(): void {
    this.#lookAtPictures();
    const { pictures } = this.#watch.at(performance.now());
    if (pictures === null || (pictures.intervalMs ?? sparseIntervalMs) < sparseIntervalMs) return;
    clearTimeout(this.#lookTimer);
    this.#lookTimer = setTimeout(() => this.#lookAtPictures(), lookAgainMs);
  }

  #lookAtPictures(): void {
    const engine = this.#engine;
    if (engine === null) return;
    const nowMs = performance.now();
    const next = this.#pictures.next(this.#watch.at(nowMs), nowMs);
    if (next === null) return;
    const before = this.#tail.count;
    // The last of them is to be held, and not one that another follows.
    this.#holdAtCount = before + engine.releasePictures();
    // Engines hand over what they give out a moment later. Where nothing was kept back, the last ones are given to the browser anew.
    if (next === 'hold') setTimeout(() => this.#holdUnless(before), handOverMs);
  }

  #holdUnless(countBefore: number): void {
    const stopped = this.#pictures.isStopped(this.#watch.at(performance.now()));
    if (!this.#closed && stopped && this.#tail.count === countBefore) this.#buffers.hold();
  }
}

function rangesOf(buffered: TimeRanges): BufferedRange[] {
  return Array.from({ length: buffered.length }, (_, i) => ({
    start: buffered.start(i),
    end: buffered.end(i),
  }));
}
