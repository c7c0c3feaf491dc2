import { concatBytes } from '../../shared/bytes/concat.ts';
import type { FlvTag } from '../../shared/flv/flv-tag.ts';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import type { Container } from '../hub/container.ts';
import { Hub, type HubLimits, type Viewing } from '../hub/hub.ts';
import type { HubEvent } from '../hub/hub-event.ts';
import type { Publisher, PublisherEnd } from '../hub/publisher.ts';
import type { EndReason, Sink, ViewerNews } from '../hub/sink.ts';
import type { Peer } from '../hub/snapshot.ts';
import { defaultTrackMonitorLimits } from '../hub/track-monitor.ts';
import { httpFlvContainer } from '../output/flv-container.ts';
import { bodies, readFlv } from './media-fixtures.ts';

export const testLimits: HubLimits = {
  cacheBytes: 256 * 1024 * 1024,
  stream: {
    gop: { maxBytes: 16 * 1024 * 1024, maxDurationMs: 20_000 },
    tracks: defaultTrackMonitorLimits,
    graceMs: 30_000,
  },
  viewer: { queueBytes: 4 * 1024 * 1024, queueSeconds: 3, stallMs: 15_000 },
  silentTakeoverMs: 5_000,
  kickPauseMs: 30_000,
  publisherTimeoutMs: 15_000,
};

/** A viewer's line whose backlog the test sets. */
export class FakeSink implements Sink {
  bufferedBytes = 0;
  /** While set, nothing that is written leaves. */
  stuck = false;
  ended: EndReason | undefined;
  readonly parts: Uint8Array[] = [];
  readonly news: ViewerNews[] = [];
  writes = 0;

  get unsentBytes(): number {
    return this.bufferedBytes;
  }

  write(parts: readonly Uint8Array[]): void {
    this.writes++;
    if (this.stuck) for (const part of parts) this.bufferedBytes += part.length;
    this.parts.push(...parts);
  }

  tell(news: ViewerNews): void {
    this.news.push(news);
  }

  end(reason: EndReason): void {
    this.ended = reason;
  }

  /** What an FLV player would have read so far. */
  get flv(): { audio: boolean; video: boolean; tags: FlvTag[] } {
    return readFlv(concatBytes(this.parts));
  }
}

/** A hub on a manual clock, with people to publish to it and watch it. */
export class HubHarness {
  readonly clock = new ManualClock();
  readonly events: HubEvent[] = [];
  readonly hub: Hub;
  #ids = 0;

  constructor(limits: Partial<HubLimits> = {}) {
    this.hub = new Hub({ ...testLimits, ...limits }, this.clock);
    this.hub.subscribeEvents((event) => this.events.push(event));
  }

  peer(changes: Partial<Peer> = {}): Peer {
    return { id: `c${++this.#ids}`, protocol: 'rtmp', address: '10.0.0.1', userAgent: 'test', ...changes };
  }

  /** Publishes, and throws when that is refused. */
  publish(name = 'live/a', peer: Partial<Peer> = {}): TestPublisher {
    const ended: PublisherEnd[] = [];
    const outcome = this.hub.publish(name, this.peer(peer), { end: (why) => ended.push(why) });
    if (!outcome.ok) throw new Error(`refused: ${outcome.why}`);
    return new TestPublisher(outcome.publisher, ended, this.clock);
  }

  watch(
    name = 'live/a',
    { container = httpFlvContainer, stuck = false }: { container?: Container; stuck?: boolean } = {},
  ): { sink: FakeSink; id: string } & Viewing {
    const sink = new FakeSink();
    sink.stuck = stuck;
    const peer = this.peer({ protocol: container.protocol });
    const viewing = this.hub.watch(name, { peer, container, sink });
    if (!viewing) throw new Error(`${name} is not live`);
    return { sink, id: peer.id, ...viewing };
  }

  /** Lets what waits for its turn have it, until nothing does. Gives how many turns that took. */
  takeTurns(): number {
    let count = 0;
    while (this.clock.takeTurn() > 0) count++;
    return count;
  }

  /** Lets time pass in steps, as the process around the hub does. */
  advance(ms: number): void {
    for (let left = ms; left > 0; left -= 10) {
      this.clock.advance(Math.min(10, left));
      this.hub.tick();
    }
  }
}

/** Pushes real message bodies, when the time that they are stamped with has come. Each call is one piece from a socket: it flushes. */
export class TestPublisher {
  readonly publisher: Publisher;
  /** Why the hub ended it, if it did. */
  readonly ended: PublisherEnd[];
  readonly #clock: ManualClock;
  /** When a frame stamped 0 was due. */
  #zeroMs: number | undefined;

  constructor(publisher: Publisher, ended: PublisherEnd[], clock: ManualClock) {
    this.publisher = publisher;
    this.ended = ended;
    this.#clock = clock;
  }

  headers(tracks: { audio: boolean; video: boolean } = { audio: true, video: true }): this {
    this.#received();
    if (tracks.video) this.publisher.push('video', 0, bodies.videoConfig);
    if (tracks.audio) this.publisher.push('audio', 0, bodies.audioConfig);
    this.publisher.flush();
    return this;
  }

  send(...frames: readonly ['keyframe' | 'interframe' | 'audio', number][]): this {
    for (const [index, [role, timestamp]] of frames.entries()) {
      this.#waitUntil(timestamp);
      this.#received(index === 0 ? 100 : 0);
      this.publisher.push(role === 'audio' ? 'audio' : 'video', timestamp, bodies[role]);
    }
    this.publisher.flush();
    return this;
  }

  #waitUntil(timestamp: number): void {
    const nowMs = this.#clock.monotonicMs();
    this.#zeroMs ??= nowMs - timestamp;
    this.#clock.advance(Math.max(0, this.#zeroMs + timestamp - nowMs));
  }

  #received(bytes = 100): void {
    this.publisher.received(bytes, this.#clock.monotonicMs());
  }
}
