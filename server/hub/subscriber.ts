import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { Backlog } from './backlog.ts';
import { type Container, EVERY_TRACK, type Tracks } from './container.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import type { EndReason, Sink, ViewerNews } from './sink.ts';
import type { Peer, SessionSnapshot } from './snapshot.ts';

export interface SubscriberLimits {
  /** Most bytes that may wait for one viewer: all but keyframes and sound stop at half of it. */
  readonly queueBytes: number;
  /** Most seconds that pictures between keyframes may wait; twice that is the most for anything. */
  readonly queueSeconds: number;
  /** A viewer who takes nothing for this long is ended. */
  readonly stallMs: number;
}

/**
 * How full a queue may be, in bytes and in time, for each to be added. A frame between keyframes is missed by those up to the next
 * one alone, a keyframe by all of these; sound is missed most. All pictures return when the queue is nearly empty, so that a line that
 * carries too little shows motion for a while and not fragments of it.
 */
const FULL = { resume: 1 / 12, pictures: 1 / 2, keyframes: 3 / 4, sound: 1 } as const;
/** Headers and metadata are added to a full queue, up to this many times its length: nothing that comes later makes up for them. */
const MAX_HEADER_QUEUES = 2;

/**
 * - `waiting`: gets nothing until the stream can start it (headers, then a keyframe).
 * - `flowing`: gets every batch.
 * - `joining`: just asked for pictures, which begin with a keyframe; gets headers and sound until then.
 * - `behind`: lost pictures because it was slow; gets headers, sound, and keyframes while there is room, until its queue is short and
 *   a keyframe comes. A relay gets headers alone: its process would take pictures that are missing for a track that stopped.
 */
type State = 'waiting' | 'flowing' | 'joining' | 'behind';

/**
 * One viewer and the policy for when it is slow: bounded in bytes and in time, inter frames go before keyframes and those before
 * sound, whole tags only, back at a keyframe with its headers. Nothing it does costs another viewer or the publisher anything.
 */
export class Subscriber {
  readonly peer: Peer;
  readonly container: Container;
  readonly sinceMs: number;
  /** The same on the clock that never goes back. */
  readonly joinedMs: number;
  /** What it wants of the tracks that there are. */
  tracks: Tracks;
  droppedVideo = 0;
  droppedAudio = 0;
  /** Number of the last delivery that it was given. */
  servedUpTo = 0;
  readonly #sink: Sink;
  readonly #limits: SubscriberLimits;
  #state: State = 'waiting';
  #bytesQueued = 0;
  /** Set while its line did not take all that it was given. */
  #backlog: Backlog | undefined;
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
    this.joinedMs = now.monotonicMs;
    this.#takenAtMs = now.monotonicMs;
  }

  get waiting(): boolean {
    return this.#state === 'waiting';
  }

  get queuedBytes(): number {
    return this.#sink.bufferedBytes === 0 ? 0 : this.#sink.unsentBytes;
  }

  /** Bytes that the kernel took. */
  get bytesOut(): number {
    return Math.max(0, this.#bytesQueued - this.queuedBytes);
  }

  /** Starts or restarts the viewer with bytes that begin at headers and a keyframe. */
  start(parts: readonly Uint8Array[]): void {
    this.#state = 'flowing';
    this.#write(parts);
    this.#backlog = new Backlog(this.queuedBytes);
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

  /** Gives the viewer a batch, or what its line can take of it. `headers` are the video headers it needs when it resumes. */
  deliver(encoded: EncodedBatch, headers: readonly MediaPacket[]): void {
    // Nearly every viewer nearly always: its line took all that it was given.
    if (this.#sink.bufferedBytes === 0 && this.#state === 'flowing') {
      this.#backlog = undefined;
      this.#write(encoded.whole);
    } else if (this.#state !== 'waiting') {
      this.#deliverLess(encoded, headers);
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
      canReconnect: false,
      encoder: null,
    };
  }

  #deliverLess(encoded: EncodedBatch, headers: readonly MediaPacket[]): void {
    const full = this.#fullness(encoded.batch.packets.at(-1)?.timestampMs ?? 0);
    if (this.#state !== 'flowing' && encoded.batch.opensGroup && full <= FULL.resume) {
      this.#state = 'flowing';
      this.#write(encoded.resuming(headers));
    } else if (this.#state !== 'behind' && full <= FULL.pictures) {
      this.#write(this.#state === 'flowing' ? encoded.whole : encoded.withoutVideo);
    } else {
      this.#fallBehind(encoded, full);
    }
  }

  #fallBehind(encoded: EncodedBatch, full: number): void {
    if (this.#state !== 'behind') this.tell('pictures-dropped');
    this.#state = 'behind';
    const { packets, videoFrames, audioFrames } = encoded.batch;
    this.droppedVideo += videoFrames;
    if (this.container.protocol === 'relay' || full > FULL.sound) {
      this.droppedAudio += audioFrames;
      if (this.queuedBytes <= MAX_HEADER_QUEUES * this.#limits.queueBytes) this.#write(encoded.withoutFrames);
    } else if (packets[0]?.role === 'keyframe' && full <= FULL.keyframes) {
      this.droppedVideo--;
      this.#write(encoded.withoutInterFrames);
    } else {
      this.#write(encoded.withoutVideo);
    }
  }

  /** How much of the permitted queue is in use, in bytes or in time, whichever is more: 0 to 1, and above. */
  #fullness(streamMs: number): number {
    const queued = this.queuedBytes;
    if (queued === 0) {
      this.#backlog = undefined;
      return 0;
    }
    this.#backlog ??= new Backlog();
    const ageMs = this.#backlog.ageMs(streamMs, this.#bytesQueued, this.#bytesQueued - queued);
    const { queueBytes, queueSeconds } = this.#limits;
    const full = Math.max(queued / queueBytes, ageMs / (2_000 * queueSeconds));
    if (full <= FULL.resume) this.#backlog.allowanceBytes = 0;
    return queued <= this.#backlog.allowanceBytes ? Math.min(full, FULL.pictures) : full;
  }

  #write(parts: readonly Uint8Array[]): void {
    let bytes = parts[0]?.length ?? 0;
    for (let i = 1; i < parts.length; i++) bytes += parts[i]?.length ?? 0;
    if (bytes === 0) return;
    this.#bytesQueued += bytes;
    this.#sink.write(parts);
  }
}
