import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, TLSSocket } from 'node:tls';
import type { Credentials } from '../../rtmp/auth-mode.ts';
import { type ClientEvent, ClientSession, type ClientSessionOptions } from '../../rtmp/client-session.ts';
import { nextAuthAttempt } from '../../rtmp/publisher-auth.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { endGently } from '../socket-writer.ts';
import { RtmpRefused } from './rtmp-refused.ts';

/** Where a client goes, and what it says of itself. */
export interface RtmpTarget {
  readonly host: string;
  readonly port: number;
  readonly app: string;
  /** Stream key; a query string behind it travels along. */
  readonly key: string;
  /** For a server that asks for a login. */
  readonly credentials?: Credentials;
  /** Speaks RTMPS; says what is asked of the certificate. */
  readonly tls?: ConnectionOptions;
  /** How long it may take until the stream has started, each connection of a login by itself. */
  readonly startWithinMs?: number;
  /** Closes when nothing was heard for this long; the server is pinged meanwhile. For servers that answer pings. */
  readonly deadAfterMs?: number;
  /** Handshake, chunk size, Enhanced RTMP and whatever else the session can be told. */
  readonly session?: Omit<ClientSessionOptions, 'crypto' | 'app' | 'tcUrl'>;
  /** Told of everything that the server does once the stream has started, media included. */
  readonly onEvent?: (event: ClientEvent) => void;
}

/** A player is kept waiting for a stream for 10 s by servers like this one. */
const START_WITHIN_MS = 15_000;
/** Asked, challenged, answered. */
const LOGIN_CONNECTIONS = 3;
const PINGS_UNTIL_DEAD = 3;

/** A real socket with our own client session on it. */
export class RtmpClient {
  /** Resolves when the connection is gone; with the server's last error status, if it sent one. */
  readonly closed: Promise<RtmpRefused | undefined>;
  readonly session: ClientSession;
  readonly #socket: Socket;
  readonly #onEvent: (event: ClientEvent) => void;
  #lastError: RtmpRefused | undefined;
  #started = false;
  #heard = false;
  #pings = 0;
  #settle: (error?: Error) => void = () => {};

  private constructor(target: RtmpTarget, login: string, begin: (session: ClientSession) => void) {
    this.session = new ClientSession({
      ...target.session,
      crypto: nodeCrypto,
      app: target.app + login,
      tcUrl: `${target.tls ? 'rtmps' : 'rtmp'}://${target.host}:${target.port}/${target.app}${login}`,
    });
    begin(this.session);
    this.#onEvent = target.onEvent ?? (() => {});
    this.#socket = openSocket(target, () => this.flush());
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('error', (error) => this.#settle(error));
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#settle(this.#lastError ?? new Error('the server closed the connection'));
        resolve(this.#lastError);
      });
    });
  }

  /** Connects, logs in if it is asked to, and begins. Rejects with `RtmpRefused`, or with the socket's error. */
  static async open(target: RtmpTarget, begin: (session: ClientSession) => void): Promise<RtmpClient> {
    let login = '';
    for (let connections = 1; ; connections++) {
      const client = new RtmpClient(target, login, begin);
      try {
        await client.#untilStarted(target.startWithinMs ?? START_WITHIN_MS);
        if (target.deadAfterMs !== undefined) client.#watch(target.deadAfterMs);
        return client;
      } catch (error) {
        const { app, credentials } = target;
        if (!(error instanceof RtmpRefused) || !credentials || connections === LOGIN_CONNECTIONS) throw error;
        const next = nextAuthAttempt(error.message, { app, credentials }, nodeCrypto);
        if (next === undefined) throw error;
        login = next;
      }
    }
  }

  /** Bytes that the socket has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get open(): boolean {
    return this.#socket.writable;
  }

  /** Sends what the session has to say. */
  flush(): void {
    if (this.#socket.connecting || this.#socket.destroyed) return;
    const output = this.session.takeOutput();
    if (output) this.#socket.write(output);
  }

  /** Says goodbye in good order, then closes. */
  async stop(): Promise<void> {
    this.session.stop();
    this.flush();
    endGently(this.#socket);
    await this.closed;
  }

  /** Cuts the line without a word, as a broken network does. */
  async cut(): Promise<void> {
    // A reset goes below TLS, where Node does not let us; there the line is closed without the goodbye of TLS.
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
    await this.closed;
  }

  async #untilStarted(withinMs: number): Promise<void> {
    const timer = setTimeout(() => {
      this.#settle(new Error(`the stream did not start within ${withinMs / 1000} s`));
      this.#socket.destroy();
    }, withinMs);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#settle = (error) => (error ? reject(error) : resolve());
      });
    } finally {
      clearTimeout(timer);
      this.#settle = () => {};
    }
  }

  #watch(deadAfterMs: number): void {
    const timer = setInterval(() => {
      this.#pings = this.#heard ? 0 : this.#pings + 1;
      this.#heard = false;
      if (this.#pings >= PINGS_UNTIL_DEAD) {
        this.#socket.destroy();
      } else {
        this.session.ping(Math.floor(performance.now()));
        this.flush();
      }
    }, deadAfterMs / PINGS_UNTIL_DEAD);
    void this.closed.then(() => clearInterval(timer));
  }

  #receive(bytes: Uint8Array): void {
    this.#heard = true;
    try {
      this.session.receive(bytes);
      for (let event = this.session.nextEvent(); event; event = this.session.nextEvent()) this.#act(event);
      this.flush();
    } catch (error) {
      this.#settle(error instanceof Error ? error : new Error(String(error)));
      this.#socket.destroy();
    }
  }

  #act(event: ClientEvent): void {
    if (event.type === 'publish-started' || event.type === 'play-started') {
      this.#started = true;
      this.#settle();
    } else if (event.type === 'refused') {
      this.#lastError = new RtmpRefused(event);
      this.#settle(this.#lastError);
      endGently(this.#socket);
    } else if (event.type === 'status' && event.level === 'error') {
      this.#lastError = new RtmpRefused(event);
    }
    if (this.#started) this.#onEvent(event);
  }
}

function openSocket({ host, port, tls }: RtmpTarget, opened: () => void): Socket {
  if (!tls) return connect({ host, port, noDelay: true }, opened);
  const socket = connectTls({ ...tls, host, port }, opened);
  socket.setNoDelay(true);
  return socket;
}
