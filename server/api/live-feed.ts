import type { WebSocket } from '@fastify/websocket';
import type { AdminFeedMessage, PublicFeedMessage } from '../../shared/contract/live-feed.ts';
import type { HubEvent } from '../hub/hub-event.ts';
import type { ApiDeps } from './api-deps.ts';
import { toPublicStream, toStream } from './to-contract.ts';

/** Of one stream. A start is three or four: published, headers, live. */
const MAX_CHANGES_PER_SECOND = 10;

type LiveFeedDeps = Pick<ApiDeps, 'hub' | 'notices' | 'info' | 'config' | 'health'> & {
  readonly serverId: string;
};

/** A page that takes no data has this much waiting before it is cut. Snapshots of 200 streams are some 200 KB. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** Tells open pages what happens: to the public at once, to the operator at once and once a second. */
export class LiveFeed {
  readonly #deps: LiveFeedDeps;
  /** Page -> the one stream it asked for, or null for all. */
  readonly #publicPages = new Map<WebSocket, string | null>();
  readonly #adminPages = new Set<WebSocket>();
  /** Streams whose number of viewers changed since the last second. */
  readonly #recounted = new Set<string>();
  /** How often a stream was told of since the last second. */
  readonly #told = new Map<string, number>();
  readonly #stopListening: readonly (() => void)[];

  constructor(deps: LiveFeedDeps) {
    this.#deps = deps;
    this.#stopListening = [
      deps.hub.subscribeEvents((event) => this.#onEvent(event)),
      deps.notices.subscribe((news) => this.#toAdmins(news)),
    ];
  }

  /** `only` null: every stream, if the list is public at all. */
  addPublic(socket: WebSocket, only: string | null, operator = false): void {
    const { hub, info, serverId, config } = this.#deps;
    this.#publicPages.set(socket, only);
    socket.once('close', () => this.#publicPages.delete(socket));
    const streams = hub.streams().filter((stream) => this.#mayKnow(only, stream.name));
    const { rtmpPort, rtmpsPort } = info();
    send(
      socket,
      encode({
        type: 'hello',
        serverId,
        rtmpPort,
        rtmpsPort,
        publicList: config.web.publicList,
        operator,
        streams: streams.map(toPublicStream),
      }),
    );
  }

  addAdmin(socket: WebSocket): void {
    const { hub, notices, info, serverId } = this.#deps;
    this.#adminPages.add(socket);
    socket.once('close', () => this.#adminPages.delete(socket));
    const streams = hub.streams().map(toStream);
    send(socket, encode({ type: 'hello', serverId, server: info(), streams, notices: [...notices.list()] }));
  }

  /** Once a second: figures for the operator, and numbers of viewers for the public. */
  tick(): void {
    if (this.#stops) return;
    const { hub, info } = this.#deps;
    if (this.#adminPages.size > 0) {
      for (const stream of hub.streams()) this.#toAdmins({ type: 'stream', stream: toStream(stream) });
      this.#toAdmins({ type: 'server', server: info() });
    }
    for (const name of this.#recounted) this.#publishState(name);
    this.#recounted.clear();
    this.#told.clear();
  }

  get #stops(): boolean {
    return this.#deps.health.state === 'draining';
  }

  close(): void {
    for (const stop of this.#stopListening) stop();
  }

  #onEvent(event: HubEvent): void {
    // Streams end because the server does. Pages keep what they show until a server answers again, this one or the next.
    if (this.#stops) return;
    switch (event.type) {
      case 'viewer-joined':
      case 'viewer-left':
        if (this.#publicPages.size > 0) this.#recounted.add(event.stream);
        return;
      case 'warning':
      case 'warning-over':
        // Dashboards are told each second, with all that stands.
        this.#recounted.add(event.stream);
        return;
      case 'encoder-named':
        // The metadata that says it is a change as well.
        return;
      case 'changed':
        if (this.#isToldOften(event.stream)) {
          // Dashboards are told of every stream each second.
          this.#recounted.add(event.stream);
          return;
        }
        this.#publishState(event.stream);
        this.#adminState(event.stream);
        return;
      case 'published':
      case 'interrupted':
      case 'resumed':
      case 'ended':
        this.#publishState(event.stream);
        this.#adminState(event.stream);
        return;
      default:
        event satisfies never;
    }
  }

  /** An encoder that changes its headers with each picture must not be news for every page each time. */
  #isToldOften(stream: string): boolean {
    const times = (this.#told.get(stream) ?? 0) + 1;
    this.#told.set(stream, times);
    return times > MAX_CHANGES_PER_SECOND;
  }

  #publishState(name: string): void {
    this.#recounted.delete(name);
    if (this.#publicPages.size === 0) return;
    const stream = this.#deps.hub.stream(name);
    const bytes = encode(
      stream ? { type: 'stream', stream: toPublicStream(stream) } : { type: 'gone', name },
    );
    for (const [socket, only] of this.#publicPages) {
      if (this.#mayKnow(only, name)) send(socket, bytes);
    }
  }

  #adminState(name: string): void {
    if (this.#adminPages.size === 0) return;
    const stream = this.#deps.hub.stream(name);
    this.#toAdmins(stream ? { type: 'stream', stream: toStream(stream) } : { type: 'gone', name });
  }

  /** Encoded once, however many dashboards are open. */
  #toAdmins(message: AdminFeedMessage): void {
    if (this.#adminPages.size === 0) return;
    const bytes = encode(message);
    for (const socket of this.#adminPages) send(socket, bytes);
  }

  #mayKnow(only: string | null, name: string): boolean {
    return only === null ? this.#deps.config.web.publicList : only === name;
  }
}

function encode(message: PublicFeedMessage | AdminFeedMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}

function send(socket: WebSocket, bytes: Buffer): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
  else socket.send(bytes, { binary: false });
}
