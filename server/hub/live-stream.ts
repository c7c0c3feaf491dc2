import type { MediaPacket, PacketKind } from '../../shared/media/media-packet.ts';
import { allWarnings } from './all-warnings.ts';
import { Audience } from './audience.ts';
import { cutBatches, feedCache, isCached } from './batch.ts';
import { BodyArena } from './body-arena.ts';
import type { CacheBudget, CacheHolder } from './cache-budget.ts';
import type { Clock } from './clock.ts';
import type { Tracks } from './container.ts';
import { GopCache, type GopCacheLimits } from './gop-cache.ts';
import type { HubEvent } from './hub-event.ts';
import { PacketIntake } from './packet-intake.ts';
import type { Departure, Publication, Publisher } from './publisher.ts';
import { RateMeter } from './rate-meter.ts';
import { SilenceWatch, streamSilence } from './silence-watch.ts';
import type { EndReason } from './sink.ts';
import type { StreamSnapshot, StreamState, StreamWarning } from './snapshot.ts';
import type { Subscriber } from './subscriber.ts';
import { ToldWarnings } from './told-warnings.ts';
import { TrackMonitor, type TrackMonitorLimits } from './track-monitor.ts';

export interface LiveStreamLimits {
  readonly gop: GopCacheLimits;
  readonly tracks: TrackMonitorLimits;
  /** How long viewers are held for a publisher whose line dropped. */
  readonly graceMs: number;
}

/** Sound waits at most this long for the next picture, to leave with it in one write. A picture never waits for sound. */
const MAX_SOUND_WAIT_MS = 40;
/** A picture that comes a little early ends the pace as well, so that jitter does not cost another picture's time. */
const PACE_SHARE = 0.9;

/** A picture or a piece of sound, of any track; headers, metadata and other data are none. */
const isFrame = ({ kind, role }: MediaPacket): boolean => kind !== 'data' && role !== 'config';

/** What a stream needs of the hub around it. */
export interface LiveStreamHost {
  readonly clock: Clock;
  /** About the time between two deliveries of a stream; 0 while each picture leaves at once. */
  readonly paceMs: number;
  readonly cacheBudget: CacheBudget;
  emit(event: HubEvent): void;
  /** A viewer is gone, by itself or ended by the stream. */
  viewerLeft(stream: LiveStream, viewer: Subscriber, reason: EndReason): void;
  /** The stream is over and its viewers are gone. */
  streamEnded(stream: LiveStream, reason: string): void;
}

/**
 * One name that is live: packets come in from its publisher, batches go out to its audience.
 * It outlives its publisher for a while, so that a dropped line or a restart does not cost the viewers theirs.
 */
export class LiveStream implements Publication, CacheHolder {
  readonly name: string;
  readonly audience: Audience;
  publisher: Publisher | undefined;
  readonly #host: LiveStreamHost;
  readonly #limits: LiveStreamLimits;
  readonly #monitor: TrackMonitor;
  readonly #intake: PacketIntake;
  readonly #bodies = new BodyArena();
  readonly #cache: GopCache;
  readonly #told = new ToldWarnings();
  readonly #rateIn = new RateMeter();
  readonly #rateOut = new RateMeter();
  readonly #frameRate = new RateMeter();
  readonly #startedAtMs: number;
  #pending: MediaPacket[] = [];
  #pendingSinceMs = 0;
  #pictureCame = false;
  #releasedMs = Number.NEGATIVE_INFINITY;
  #phase: 'starting' | 'live' | 'interrupted' = 'starting';
  #silence: SilenceWatch;
  #isSilent = false;
  #heldUntilMs = Number.POSITIVE_INFINITY;
  #publishedMs = 0;
  #earlier = { bytesIn: 0, packetsIn: 0 };
  #videoFrames = 0;
  #signature: string | undefined;

  constructor(name: string, limits: LiveStreamLimits, host: LiveStreamHost) {
    this.name = name;
    this.#limits = limits;
    this.#host = host;
    this.#monitor = new TrackMonitor(limits.tracks);
    this.#intake = new PacketIntake(this.#monitor, this.#bodies);
    this.#cache = new GopCache(limits.gop, () => this.#intake.greyStart());
    this.audience = new Audience(
      this.#cache,
      (viewer, reason) => host.viewerLeft(this, viewer, reason),
      (run) => host.clock.soon(() => this.contain(run)),
    );
    this.#silence = new SilenceWatch(host.clock.monotonicMs(), streamSilence);
    this.#startedAtMs = host.clock.wallMs();
  }

  get state(): StreamState {
    return this.#isSilent ? 'silent' : this.#phase;
  }

  /** Its tracks are known, and somebody could start: true from its first keyframe on, also while its publisher is silent. */
  get hasStarted(): boolean {
    return this.#phase === 'live';
  }

  get bytesIn(): number {
    return this.#earlier.bytesIn + (this.publisher?.bytesIn ?? 0);
  }

  get packetsIn(): number {
    return this.#earlier.packetsIn + (this.publisher?.packetsIn ?? 0);
  }

  /** Gives the stream a publisher; viewers of the one before follow it. */
  attach(publisher: Publisher): void {
    const resumes = this.#phase === 'interrupted';
    this.publisher = publisher;
    this.#heldUntilMs = Number.POSITIVE_INFINITY;
    this.#publishedMs = this.#host.clock.monotonicMs();
    this.#phase = 'starting';
    this.#silence = new SilenceWatch(this.#publishedMs, streamSilence);
    this.#monitor.restart();
    this.#intake.restart({ trusted: publisher.peer.protocol === 'relay' });
    this.#cache.clear();
    this.audience.hold();
    if (resumes) this.audience.tell('source-back');
    const session = publisher.snapshot();
    this.#host.emit({ type: resumes ? 'resumed' : 'published', stream: this.name, session });
  }

  /** The publisher loses its lease to another one, which is attached next. */
  detach(): void {
    if (!this.publisher) return;
    this.#release(this.#host.clock.monotonicMs());
    this.#earlier.bytesIn += this.publisher.bytesIn;
    this.#earlier.packetsIn += this.publisher.packetsIn;
    this.publisher = undefined;
    this.#phase = 'interrupted';
    this.#isSilent = false;
  }

  publisherLeft(publisher: Publisher, how: Departure): void {
    if (this.publisher !== publisher) return;
    this.detach();
    if (how === 'unpublished') {
      this.end('stream-ended', 'the encoder stopped');
      return;
    }
    const { graceMs } = this.#limits;
    this.#heldUntilMs = this.#host.clock.monotonicMs() + graceMs;
    this.audience.tell('source-lost');
    this.#host.emit({ type: 'interrupted', stream: this.name, graceMs });
  }

  /** Takes a message that came at `nowMs`; `body` is copied. */
  push(kind: PacketKind, timestamp: number, body: Uint8Array, nowMs: number): void {
    const packets = this.#intake.take(kind, timestamp, body, nowMs);
    const { replaced } = this.#intake;
    if (replaced) {
      // Nobody may start from frames that need the header before this one, or are of the codec before this one.
      this.#release(nowMs);
      if (replaced === 'video') this.#cache.dropFrames();
      else this.#cache.dropSound();
    }
    for (const packet of packets) this.#take(packet, nowMs);
    if (kind === 'data') this.#noteEncoder();
    // Who sends what nobody can use is not silent: that is said in words of its own.
    else if (packets.length === 0 && this.#intake.flaws.spoils(kind, nowMs)) this.#noteFrame(nowMs);
  }

  #noteEncoder(): void {
    const { publisher } = this;
    const { encoder } = this.#intake;
    if (!publisher || publisher.encoder === encoder) return;
    const isNews = publisher.encoder === null;
    publisher.encoder = encoder;
    // Who gives itself a new name with each message is not listened to.
    if (isNews) this.#host.emit({ type: 'encoder-named', stream: this.name, session: publisher.snapshot() });
  }

  #take(packet: MediaPacket, nowMs: number): void {
    if (this.#pending.length === 0) this.#pendingSinceMs = nowMs;
    this.#pending.push(packet);
    if (isFrame(packet)) this.#noteFrame(nowMs);
    if (packet.kind === 'video') this.#pictureCame = true;
    const isHeader = packet.role === 'config' || packet.role === 'metadata';
    if (isHeader) this.#host.emit({ type: 'changed', stream: this.name });
    else if (packet.kind === 'video' && packet.role !== 'other') this.#videoFrames++;
  }

  /** Delivers what was pushed, if its time has come. Called after each piece from the publisher's socket, and as time passes. */
  flush(nowMs: number): void {
    if (this.#pending.length > 0 && this.#isDue(nowMs)) this.#release(nowMs);
    this.#pictureCame = false;
  }

  /**
   * One write per picture, not one per packet, is most of what a server can save. A busy process sends every second or third
   * picture, with those before it: the last one waits for nothing, where a timer would let all wait for half its time.
   */
  #isDue(nowMs: number): boolean {
    const { paceMs } = this.#host;
    if (this.#pictureCame && nowMs - this.#releasedMs >= PACE_SHARE * paceMs) return true;
    const waitsForPicture = this.#monitor.tracks?.video === true;
    return nowMs - this.#pendingSinceMs >= paceMs + (waitsForPicture ? MAX_SOUND_WAIT_MS : 0);
  }

  /** Delivers what was pushed. */
  #release(nowMs: number): void {
    const packets = this.#pending;
    if (packets.length === 0) return;
    this.#pending = [];
    this.#releasedMs = nowMs;
    this.#freeBodies(packets);
    this.#settle(nowMs);
    if (this.audience.size === 0) {
      feedCache(packets, this.#cache);
    } else {
      for (const batch of cutBatches(packets, this.#cache)) {
        this.audience.deliver(batch, this.#intake.videoHeaders);
      }
    }
    this.#goLive();
    this.#startWaiting();
    this.#cache.trim();
  }

  /** Once the last batch is with everybody, who has bytes of its own, only the cache and what is to be released hold packets. */
  #freeBodies(packets: readonly MediaPacket[]): void {
    this.audience.finish();
    const oldest = this.#cache.oldestBody ?? packets.find(isCached)?.body;
    if (oldest) this.#bodies.freeBefore(oldest);
  }

  /** Adds a viewer. It gets its first bytes now when the stream can start it, else as soon as it can. */
  addViewer(viewer: Subscriber): void {
    this.audience.add(viewer);
    this.#host.emit({ type: 'viewer-joined', stream: this.name, session: viewer.snapshot(this.name) });
    this.#startWaiting();
  }

  /** Changes which tracks a viewer gets. */
  select(viewer: Subscriber, tracks: Tracks): void {
    this.audience.select(viewer, tracks, this.#intake.headers);
  }

  endViewers(reason: EndReason): void {
    this.audience.endAll(reason);
  }

  /** Ends every viewer and the stream with them. */
  end(reason: EndReason, sentence: string): void {
    this.endViewers(reason);
    this.#host.streamEnded(this, sentence);
  }

  /** Runs what no call of the publisher is behind. What breaks in it ends the publisher, as if it had broken while its bytes were read. */
  contain(run: () => void): void {
    const { publisher } = this;
    try {
      run();
    } catch (error) {
      // Without a publisher it is nobody's fault but ours.
      if (!publisher?.control.failed) throw error;
      publisher.control.failed(error);
    }
  }

  /** Time passes: decisions that wait for it are taken. Called several times a second. */
  tick(monotonicMs: number): void {
    if (this.publisher) {
      this.flush(monotonicMs);
      this.#settle(monotonicMs);
      this.#goLive();
      this.#startWaiting();
      this.#noteSilence(monotonicMs);
    }
    if (monotonicMs >= this.#heldUntilMs) {
      this.end('stream-ended', 'the encoder dropped and did not come back');
    }
  }

  get keptBytes(): number {
    return this.#bodies.bytes;
  }

  shed(): void {
    this.audience.finish();
    this.#release(this.#host.clock.monotonicMs());
    this.#cache.dropFrames();
    this.#bodies.clear();
  }

  /** Takes a sample for the rates and ends who has stalled. Called once a second. */
  sample(monotonicMs: number): void {
    this.audience.endStalled(monotonicMs);
    this.audience.endUnstarted(monotonicMs);
    this.#host.cacheBudget.report(this);
    this.#tellWarnings();
    this.#rateIn.sample(monotonicMs, this.bytesIn);
    this.#rateOut.sample(monotonicMs, this.audience.bytesOut);
    this.#frameRate.sample(monotonicMs, this.#videoFrames);
  }

  snapshot(): StreamSnapshot {
    const { video, audio } = this.#monitor;
    return {
      name: this.name,
      state: this.state,
      startedAtMs: this.#startedAtMs,
      publisher: this.publisher?.snapshot() ?? null,
      video: this.#monitor.has('video') ? video : null,
      audio: this.#monitor.has('audio') ? audio : null,
      tracks: this.#monitor.all(this.#host.clock.monotonicMs()),
      frameRate: video ? this.#frameRate.perSecond : null,
      keyframeIntervalMs: this.#cache.keyframeIntervalMs,
      kbpsIn: (this.#rateIn.perSecond * 8) / 1000,
      kbpsOut: (this.#rateOut.perSecond * 8) / 1000,
      bytesIn: this.bytesIn,
      bytesOut: this.audience.bytesOut,
      gopCacheBytes: this.#cache.bytes,
      viewers: this.audience.counts,
      warnings: this.publisher ? this.#warnings() : [],
    };
  }

  /** Says each warning once when it begins, and once when it is over. */
  #tellWarnings(): void {
    const warnings = this.publisher ? this.#warnings() : [];
    const { begun, over } = this.#told.compare(warnings);
    for (const warning of begun) this.#host.emit({ type: 'warning', stream: this.name, warning });
    for (const code of over) this.#host.emit({ type: 'warning-over', stream: this.name, code });
  }

  #warnings(): StreamWarning[] {
    const nowMs = this.#host.clock.monotonicMs();
    return allWarnings({
      monitor: this.#monitor,
      intake: this.#intake,
      cache: this.#cache,
      silentMs: this.#isSilent ? this.#silence.silentMs(nowMs) : undefined,
      publishedMs: nowMs - this.#publishedMs,
      nowMs,
    });
  }

  /** Acts on a new answer to which tracks and codecs there are. */
  #settle(nowMs: number): void {
    this.#monitor.update(nowMs);
    const { signature, tracks } = this.#monitor;
    if (signature === undefined || signature === this.#signature) return;
    this.#signature = signature;
    this.#cache.audioOnly = tracks?.video === false;
    this.audience.endThose((pick, told) => !this.#monitor.canGoOn(pick, told));
    this.#host.emit({ type: 'changed', stream: this.name });
  }

  #goLive(): void {
    if (this.#phase !== 'starting' || !this.#monitor.tracks || this.#cache.startMs === undefined) return;
    this.#phase = 'live';
    this.#host.emit({ type: 'changed', stream: this.name });
  }

  #noteFrame(nowMs: number): void {
    this.#silence.frame(nowMs);
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#host.emit({ type: 'changed', stream: this.name });
  }

  #noteSilence(nowMs: number): void {
    if (this.#isSilent || this.#silence.silentMs(nowMs) === undefined) return;
    this.#isSilent = true;
    this.#host.emit({ type: 'changed', stream: this.name });
  }

  #startWaiting(): void {
    if (!this.audience.hasWaiting) return;
    const { tracks } = this.#monitor;
    if (!tracks || this.#signature === undefined || !this.publisher) return;
    this.audience.startWaiting({
      headers: this.#intake.headers,
      tracks,
      codecsOf: (pick) => this.#monitor.codecsOf(pick),
      offers: (pick) => this.#monitor.offers(pick),
    });
  }
}
