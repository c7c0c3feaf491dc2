import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { FlvReader } from '../../shared/flv/flv-reader.ts';
import { MAX_FLV_BODY_BYTES } from '../../shared/flv/flv-tag.ts';
import { encodeStreamPath } from '../../shared/media/stream-name.ts';
import type { Hub } from '../hub/hub.ts';
import type { Departure, Publisher } from '../hub/publisher.ts';
import type { EndReason } from '../hub/sink.ts';
import { readRelayEnd } from '../output/relay-end.ts';

/** The process that owns the publishers. */
export interface Origin {
  readonly host: string;
  readonly port: number;
  /** Shared by origin and edge: who shows it gets the relay form of a stream. */
  readonly secret: string;
}

/** Name of the header that carries the secret. */
export const relayHeader = 'x-sluice-relay';

export interface OriginPullOptions {
  readonly hub: Hub;
  readonly origin: Origin;
  readonly stream: string;
  /** The pull is over, by itself or by `stop`. */
  onEnd(how: Departure | 'not-live'): void;
}

/** Fetches one stream from its origin, once for everybody here who watches it, and publishes it in this process's hub. */
export class OriginPull {
  readonly #options: OriginPullOptions;
  readonly #publisher: Publisher;
  /** The origin has its own limit on what a publisher may send, which is a setting. */
  readonly #reader = new FlvReader({ maxBodyBytes: MAX_FLV_BODY_BYTES });
  readonly #request: ClientRequest;
  #toldReason: EndReason | undefined;
  #ended = false;

  constructor(options: OriginPullOptions) {
    const { hub, origin, stream } = options;
    this.#options = options;
    const outcome = hub.publish(
      stream,
      { id: `pull/${stream}`, protocol: 'relay', address: origin.host, userAgent: null },
      { end: () => this.#end('dropped'), failed: () => this.#end('unpublished') },
    );
    if (!outcome.ok) throw new Error(`${stream} is pulled already`);
    this.#publisher = outcome.publisher;
    this.#request = get(
      {
        host: origin.host,
        port: origin.port,
        path: `/${encodeStreamPath(stream)}.flv`,
        headers: { [relayHeader]: origin.secret },
        agent: false,
      },
      (response) => this.#read(response),
    );
    this.#request.on('error', () => this.#end('dropped'));
  }

  stop(): void {
    this.#end('unpublished');
  }

  #read(response: IncomingMessage): void {
    if (response.statusCode !== 200) {
      response.resume();
      this.#end('not-live');
      return;
    }
    response.socket.setNoDelay(true);
    response.on('data', (bytes: Buffer) => this.#take(bytes));
    response.on('end', () => this.#endAsTold());
    response.on('error', () => this.#end('dropped'));
  }

  #take(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#publisher.received(bytes.length, this.#options.hub.clock.monotonicMs());
    try {
      this.#reader.push(bytes);
      for (let item = this.#reader.next(); item; item = this.#reader.next()) {
        if (item.kind === 'header') continue;
        const reason = item.kind === 'data' && readRelayEnd(item.body, this.#options.origin.secret);
        if (reason) this.#toldReason = reason;
        else this.#publisher.push(item.kind, item.timestampMs, item.body);
      }
      this.#publisher.flush();
    } catch {
      // Whatever is wrong with one stream, the worker has others to serve. Players open again.
      this.#end('unpublished');
    }
  }

  /** A line that ends without a reason was cut. */
  #endAsTold(): void {
    const reason = this.#toldReason;
    // Its time was over (24 days) and the stream goes on: it is fetched again.
    if (reason === undefined || reason === 'tracks-changed') {
      this.#end('dropped');
      return;
    }
    if (reason !== 'stream-ended') this.#publisher.stream.endViewers(reason);
    this.#end('unpublished');
  }

  #end(how: Departure | 'not-live'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#request.destroy();
    this.#publisher.leave(how === 'dropped' ? 'dropped' : 'unpublished');
    this.#options.onEnd(how);
  }
}
