import type { PacketKind } from '../../shared/media/media-packet.ts';
import type { EndReason } from './sink.ts';
import type { Peer, SessionSnapshot } from './snapshot.ts';

/** Why the hub ends a publisher. The transport says it in the publisher's own protocol, then closes. */
export type PublisherEnd =
  | { readonly type: 'kicked' }
  | { readonly type: 'draining' }
  | { readonly type: 'silent'; readonly silentMs: number }
  | { readonly type: 'taken-over'; readonly silentMs: number; readonly by: Peer };

/** What the hub needs of the connection that publishes. */
export interface PublisherControl {
  end(why: PublisherEnd): void;
  /** The encoder understands a request to connect again. */
  readonly canReconnect?: boolean;
  /** Asks it when it suits it. False: this one would not understand. */
  requestReconnect?(): boolean;
  /** Something broke over what it sent, while nobody was looking at its socket. Its connection ends for it, and no other. */
  failed?(error: unknown): void;
}

/** How a publisher left: `unpublished` said goodbye, `dropped` may come back. */
export type Departure = 'unpublished' | 'dropped';

/** What a publisher feeds. */
export interface Publication {
  readonly name: string;
  push(kind: PacketKind, timestamp: number, body: Uint8Array, nowMs: number): void;
  flush(nowMs: number): void;
  publisherLeft(publisher: Publisher, how: Departure): void;
  /** Ends everybody who watches, for a reason that the publisher knows. */
  endViewers(reason: EndReason): void;
}

/** The lease of one connection on one stream, and the only door through which media enters it. */
export class Publisher {
  readonly peer: Peer;
  readonly stream: Publication;
  readonly control: PublisherControl;
  readonly sinceMs: number;
  /** What its metadata says of its program. */
  encoder: string | null = null;
  bytesIn = 0;
  packetsIn = 0;
  lastReceivedMs: number;
  #open = true;

  constructor(
    stream: Publication,
    options: { peer: Peer; control: PublisherControl },
    now: { monotonicMs: number; wallMs: number },
  ) {
    this.stream = stream;
    this.peer = options.peer;
    this.control = options.control;
    this.sinceMs = now.wallMs;
    this.lastReceivedMs = now.monotonicMs;
  }

  /** False once the lease is gone: nothing that is pushed after that is seen by anybody. */
  get open(): boolean {
    return this.#open;
  }

  /** Notes that bytes arrived on the connection: the publisher is alive. What is pushed after it came then. */
  received(bytes: number, monotonicMs: number): void {
    this.bytesIn += bytes;
    this.lastReceivedMs = monotonicMs;
  }

  /** Takes one media message. `timestamp` is the publisher's own, unsigned 32 bits; `body` is copied. */
  push(kind: PacketKind, timestamp: number, body: Uint8Array): void {
    if (!this.#open) return;
    this.packetsIn++;
    this.stream.push(kind, timestamp, body, this.lastReceivedMs);
  }

  /** Delivers what was pushed since the last call: once for each piece that the socket gave. */
  flush(): void {
    if (this.#open) this.stream.flush(this.lastReceivedMs);
  }

  /** The hub takes the lease away and tells the connection why. */
  revoke(why: PublisherEnd): void {
    if (!this.#open) return;
    this.#open = false;
    this.control.end(why);
  }

  /** Asks the encoder to connect again; it goes on until it does. False: it cannot be asked. */
  requestReconnect(): boolean {
    return this.#open && this.control.requestReconnect?.() === true;
  }

  /** Gives the lease back. Only the first call counts. */
  leave(how: Departure): void {
    if (!this.#open) return;
    this.#open = false;
    this.stream.publisherLeft(this, how);
  }

  snapshot(): SessionSnapshot {
    return {
      ...this.peer,
      role: 'publisher',
      stream: this.stream.name,
      sinceMs: this.sinceMs,
      bytesIn: this.bytesIn,
      bytesOut: 0,
      queuedBytes: 0,
      droppedVideo: 0,
      droppedAudio: 0,
      canReconnect: this.control.canReconnect === true,
      encoder: this.encoder,
    };
  }
}
