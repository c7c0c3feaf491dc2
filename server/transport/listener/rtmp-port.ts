import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type SecureContextOptions,
  type Server as TlsServer,
} from 'node:tls';
import { plainAddress } from '../../../shared/net/address.ts';
import type { TransportLog } from '../transport-log.ts';
import { type ProxyFault, readProxyHeader } from './read-proxy-header.ts';

export interface RtmpPortOptions {
  readonly log: TransportLog;
  /** How long a PROXY header may take, and then a TLS handshake. */
  readonly handshakeMs: number;
  /** Certificate and key make it a port for RTMPS. */
  readonly tls?: SecureContextOptions | undefined;
  /** Whether connections from this address begin with a PROXY header. */
  isProxy(address: string): boolean;
  /** So many connections are there that one more is closed without a word. */
  isShut(address: string): boolean;
  /** A proxy sent something else. The connection is closed. */
  proxyFailed(address: string, fault: ProxyFault): void;
  /** A client asked for a new TLS handshake again and again. The connection is closed. */
  renegotiated(address: string): void;
  /** A client is through to RTMP. `address` is its own, not that of a proxy before it. */
  accepted(socket: Socket, address: string): void;
}

/**
 * librtmp with GnuTLS, as Debian has it for rtmpdump and GStreamer, takes the session tickets that come behind a handshake of
 * TLS 1.3 for the end of the connection, and Node cannot leave them out.
 */
const MAX_TLS_VERSION = 'TLSv1.2';

/** More than three in ten minutes, beside the first (`tls.CLIENT_RENEG_LIMIT`). No client of RTMP needs any. */
const TOO_MANY_HANDSHAKES = 'ERR_TLS_SESSION_ATTACK';

interface Pending {
  readonly socket: Socket;
  address: string;
}

/** A port for RTMP, plain or over TLS: takes connections through what comes before the first byte of RTMP. */
export class RtmpPort {
  readonly #options: RtmpPortOptions;
  readonly #server: Server;
  readonly #tls: TlsServer | undefined;
  readonly #closed: Promise<void>;
  /** Connections that are not through, by the other end of their line. */
  readonly #pending = new Map<string, Pending>();
  #listened = false;

  constructor(options: RtmpPortOptions) {
    this.#options = options;
    this.#server = createTcpServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#tls = options.tls && this.#createTls(options.tls);
    this.#closed = new Promise((resolve) => this.#server.once('close', resolve));
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

  /** Connections from now on are shown this certificate. */
  setSecureContext(tls: SecureContextOptions): void {
    this.#tls?.setSecureContext({ ...tls, maxVersion: MAX_TLS_VERSION });
  }

  /** How many connections are not through to RTMP. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Takes no new connection. */
  drain(): void {
    if (this.#server.listening) this.#server.close();
  }

  /** Ends what is not through to RTMP; resolves when the others are gone as well. */
  async close(): Promise<void> {
    this.drain();
    for (const { socket } of this.#pending.values()) socket.destroy();
    // A server that could not listen has nothing to close, and would never say that it is closed.
    if (this.#listened) await this.#closed;
  }

  #createTls(tls: SecureContextOptions): TlsServer {
    const handshakeTimeout = this.#options.handshakeMs;
    const server = createTlsServer({ ...tls, maxVersion: MAX_TLS_VERSION, handshakeTimeout });
    server.on('secureConnection', (secure) => {
      const pending = this.#pending.get(lineOf(secure));
      // Gone between its last handshake message and now.
      if (!pending) {
        secure.destroy();
        return;
      }
      const { address } = pending;
      secure.on('error', (error: NodeJS.ErrnoException) => {
        // Node counts handshakes, and leaves what follows to us. Each costs a server more than a client.
        if (error.code === TOO_MANY_HANDSHAKES && !secure.destroyed) this.#options.renegotiated(address);
        secure.destroy();
      });
      this.#through(secure, pending);
    });
    server.on('tlsClientError', (error, secure) => {
      const address = plainAddress(secure.remoteAddress);
      this.#options.log.debug({ address, error: error.message }, 'TLS handshake failed');
      secure.destroy();
    });
    return server;
  }

  #accept(socket: Socket): void {
    if (this.#options.isShut(plainAddress(socket.remoteAddress))) {
      socket.destroy();
      return;
    }
    const line = lineOf(socket);
    const pending: Pending = { socket, address: plainAddress(socket.remoteAddress) };
    this.#pending.set(line, pending);
    socket.once('close', () => {
      if (this.#pending.get(line) === pending) this.#pending.delete(line);
    });
    const { isProxy, handshakeMs, proxyFailed } = this.#options;
    if (!isProxy(pending.address)) {
      this.#secure(pending);
      return;
    }
    readProxyHeader(socket, handshakeMs, {
      done: (source) => {
        if (source !== undefined) pending.address = plainAddress(source);
        this.#secure(pending);
      },
      failed: (fault) => proxyFailed(pending.address, fault),
    });
  }

  #secure(pending: Pending): void {
    const { socket } = pending;
    if (!this.#tls) {
      this.#through(socket, pending);
      // What came with a PROXY header was put back, and nobody was there to read it.
      if (socket.isPaused()) socket.resume();
      return;
    }
    // Ours is the line below; what goes wrong with it is told by the secure one above.
    socket.on('error', () => {});
    this.#tls.emit('connection', socket);
  }

  #through(socket: Socket, pending: Pending): void {
    this.#pending.delete(lineOf(socket));
    this.#options.accepted(socket, pending.address);
  }
}

const lineOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
