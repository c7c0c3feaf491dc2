import type { MediaPacket } from '../../shared/media/media-packet.ts';
import type { Batch } from './batch.ts';
import type { TrackPick, Tracks } from './container.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { GopCache } from './gop-cache.ts';
import { SharedFeed } from './shared-feed.ts';
import type { EndReason, ViewerNews } from './sink.ts';
import { isAudience, type ViewerCounts } from './snapshot.ts';
import type { Subscriber } from './subscriber.ts';
import type { FeedCodecs } from './track-monitor.ts';

/** What viewers are started with, once the stream knows its tracks. */
export interface Opening {
  readonly headers: readonly MediaPacket[];
  readonly tracks: Tracks;
  /** What a newcomer is given. */
  codecsOf(pick: TrackPick | undefined): FeedCodecs;
  /** Whether the stream has these tracks now. */
  offers(pick: TrackPick): boolean;
}

/**
 * Viewers who trickle in would each open a feed of their own, and each feed is encoded. After so many of one output and one set
 * of tracks, newcomers share the youngest, and their timestamps start later than 0.
 */
const MAX_TIME_BASES = 8;
/** Unless even that is so old: timestamps end 24.8 days after the base, and its viewers all at once with them. */
const SHARED_FOR_MS = 24 * 60 * 60 * 1000;

/** A viewer who has got nothing by then is told so. A second less than the ten that are promised: it is looked at once a second. */
const MAX_UNSTARTED_MS = 9_000;

/** What a viewer of fixed tracks is told of. */
const announced = (tracks: Tracks, pick: TrackPick | undefined): Tracks =>
  pick ? { audio: tracks.audio || pick.audio !== 0, video: tracks.video || pick.video !== 0 } : tracks;

/**
 * The viewers of one stream, grouped by the bytes they share. Delivery is a plain loop:
 * a batch becomes bytes once for each feed, and each viewer of it is handed the same array.
 */
export class Audience {
  readonly #cache: GopCache;
  readonly #onLeft: (viewer: Subscriber, reason: EndReason) => void;
  readonly #viewers = new Map<string, Subscriber>();
  readonly #feeds = new Map<string, SharedFeed>();
  /** Which feed each viewer has been started on. */
  readonly #feedOf = new Map<Subscriber, SharedFeed>();
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
    for (const { peer } of this.#viewers.values()) {
      if (!isAudience(peer)) continue;
      counts[peer.protocol]++;
      counts.total++;
    }
    const { relay: _, ...viewers } = counts;
    return viewers;
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
    this.#leaveFeed(viewer);
    if (reason !== 'disconnected') viewer.end(reason);
    this.#onLeft(viewer, reason);
  }

  /** Hands a batch to everybody who has started. */
  deliver(batch: Batch, videoHeaders: readonly MediaPacket[]): void {
    this.#queue.finish();
    for (const feed of this.#feeds.values()) {
      this.#queue.add(feed.encodeBatch(batch, this.#cache), feed.viewers, videoHeaders);
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
      const current = this.#feedOf.get(viewer);
      if (current && pick && !opening.offers(pick)) {
        // The next publisher has not got the track that this viewer chose.
        this.remove(viewer, 'tracks-changed');
      } else if (current) {
        viewer.start(current.openingBytes(opening.headers, this.#cache, true));
      } else {
        // Who is not told once and for all shares bytes through every change.
        const codecs = tracksAreFixed ? opening.codecsOf(pick) : NO_CODECS;
        const tracks = tracksAreFixed ? announced(opening.tracks, pick) : viewer.tracks;
        const output = { container: viewer.container, tracks, codecs };
        const feed = this.#enterFeed(viewer, {
          ...output,
          timeBaseMs: this.#timeBaseFor(outputKey(output), timeBaseMs),
        });
        viewer.start(feed.openingBytes(opening.headers, this.#cache));
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
    const from = this.#feedOf.get(viewer);
    if (!from || !this.#viewers.has(viewer.peer.id)) return;
    this.#queue.finish();
    this.#leaveFeed(viewer);
    const to = this.#enterFeed(viewer, {
      container: viewer.container,
      timeBaseMs: from.timeBaseMs,
      tracks,
      codecs: from.codecs,
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

  /** Ends those who were told their tracks once and for all and cannot go on with them: a browser has to open again to follow. */
  endThose(cannotGoOn: (pick: TrackPick | undefined, told: FeedCodecs) => boolean): void {
    this.#queue.finish();
    for (const feed of [...this.#feeds.values()]) {
      const { tracksAreFixed, pick } = feed.container;
      if (tracksAreFixed && cannotGoOn(pick, feed.codecs)) this.#endFeed(feed, 'tracks-changed');
    }
  }

  /** Ends those who have taken nothing for too long. */
  endStalled(monotonicMs: number): void {
    for (const viewer of [...this.#viewers.values()]) {
      if (viewer.stalled(monotonicMs)) this.remove(viewer, 'too-slow');
    }
  }

  /** Ends those who got nothing since they came, so that nobody waits for an answer for ever. Our own processes do wait. */
  endUnstarted(monotonicMs: number): void {
    for (const viewer of [...this.#waiting]) {
      const waits = this.#feedOf.has(viewer) || viewer.peer.protocol === 'relay';
      if (!waits && monotonicMs - viewer.joinedMs >= MAX_UNSTARTED_MS) this.remove(viewer, 'nothing-to-play');
    }
  }

  endAll(reason: EndReason): void {
    this.#queue.finish();
    for (const viewer of [...this.#viewers.values()]) this.remove(viewer, reason);
  }

  #endThoseOver(streamMs: number): void {
    for (const feed of this.#feeds.values()) {
      const end = feed.endAt(streamMs);
      if (!end) continue;
      this.#queue.finish();
      this.#endFeed(feed, end);
    }
  }

  #endFeed(feed: SharedFeed, reason: EndReason): void {
    for (const viewer of [...feed.viewers]) this.remove(viewer, reason);
  }

  #leaveFeed(viewer: Subscriber): void {
    const feed = this.#feedOf.get(viewer);
    this.#feedOf.delete(viewer);
    if (feed?.viewers.delete(viewer) && feed.viewers.size === 0) {
      this.#feeds.delete(feed.key);
    }
  }

  /** The time that becomes a newcomer's 0: that of the group it starts with, or of a feed that it joins instead. */
  #timeBaseFor(output: string, startMs: number): number {
    let count = 0;
    let youngestMs = Number.NEGATIVE_INFINITY;
    for (const feed of this.#feeds.values()) {
      if (feed.output !== output) continue;
      count++;
      youngestMs = Math.max(youngestMs, feed.timeBaseMs);
    }
    return count >= MAX_TIME_BASES && startMs - youngestMs <= SHARED_FOR_MS ? youngestMs : startMs;
  }

  #enterFeed(viewer: Subscriber, of: FeedOf): SharedFeed {
    const output = outputKey(of);
    const key = `${output} ${of.timeBaseMs}`;
    let feed = this.#feeds.get(key);
    if (!feed) {
      feed = new SharedFeed({ ...of, key, output });
      this.#feeds.set(key, feed);
    }
    feed.viewers.add(viewer);
    this.#feedOf.set(viewer, feed);
    return feed;
  }
}

type OutputOf = Pick<SharedFeed, 'container' | 'tracks' | 'codecs'>;
type FeedOf = OutputOf & Pick<SharedFeed, 'timeBaseMs'>;

const NO_CODECS: FeedCodecs = { video: null, audio: null };

const outputKey = ({ container, tracks, codecs }: OutputOf): string =>
  `${container.id} ${codecs.video} ${codecs.audio} ${tracks.audio} ${tracks.video}`;

const publicBytesOut = ({ peer, bytesOut }: Subscriber): number => (peer.protocol === 'relay' ? 0 : bytesOut);
