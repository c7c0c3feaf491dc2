import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { refuse } from '../../shared/contract/errors.ts';
import { defaultMaxPartialBytesOfAll } from '../rtmp/limits.ts';
import { RtmpConnection, type RtmpConnectionDeps } from './rtmp-connection.ts';

const TICK_MS = 500;

export interface RtmpListenerOptions
  extends Omit<RtmpConnectionDeps, 'refuseConnect' | 'partialBytesChanged'> {
  /** Connections of one address at a time; 0: as many as it likes. */
  readonly maxConnectionsPerAddress: number;
  /** Memory of half-received messages over all connections. */
  readonly maxPartialBytesOfAll?: number;
}

/** Accepts RTMP connections and keeps them until they close. */
export class RtmpListener {
  readonly #server: Server;
  readonly #options: RtmpListenerOptions;
  readonly #connections = new Set<RtmpConnection>();
  readonly #ticker: NodeJS.Timeout;
  readonly #closed: Promise<void>;
  readonly #maxPartialBytes: number;
  #partialBytes = 0;
  #listened = false;
  #draining = false;

  constructor(options: RtmpListenerOptions) {
    this.#options = options;
    this.#maxPartialBytes = options.maxPartialBytesOfAll ?? defaultMaxPartialBytesOfAll;
    const deps: RtmpConnectionDeps = {
      ...options,
      refuseConnect: (address) => this.#refuseConnect(address),
      partialBytesChanged: (change) => this.#partialBytesChanged(change),
    };
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      const connection = new RtmpConnection(socket, deps);
      this.#connections.add(connection);
      socket.once('close', () => this.#connections.delete(connection));
    });
    this.#closed = new Promise((resolve) => this.#server.once('close', resolve));
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#ticker.unref();
  }

  /** Resolves with the port that is really listened on. Rejects with Node's error (EADDRINUSE...). */
  listen(options: { port: number; host: string | undefined }): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(options, () => {
        this.#server.off('error', reject);
        this.#listened = true;
        this.#server.on('error', (error) =>
          this.#options.log.error({ error: error.message }, 'RTMP accept failed'),
        );
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connection; those that are open go on, and clients of Enhanced RTMP are asked to move. */
  drain(): void {
    this.#draining = true;
    for (const connection of this.#connections) connection.requestReconnect();
    if (this.#server.listening) this.#server.close();
  }

  /** Closes every connection once what it has to say is sent; resolves when all are gone. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    for (const connection of this.#connections) connection.close();
    if (this.#server.listening) this.#server.close();
    // A server that could not listen has nothing to close, and would never say that it is closed.
    if (this.#listened) await this.#closed;
  }

  #tick(): void {
    const monotonicMs = this.#options.hub.clock.monotonicMs();
    for (const connection of this.#connections) connection.tick(monotonicMs);
  }

  /** Over the limit the one that holds most has to go: an honest connection holds a frame, an attack all it may. */
  #partialBytesChanged(change: number): void {
    this.#partialBytes += change;
    if (change <= 0 || this.#partialBytes <= this.#maxPartialBytes) return;
    let largest: RtmpConnection | undefined;
    for (const connection of this.#connections) {
      if (connection.partialBytes > (largest?.partialBytes ?? 0)) largest = connection;
    }
    largest?.endForMemory();
  }

  #refuseConnect(address: string) {
    if (this.#draining) return refuse('draining');
    const limit = this.#options.maxConnectionsPerAddress;
    if (limit === 0) return undefined;
    let count = 0;
    for (const { client } of this.#connections) if (client.address === address) count++;
    return count > limit ? refuse('too-many-connections', { address }) : undefined;
  }
}
