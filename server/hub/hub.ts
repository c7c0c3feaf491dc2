import { addressGroup } from '../../shared/net/address.ts';
import { CacheBudget } from './cache-budget.ts';
import type { Clock } from './clock.ts';
import type { Container, Tracks } from './container.ts';
import type { HubEvent, HubListener } from './hub-event.ts';
import type { HubTotals, HubView } from './hub-view.ts';
import { LiveStream, type LiveStreamHost, type LiveStreamLimits } from './live-stream.ts';
import { Publisher, type PublisherControl } from './publisher.ts';
import type { EndReason, Sink } from './sink.ts';
import {
  isAudience,
  type Peer,
  type Protocol,
  type SessionSnapshot,
  type StreamSnapshot,
} from './snapshot.ts';
import { Subscriber, type SubscriberLimits } from './subscriber.ts';

export interface HubLimits {
  /** Most bytes that all streams together keep for newcomers. */
  readonly cacheBytes: number;
  readonly stream: LiveStreamLimits;
  readonly viewer: SubscriberLimits;
  /** A publisher who sent nothing for this long loses its key to anybody who asks for it. */
  readonly silentTakeoverMs: number;
  /** A publisher who sent nothing for this long is ended. */
  readonly publisherTimeoutMs: number;
  /** How long an encoder may not publish a stream again that the operator ended: encoders reconnect by themselves. */
  readonly kickPauseMs: number;
}

/** The same client that comes back after its line dropped need not wait as long as a stranger. */
const SAME_CLIENT_SILENT_MS = 1_000;
const SAMPLE_EVERY_MS = 1_000;

export type PublishOutcome =
  | { readonly ok: true; readonly publisher: Publisher }
  | { readonly ok: false; readonly why: 'held'; readonly holder: SessionSnapshot }
  | { readonly ok: false; readonly why: 'kicked'; readonly waitMs: number };

/** Handle of a viewer for the transport that serves it. */
export interface Viewing {
  /** Changes which tracks the viewer gets. Not for containers whose tracks are fixed. */
  select(tracks: Tracks): void;
  /** The viewer's line is gone. */
  leave(): void;
}

/** One encoder at one name: another program behind the same address is somebody else. Of IPv6 the network counts, in which it can choose. */
const kickKey = (name: string, { address, userAgent }: Peer): string =>
  `${name} ${addressGroup(address)} ${userAgent}`;

/** Every live stream by name, who publishes it and who watches it. */
export class Hub implements HubView, LiveStreamHost {
  readonly clock: Clock;
  /** About the time between two deliveries of a stream: 0, or more when the process has more to do than it can. */
  paceMs = 0;
  readonly cacheBudget: CacheBudget;
  readonly #limits: HubLimits;
  readonly #streams = new Map<string, LiveStream>();
  readonly #listeners = new Set<HubListener>();
  readonly #ended = { bytesIn: 0, bytesOut: 0, packetsIn: 0, droppedVideo: 0, droppedAudio: 0 };
  /** Until when an encoder may not publish a name. */
  readonly #kicked = new Map<string, number>();
  #publishesTotal = 0;
  #viewsTotal = 0;
  #sampledMs = Number.NEGATIVE_INFINITY;

  constructor(limits: HubLimits, clock: Clock) {
    this.#limits = limits;
    this.cacheBudget = new CacheBudget(limits.cacheBytes);
    this.clock = clock;
  }

  /** Gives `name` to a publisher, unless somebody holds it who is alive. */
  publish(name: string, peer: Peer, control: PublisherControl): PublishOutcome {
    const now = this.#now();
    const waitMs = (this.#kicked.get(kickKey(name, peer)) ?? 0) - now.monotonicMs;
    if (waitMs > 0) return { ok: false, why: 'kicked', waitMs };
    let stream = this.#streams.get(name);
    const holder = stream?.publisher;
    if (stream && holder) {
      const silentMs = now.monotonicMs - holder.lastReceivedMs;
      if (silentMs < this.#takeoverAfterMs(holder, peer)) {
        return { ok: false, why: 'held', holder: holder.snapshot() };
      }
      stream.detach();
      holder.revoke({ type: 'taken-over', silentMs, by: peer });
    }
    if (!stream) {
      stream = new LiveStream(name, this.#limits.stream, this);
      this.#streams.set(name, stream);
    }
    this.#publishesTotal++;
    const publisher = new Publisher(stream, { peer, control }, now);
    stream.attach(publisher);
    return { ok: true, publisher };
  }

  /** True when somebody can be connected to `name` now and get bytes soon. */
  isLive(name: string): boolean {
    const state = this.#streams.get(name)?.state;
    return state !== undefined && state !== 'interrupted';
  }

  /** True while viewers are held for a publisher whose line dropped. */
  isHeld(name: string): boolean {
    return this.#streams.get(name)?.state === 'interrupted';
  }

  /** True when its tracks are known and its first keyframe is there. */
  hasStarted(name: string): boolean {
    return this.#streams.get(name)?.hasStarted === true;
  }

  /** How many watch a stream here, whatever they are. */
  viewersOf(name: string): number {
    return this.#streams.get(name)?.audience.size ?? 0;
  }

  /** Connects a viewer; undefined when the stream is not live. A process of ours may wait with those who are held. */
  watch(
    name: string,
    options: { peer: Peer; container: Container; sink: Sink; tracks?: Tracks },
  ): Viewing | undefined {
    const stream = this.#streams.get(name);
    if (!stream || (stream.state === 'interrupted' && options.peer.protocol !== 'relay')) return undefined;
    if (isAudience(options.peer)) this.#viewsTotal++;
    const viewer = new Subscriber({ ...options, limits: this.#limits.viewer }, this.#now());
    stream.addViewer(viewer);
    return {
      select: (tracks) => stream.select(viewer, tracks),
      leave: () => stream.audience.remove(viewer, 'disconnected'),
    };
  }

  /** Time passes. Called many times a second by the process around the hub: deliveries that wait are due then. */
  tick(): void {
    const { monotonicMs } = this.#now();
    for (const stream of [...this.#streams.values()]) {
      this.#endIfSilent(stream.publisher, monotonicMs);
      stream.contain(() => stream.tick(monotonicMs));
    }
    if (monotonicMs - this.#sampledMs < SAMPLE_EVERY_MS) return;
    this.#sampledMs = monotonicMs;
    for (const stream of this.#streams.values()) stream.sample(monotonicMs);
    for (const [key, untilMs] of this.#kicked) if (untilMs <= monotonicMs) this.#kicked.delete(key);
  }

  /**
   * Ends the given share of all viewers, those first who are furthest behind. Gives how many that were. A process of ours is
   * never among them: it stands for all of its viewers, and sheds the slowest of these itself.
   */
  shedSlowest(share: number): number {
    const viewers = [...this.#streams.values()].flatMap(({ audience }) =>
      [...audience.viewers]
        .filter(({ peer }) => peer.protocol !== 'relay')
        .map((viewer) => ({ audience, viewer, queuedBytes: viewer.queuedBytes })),
    );
    viewers.sort((a, b) => b.queuedBytes - a.queuedBytes || b.viewer.sinceMs - a.viewer.sinceMs);
    const shed = viewers.slice(0, Math.ceil(viewers.length * share));
    for (const { audience, viewer } of shed) audience.remove(viewer, 'overloaded');
    return shed.length;
  }

  /** The server shuts down: everybody is told and ended. */
  drain(): void {
    for (const stream of [...this.#streams.values()]) {
      stream.publisher?.revoke({ type: 'draining' });
      stream.end('draining', 'the server is shutting down');
    }
  }

  streams(): StreamSnapshot[] {
    return Array.from(this.#streams.values(), (stream) => stream.snapshot());
  }

  stream(name: string): StreamSnapshot | undefined {
    return this.#streams.get(name)?.snapshot();
  }

  sessions(): SessionSnapshot[] {
    const sessions: SessionSnapshot[] = [];
    for (const stream of this.#streams.values()) {
      if (stream.publisher) sessions.push(stream.publisher.snapshot());
      for (const viewer of stream.audience.viewers) sessions.push(viewer.snapshot(stream.name));
    }
    return sessions;
  }

  session(id: string): SessionSnapshot | undefined {
    for (const stream of this.#streams.values()) {
      if (stream.publisher?.peer.id === id) return stream.publisher.snapshot();
      const viewer = stream.audience.viewer(id);
      if (viewer) return viewer.snapshot(stream.name);
    }
    return undefined;
  }

  kickStream(name: string): boolean {
    const stream = this.#streams.get(name);
    if (!stream) return false;
    if (stream.publisher) {
      const { peer } = stream.publisher;
      this.#kicked.set(kickKey(name, peer), this.clock.monotonicMs() + this.#limits.kickPauseMs);
      stream.publisher.revoke({ type: 'kicked' });
    }
    stream.end('kicked', 'the operator ended it');
    return true;
  }

  kickSession(id: string): boolean {
    for (const stream of this.#streams.values()) {
      if (stream.publisher?.peer.id === id) return this.kickStream(stream.name);
      const viewer = stream.audience.viewer(id);
      if (viewer) {
        stream.audience.remove(viewer, 'kicked');
        return true;
      }
    }
    return false;
  }

  requestReconnect(id: string): 'asked' | 'cannot' | undefined {
    for (const { publisher } of this.#streams.values()) {
      if (publisher?.peer.id === id) return publisher.requestReconnect() ? 'asked' : 'cannot';
    }
    return this.session(id) && 'cannot';
  }

  totals(): HubTotals {
    const counts: Record<Protocol, number> = { rtmp: 0, 'http-flv': 0, 'ws-flv': 0, relay: 0 };
    const sums = { ...this.#ended, publishers: 0, queuedBytes: 0 };
    for (const stream of this.#streams.values()) {
      sums.bytesIn += stream.bytesIn;
      sums.bytesOut += stream.audience.bytesOut;
      if (stream.publisher) sums.publishers++;
      sums.packetsIn += stream.packetsIn;
      for (const viewer of stream.audience.viewers) {
        if (isAudience(viewer.peer)) counts[viewer.peer.protocol]++;
        sums.queuedBytes += viewer.queuedBytes;
        sums.droppedVideo += viewer.droppedVideo;
        sums.droppedAudio += viewer.droppedAudio;
      }
    }
    const { relay: _, ...viewers } = counts;
    return {
      ...sums,
      streams: this.#streams.size,
      viewers,
      publishesTotal: this.#publishesTotal,
      viewsTotal: this.#viewsTotal,
    };
  }

  subscribeEvents(listener: HubListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: HubEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  viewerLeft(stream: LiveStream, viewer: Subscriber, reason: EndReason): void {
    this.#ended.droppedVideo += viewer.droppedVideo;
    this.#ended.droppedAudio += viewer.droppedAudio;
    this.emit({ type: 'viewer-left', stream: stream.name, session: viewer.snapshot(stream.name), reason });
  }

  streamEnded(stream: LiveStream, reason: string): void {
    if (!this.#streams.delete(stream.name)) return;
    this.cacheBudget.leave(stream);
    this.#ended.bytesIn += stream.bytesIn;
    this.#ended.bytesOut += stream.audience.bytesOut;
    this.#ended.packetsIn += stream.packetsIn;
    this.emit({ type: 'ended', stream: stream.name, reason });
  }

  #now() {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  #takeoverAfterMs(holder: Publisher, peer: Peer): number {
    const sameClient = holder.peer.address === peer.address && holder.peer.userAgent === peer.userAgent;
    return sameClient ? SAME_CLIENT_SILENT_MS : this.#limits.silentTakeoverMs;
  }

  #endIfSilent(publisher: Publisher | undefined, monotonicMs: number): void {
    if (!publisher) return;
    const silentMs = monotonicMs - publisher.lastReceivedMs;
    if (silentMs < this.#limits.publisherTimeoutMs) return;
    publisher.stream.publisherLeft(publisher, 'dropped');
    publisher.revoke({ type: 'silent', silentMs });
  }
}
