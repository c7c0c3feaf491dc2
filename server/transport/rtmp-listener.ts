import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { refuse } from '../../shared/contract/errors.ts';
import { defaultMaxPartialBytesOfAll } from '../rtmp/limits.ts';
import { newConnectionId } from './connection-id.ts';
import { RtmpConnection, type RtmpConnectionDeps } from './rtmp-connection.ts';
import { RtmpPort } from './rtmp-port.ts';

const TICK_MS = 500;

export interface RtmpListenerOptions
  extends Omit<RtmpConnectionDeps, 'refuseConnect' | 'partialBytesChanged'> {
  /** Connections of one address at a time; 0: as many as it likes. */
  readonly maxConnectionsPerAddress: number;
  /** Memory of half-received messages over all connections. */
  readonly maxPartialBytesOfAll?: number;
  /** Whether an address is that of a proxy, which begins with a PROXY header; without it there is none. */
  isProxy?(address: string): boolean;
}

/** Where to listen; with a certificate and its key, for RTMPS. */
export interface RtmpEndpoint {
  readonly port: number;
  /** Undefined: all interfaces. */
  readonly host: string | undefined;
  readonly tls?: SecureContextOptions;
}

/** Accepts RTMP connections, on one port or several, and keeps them until they close. */
export class RtmpListener {
  readonly #deps: RtmpConnectionDeps;
  readonly #ports: RtmpPort[] = [];
  readonly #options: RtmpListenerOptions;
  readonly #connections = new Set<RtmpConnection>();
  readonly #ticker: NodeJS.Timeout;
  readonly #maxPartialBytes: number;
  #partialBytes = 0;
  #draining = false;

  constructor(options: RtmpListenerOptions) {
    this.#options = options;
    this.#maxPartialBytes = options.maxPartialBytesOfAll ?? defaultMaxPartialBytesOfAll;
    this.#deps = {
      ...options,
      refuseConnect: (address) => this.#refuseConnect(address),
      partialBytesChanged: (change) => this.#partialBytesChanged(change),
    };
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#ticker.unref();
  }

  /** Resolves with the port that is really listened on. Rejects with Node's error (EADDRINUSE...). */
  listen({ port, host, tls }: RtmpEndpoint): Promise<number> {
    const { log, timeouts, observer, isProxy } = this.#options;
    const listened = new RtmpPort({
      log,
      handshakeMs: timeouts.handshakeMs,
      tls,
      isProxy: (address) => isProxy?.(address) ?? false,
      proxyFailed: (address, fault) => {
        log.warn({ address, code: fault.code }, fault.reason);
        observer.failed({ id: newConnectionId(), address, userAgent: null }, null, fault);
      },
      accepted: (socket, address) => this.#accept(socket, address),
    });
    this.#ports.push(listened);
    return listened.listen({ port, host });
  }

  /** Connections over TLS are shown this certificate from now on. */
  setSecureContext(tls: SecureContextOptions): void {
    for (const port of this.#ports) port.setSecureContext(tls);
  }

  /** Takes no new connection; those that are open go on, and clients of Enhanced RTMP are asked to move. */
  drain(): void {
    this.#draining = true;
    for (const connection of this.#connections) connection.requestReconnect();
    for (const port of this.#ports) port.drain();
  }

  /** Closes every connection once what it has to say is sent; resolves when all are gone. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    for (const connection of this.#connections) connection.close();
    await Promise.all(this.#ports.map((port) => port.close()));
  }

  #accept(socket: Socket, address: string): void {
    const connection = new RtmpConnection(socket, this.#deps, address);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
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
