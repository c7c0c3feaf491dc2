import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import { AddressCounts } from '../../../shared/net/address-counts.ts';
import { defaultMaxPartialBytesOfAll } from '../../rtmp/limits.ts';
import { RtmpConnection, type RtmpConnectionDeps } from '../connection/rtmp-connection.ts';
import type { RtmpClient } from '../connection/rtmp-observer.ts';
import { newConnectionId } from '../connection-id.ts';
import { WaitingRoom } from '../waiting-room.ts';
import { ConnectGate, type ConnectLimits } from './connect-gate.ts';
import { RtmpPort } from './rtmp-port.ts';

const TICK_MS = 500;
const UNLIMITED: ConnectLimits = {
  maxConnections: 0,
  maxConnectionsPerAddress: 0,
  maxConnectsPerSecond: 0,
  maxWrongLoginsPerMinute: 0,
};

export interface RtmpListenerOptions
  extends Omit<RtmpConnectionDeps, 'refuseConnect' | 'partialBytesChanged' | 'waitingRoom'> {
  /** Where players wait for streams that are not live, with those of other protocols. */
  readonly waitingRoom?: WaitingRoom;
  /** What is not given is not limited. */
  readonly connects?: Partial<ConnectLimits>;
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
  readonly #ofAddress = new AddressCounts();
  readonly #ticker: NodeJS.Timeout;
  readonly #maxPartialBytes: number;
  readonly #gate: ConnectGate;
  #partialBytes = 0;
  #draining = false;

  constructor(options: RtmpListenerOptions) {
    this.#options = options;
    this.#maxPartialBytes = options.maxPartialBytesOfAll ?? defaultMaxPartialBytesOfAll;
    this.#gate = new ConnectGate({ ...UNLIMITED, ...options.connects });
    this.#deps = {
      ...options,
      waitingRoom: options.waitingRoom ?? new WaitingRoom(options.hub),
      observer: {
        ...options.observer,
        refused: (client, stream, refusal) => {
          if (refusal.code === 'publish-login-wrong') this.#gate.noteWrongLogin(client.address, this.#nowMs);
          options.observer.refused(client, stream, refusal);
        },
      },
      refuseConnect: (client, app) => this.#refuseConnect(client, app),
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
      isShut: (address) => this.#isShut(address),
      proxyFailed: (address, fault) => {
        log.warn({ address, code: fault.code }, fault.reason);
        observer.failed({ id: newConnectionId(), address, userAgent: null }, null, fault);
      },
      renegotiated: (address) => {
        log.warn(
          { address },
          'a client asked for a new TLS handshake again and again; its connection is closed',
        );
        observer.limitReached({ id: newConnectionId(), address, userAgent: null }, 'maxTlsRenegotiations');
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

  /** Memory of half-received messages over all connections. */
  get partialBytes(): number {
    return this.#partialBytes;
  }

  get #nowMs(): number {
    return this.#options.hub.clock.monotonicMs();
  }

  #accept(socket: Socket, address: string): void {
    const connection = new RtmpConnection(socket, this.#deps, address);
    this.#connections.add(connection);
    this.#ofAddress.add(address);
    socket.once('close', () => {
      this.#connections.delete(connection);
      this.#ofAddress.remove(address);
    });
  }

  /** Those that are still at TLS or at a PROXY header count as well: each is an open file. */
  #isShut(address: string): boolean {
    const pending = this.#ports.reduce((sum, port) => sum + port.pending, 0);
    if (!this.#gate.isShut(this.#connections.size + pending)) return false;
    const client = { id: newConnectionId(), address, userAgent: null };
    this.#options.observer.limitReached(client, 'maxConnections');
    return true;
  }

  #tick(): void {
    const monotonicMs = this.#nowMs;
    for (const connection of this.#connections) connection.passTime(monotonicMs);
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

  #refuseConnect(client: RtmpClient, app: string): Refusal | undefined {
    if (this.#draining) return refuse('draining');
    const { address } = client;
    const rejection = this.#gate.judge({
      address,
      answersLogin: /[?&]response=/.test(app),
      nowMs: this.#nowMs,
      open: this.#connections.size,
      countOfAddress: () => this.#ofAddress.of(address),
    });
    if (rejection) this.#options.observer.limitReached(client, rejection.limit);
    return rejection?.refusal;
  }
}
