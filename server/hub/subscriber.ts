import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { type Container, EVERY_TRACK, type Tracks } from './container.ts';
import type { EncodedBatch, Rendition } from './rendition.ts';
import type { EndReason, Sink, ViewerNews } from './sink.ts';
import type { Peer, SessionSnapshot } from './snapshot.ts';

export interface SubscriberLimits {
  /** Most bytes that may wait for one viewer. Past half of it pictures stop, at all of it sound does. */
  readonly queueBytes: number;
  /** Most seconds of stream that may wait before pictures stop. */
  readonly queueSeconds: number;
  /** A viewer who takes nothing for this long is ended. */
  readonly stallMs: number;
}

/** Below this a queue is never called long: one keyframe of a good picture can be as large. */
const MIN_QUEUE_BYTES = 512 * 1024;
/** Pictures resume when less than this part of the permitted queue is left. */
const RESUME_SHARE = 1 / 6;

/**
 * - `waiting`: gets nothing until the stream can start it (headers, then a keyframe).
 * - `flowing`: gets every batch.
 * - `joining`: just asked for pictures, which begin with a keyframe; gets headers and sound until then.
 * - `behind`: lost pictures because it was slow; gets headers and sound until its queue is short and a keyframe comes.
 */
type State = 'waiting' | 'flowing' | 'joining' | 'behind';

/**
 * One viewer and the policy for when it is slow: bounded in bytes and in time, pictures go before sound, whole tags only,
 * back at a keyframe with its headers. Nothing it does costs another viewer or the publisher anything.
 */
export class Subscriber {
  readonly peer: Peer;
  readonly container: Container;
  readonly sinceMs: number;
  /** What it wants of the tracks that there are. */
  tracks: Tracks;
  rendition: Rendition | undefined;
  droppedVideo = 0;
  droppedAudio = 0;
  readonly #sink: Sink;
  readonly #limits: SubscriberLimits;
  #state: State = 'waiting';
  #bytesQueued = 0;
  /** What its start put in the queue at once: not held against it until it is drained. */
  #allowance = 0;
  #taken = 0;
  #takenAtMs: number;

  constructor(
    options: { peer: Peer; container: Container; sink: Sink; limits: SubscriberLimits; tracks?: Tracks },
    now: { monotonicMs: number; wallMs: number },
  ) {
    this.peer = options.peer;
    this.container = options.container;
    this.tracks = options.tracks ?? EVERY_TRACK;
    this.#sink = options.sink;
    this.#limits = options.limits;
    this.sinceMs = now.wallMs;
    this.#takenAtMs = now.monotonicMs;
  }

  get waiting(): boolean {
    return this.#state === 'waiting';
  }

  get queuedBytes(): number {
    return this.#sink.bufferedBytes;
  }

  /** Bytes that the kernel took. */
  get bytesOut(): number {
    return Math.max(0, this.#bytesQueued - this.#sink.bufferedBytes);
  }

  /** Starts or restarts the viewer with bytes that begin at headers and a keyframe. */
  start(parts: readonly Uint8Array[]): void {
    this.#state = 'flowing';
    this.#write(parts);
    this.#allowance = this.#sink.bufferedBytes;
  }

  /** Holds the viewer until `start`: its publisher is gone and may come back. */
  hold(): void {
    this.#state = 'waiting';
  }

  /** Goes on with other tracks. `pictures`: they were not among those before, and begin with a keyframe. */
  change(headers: Uint8Array, pictures: boolean): void {
    if (this.#state === 'waiting') return;
    if (pictures) this.#state = 'joining';
    this.#write([headers]);
  }

  tell(news: ViewerNews): void {
    this.#sink.tell?.(news);
  }

  /**
   * Gives the viewer a batch, or what its line can take of it.
   * `headers` are the video headers it needs when it resumes; `bytesPerSecond` is the stream's rate.
   */
  deliver(encoded: EncodedBatch, headers: readonly MediaPacket[], bytesPerSecond: number): void {
    const queued = this.#sink.bufferedBytes;
    // Nearly every viewer nearly always: its line took all that it was given.
    if (queued === 0 && this.#state === 'flowing') {
      this.#allowance = 0;
      this.#write(encoded.whole);
      return;
    }
    if (this.#state === 'waiting') return;
    const limit = this.#pictureLimit(bytesPerSecond);
    const drained = queued <= limit * RESUME_SHARE;
    if (drained) this.#allowance = 0;
    const room = queued <= Math.max(limit, this.#allowance);
    if (this.#state !== 'flowing' && encoded.batch.opensGroup && drained) {
      this.#state = 'flowing';
      this.#write(encoded.resuming(headers));
    } else if (this.#state === 'flowing' && room) {
      this.#write(encoded.whole);
    } else if (this.#state === 'joining' && room) {
      this.#write(encoded.withoutVideo);
    } else {
      this.#fallBehind(encoded, queued);
    }
  }

  /** True when bytes have been waiting for `stallMs` and none was taken. */
  stalled(monotonicMs: number): boolean {
    const taken = this.bytesOut;
    if (taken !== this.#taken || this.#sink.bufferedBytes === 0) {
      this.#taken = taken;
      this.#takenAtMs = monotonicMs;
    }
    return monotonicMs - this.#takenAtMs >= this.#limits.stallMs;
  }

  end(reason: EndReason): void {
    this.#sink.end(reason);
  }

  snapshot(stream: string): SessionSnapshot {
    return {
      ...this.peer,
      role: 'viewer',
      stream,
      sinceMs: this.sinceMs,
      bytesIn: 0,
      bytesOut: this.bytesOut,
      queuedBytes: this.queuedBytes,
      droppedVideo: this.droppedVideo,
      droppedAudio: this.droppedAudio,
    };
  }

  #fallBehind(encoded: EncodedBatch, queued: number): void {
    if (this.#state !== 'behind') this.tell('pictures-dropped');
    this.#state = 'behind';
    this.droppedVideo += encoded.batch.videoFrames;
    if (queued <= Math.max(this.#limits.queueBytes, this.#allowance)) this.#write(encoded.withoutVideo);
    else this.droppedAudio += encoded.batch.audioFrames;
  }

  #pictureLimit(bytesPerSecond: number): number {
    const byTime = Math.max(MIN_QUEUE_BYTES, bytesPerSecond * this.#limits.queueSeconds);
    return Math.min(byTime, this.#limits.queueBytes / 2);
  }

  #write(parts: readonly Uint8Array[]): void {
    let bytes = parts[0]?.length ?? 0;
    for (let i = 1; i < parts.length; i++) bytes += parts[i]?.length ?? 0;
    if (bytes === 0) return;
    this.#bytesQueued += bytes;
    this.#sink.write(parts);
  }
}
