import type { MediaPacket } from '../../shared/media/media-packet.ts';
import type { Batch } from './batch.ts';
import type { TrackPick, Tracks } from './container.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { GopCache } from './gop-cache.ts';
import { Rendition } from './rendition.ts';
import type { EndReason, ViewerNews } from './sink.ts';
import type { ViewerCounts } from './snapshot.ts';
import type { Subscriber } from './subscriber.ts';

/** What viewers are started with, once the stream knows its tracks. */
export interface Opening {
  readonly headers: readonly MediaPacket[];
  readonly tracks: Tracks;
  /** Names what a viewer is given, by codec. */
  signatureOf(pick: TrackPick | undefined): string | undefined;
  /** Whether the stream has these tracks now. */
  offers(pick: TrackPick): boolean;
}

/**
 * Viewers who trickle in would each open a rendition of their own, and each rendition is encoded. After so many of one output and one set
 * of tracks, newcomers share the youngest, and their timestamps start later than 0.
 */
const MAX_TIME_BASES = 8;
/** Unless even that is so old: timestamps end 24.8 days after the base, and its viewers all at once with them. */
const SHARED_FOR_MS = 24 * 60 * 60 * 1000;

/** What a viewer of fixed tracks is told of. */
const announced = (tracks: Tracks, pick: TrackPick | undefined): Tracks =>
  pick ? { audio: tracks.audio || pick.audio !== 0, video: tracks.video || pick.video !== 0 } : tracks;

/**
 * The viewers of one stream, grouped by the bytes they share. Delivery is a plain loop:
 * a batch becomes bytes once for each rendition, and each viewer of it is handed the same array.
 */
export class Audience {
  readonly #cache: GopCache;
  readonly #onLeft: (viewer: Subscriber, reason: EndReason) => void;
  readonly #viewers = new Map<string, Subscriber>();
  readonly #renditions = new Map<string, Rendition>();
  readonly #waiting = new Set<Subscriber>();
  readonly #queue: DeliveryQueue;
  #bytesOutOfThoseWhoLeft = 0;

  constructor(
    cache: GopCache,
    onLeft: (viewer: Subscriber, reason: EndReason) => void,
    soon: (run: () => void) => void,
  ) {
    this.#cache = cache;
    this.#onLeft = onLeft;
    this.#queue = new DeliveryQueue(soon);
  }

  get viewers(): IterableIterator<Subscriber> {
    return this.#viewers.values();
  }

  /** Bytes given to viewers; what our own processes take from each other is not counted. */
  get bytesOut(): number {
    let bytes = this.#bytesOutOfThoseWhoLeft;
    for (const viewer of this.#viewers.values()) bytes += publicBytesOut(viewer);
    return bytes;
  }

  get counts(): ViewerCounts {
    const counts = { total: 0, rtmp: 0, 'http-flv': 0, 'ws-flv': 0, relay: 0 };
    for (const viewer of this.#viewers.values()) counts[viewer.peer.protocol]++;
    const { relay, ...viewers } = counts;
    return { ...viewers, total: this.#viewers.size - relay };
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** True when somebody is here who has not been started. */
  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  viewer(id: string): Subscriber | undefined {
    return this.#viewers.get(id);
  }

  /** Adds a viewer, who waits for `startWaiting`. */
  add(viewer: Subscriber): void {
    this.#viewers.set(viewer.peer.id, viewer);
    this.#waiting.add(viewer);
  }

  /** Takes a viewer away. `disconnected` means that its line is gone already; any other reason is told to it. */
  remove(viewer: Subscriber, reason: EndReason): void {
    if (!this.#viewers.delete(viewer.peer.id)) return;
    this.#waiting.delete(viewer);
    this.#bytesOutOfThoseWhoLeft += publicBytesOut(viewer);
    this.#leaveRendition(viewer);
    if (reason !== 'disconnected') viewer.end(reason);
    this.#onLeft(viewer, reason);
  }

  /** Hands a batch to everybody who has started. */
  deliver(batch: Batch, videoHeaders: readonly MediaPacket[]): void {
    this.#queue.finish();
    for (const rendition of this.#renditions.values()) {
      this.#queue.add(rendition.encodeBatch(batch, this.#cache), rendition.viewers, videoHeaders);
    }
    this.#queue.run();
    this.#endThoseOver(batch.packets.at(-1)?.timestampMs ?? 0);
  }

  /** Hands out what is left of the last batch: what comes next needs everybody to have it. */
  finish(): void {
    this.#queue.finish();
  }

  /** Starts everybody who waits, when the cache holds a place to start from. */
  startWaiting(opening: Opening): void {
    const timeBaseMs = this.#cache.startMs;
    if (timeBaseMs === undefined) return;
    for (const viewer of this.#waiting) {
      viewer.servedUpTo = this.#queue.number;
      const { pick, tracksAreFixed } = viewer.container;
      if (viewer.rendition && pick && !opening.offers(pick)) {
        // The next publisher has not got the track that this viewer chose.
        this.remove(viewer, 'tracks-changed');
      } else if (viewer.rendition) {
        viewer.start(viewer.rendition.openingBytes(opening.headers, this.#cache, true));
      } else {
        const signature = opening.signatureOf(pick) ?? '';
        const tracks = tracksAreFixed ? announced(opening.tracks, pick) : viewer.tracks;
        const output = { container: viewer.container, tracks, signature };
        const rendition = this.#enterRendition(viewer, {
          ...output,
          timeBaseMs: this.#timeBaseFor(outputKey(output), timeBaseMs),
        });
        viewer.start(rendition.openingBytes(opening.headers, this.#cache));
      }
    }
    this.#waiting.clear();
  }

  /**
   * Changes which tracks a viewer gets, on the timeline it has: sound at once, pictures from the next keyframe on.
   * `headers` are the stream's. Only where a viewer is not told its tracks once and for all.
   */
  select(viewer: Subscriber, tracks: Tracks, headers: readonly MediaPacket[]): void {
    if (viewer.container.tracksAreFixed) throw new Error('this viewer was told its tracks');
    viewer.tracks = tracks;
    const from = viewer.rendition;
    if (!from || !this.#viewers.has(viewer.peer.id)) return;
    this.#queue.finish();
    this.#leaveRendition(viewer);
    const to = this.#enterRendition(viewer, {
      container: viewer.container,
      timeBaseMs: from.timeBaseMs,
      tracks,
      signature: from.signature,
    });
    const nowMs = this.#cache.packets.at(-1)?.timestampMs;
    const soundHeaders = headers
      .filter(({ kind }) => kind === 'audio' && !from.tracks.audio)
      .map((header) => ({ ...header, timestampMs: nowMs ?? header.timestampMs }));
    viewer.change(to.encode(soundHeaders), tracks.video && !from.tracks.video);
  }

  tell(news: ViewerNews): void {
    for (const viewer of this.#viewers.values()) viewer.tell(news);
  }

  /** Nobody gets anything until the next `startWaiting`: another publisher begins, on the timeline they know. */
  hold(): void {
    this.#queue.finish();
    for (const viewer of this.#viewers.values()) {
      viewer.hold();
      this.#waiting.add(viewer);
    }
  }

  /** Ends those whose tracks are fixed and are not these: a browser has to open again to follow. */
  endOthers(signatureOf: Opening['signatureOf']): void {
    this.#queue.finish();
    for (const rendition of [...this.#renditions.values()]) {
      const { tracksAreFixed, pick } = rendition.container;
      if (!tracksAreFixed) continue;
      const signature = signatureOf(pick);
      if (signature !== undefined && signature !== rendition.signature)
        this.#endRendition(rendition, 'tracks-changed');
    }
  }

  /** Ends those who have taken nothing for too long. */
  endStalled(monotonicMs: number): void {
    for (const viewer of [...this.#viewers.values()]) {
      if (viewer.stalled(monotonicMs)) this.remove(viewer, 'too-slow');
    }
  }

  endAll(reason: EndReason): void {
    this.#queue.finish();
    for (const viewer of [...this.#viewers.values()]) this.remove(viewer, reason);
  }

  #endThoseOver(streamMs: number): void {
    for (const rendition of this.#renditions.values()) {
      const end = rendition.endAt(streamMs);
      if (!end) continue;
      this.#queue.finish();
      this.#endRendition(rendition, end);
    }
  }

  #endRendition(rendition: Rendition, reason: EndReason): void {
    for (const viewer of [...rendition.viewers]) this.remove(viewer, reason);
  }

  #leaveRendition(viewer: Subscriber): void {
    const { rendition } = viewer;
    if (rendition?.viewers.delete(viewer) && rendition.viewers.size === 0) {
      this.#renditions.delete(rendition.key);
    }
  }

  /** The time that becomes a newcomer's 0: that of the group it starts with, or of a rendition that it joins instead. */
  #timeBaseFor(output: string, startMs: number): number {
    let count = 0;
    let youngestMs = Number.NEGATIVE_INFINITY;
    for (const rendition of this.#renditions.values()) {
      if (rendition.output !== output) continue;
      count++;
      youngestMs = Math.max(youngestMs, rendition.timeBaseMs);
    }
    return count >= MAX_TIME_BASES && startMs - youngestMs <= SHARED_FOR_MS ? youngestMs : startMs;
  }

  #enterRendition(viewer: Subscriber, of: RenditionOf): Rendition {
    const output = outputKey(of);
    const key = `${output} ${of.timeBaseMs}`;
    let rendition = this.#renditions.get(key);
    if (!rendition) {
      rendition = new Rendition({ ...of, key, output });
      this.#renditions.set(key, rendition);
    }
    rendition.viewers.add(viewer);
    viewer.rendition = rendition;
    return rendition;
  }
}

type OutputOf = Pick<Rendition, 'container' | 'tracks' | 'signature'>;
type RenditionOf = OutputOf & Pick<Rendition, 'timeBaseMs'>;

const outputKey = ({ container, tracks, signature }: OutputOf): string =>
  `${container.id} ${signature} ${tracks.audio} ${tracks.video}`;

const publicBytesOut = ({ peer, bytesOut }: Subscriber): number => (peer.protocol === 'relay' ? 0 : bytesOut);
