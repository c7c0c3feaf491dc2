import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, TLSSocket } from 'node:tls';
import type { Credentials } from '../rtmp/auth-mode.ts';
import { type ClientEvent, ClientSession } from '../rtmp/client-session.ts';
import { nextAuthAttempt } from '../rtmp/publisher-auth.ts';
import { nodeCrypto } from './node-crypto.ts';
import { endGently } from './socket-writer.ts';

export interface PublishTarget {
  readonly host: string;
  readonly port: number;
  readonly app: string;
  /** Stream key; a query string behind it travels along. */
  readonly key: string;
  /** For a server that asks for a login. */
  readonly credentials?: Credentials;
  /** Speaks RTMPS; says what is asked of the certificate. */
  readonly tls?: ConnectionOptions;
}

/** Asked, challenged, answered. */
const LOGIN_CONNECTIONS = 3;

/** The server refused to let us publish. `code` is its status code, the message its sentence. */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}

/** Publishes over a real socket with our own client session. */
export class RtmpPublisherClient {
  /** Resolves when the connection is gone; with the server's last error status, if it sent one. */
  readonly closed: Promise<PublishRefused | undefined>;
  readonly #socket: Socket;
  readonly #session: ClientSession;
  #lastError: PublishRefused | undefined;
  #onStarted: () => void = () => {};
  #onFailed: (error: Error) => void = () => {};

  private constructor(target: PublishTarget, login: string) {
    this.#session = new ClientSession({
      crypto: nodeCrypto,
      app: target.app + login,
      tcUrl: `${target.tls ? 'rtmps' : 'rtmp'}://${target.host}:${target.port}/${target.app}${login}`,
    });
    this.#session.publish(target.key);
    this.#socket = openSocket(target, () => this.#flush());
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('error', (error) => this.#onFailed(error));
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#onFailed(this.#lastError ?? new Error('the server closed the connection'));
        resolve(this.#lastError);
      });
    });
  }

  /** Connects and asks to publish. Rejects with `PublishRefused`, or with the socket's error. */
  static async open(target: PublishTarget): Promise<RtmpPublisherClient> {
    let login = '';
    for (let connections = 1; ; connections++) {
      try {
        return await RtmpPublisherClient.#attempt(target, login);
      } catch (error) {
        const { app, credentials } = target;
        if (!(error instanceof PublishRefused) || !credentials || connections === LOGIN_CONNECTIONS)
          throw error;
        const next = nextAuthAttempt(error.message, { app, credentials }, nodeCrypto);
        if (next === undefined) throw error;
        login = next;
      }
    }
  }

  static async #attempt(target: PublishTarget, login: string): Promise<RtmpPublisherClient> {
    const client = new RtmpPublisherClient(target, login);
    await new Promise<void>((resolve, reject) => {
      client.#onStarted = resolve;
      client.#onFailed = reject;
    });
    client.#onFailed = () => {};
    return client;
  }

  /** Bytes that the socket has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get open(): boolean {
    return this.#socket.writable;
  }

  /** Queues one message; `flush` sends what is queued. */
  send(kind: 'audio' | 'video' | 'data', timestamp: number, body: Uint8Array): void {
    this.#session.sendMedia(kind, timestamp, body);
  }

  flush(): void {
    this.#flush();
  }

  /** Says goodbye as an encoder does, then closes. */
  async stop(): Promise<void> {
    this.#session.stop();
    this.#flush();
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

  #receive(bytes: Uint8Array): void {
    try {
      this.#session.receive(bytes);
      for (let event = this.#session.nextEvent(); event; event = this.#session.nextEvent()) this.#act(event);
      this.#flush();
    } catch (error) {
      this.#onFailed(error instanceof Error ? error : new Error(String(error)));
      this.#socket.destroy();
    }
  }

  #act(event: ClientEvent): void {
    if (event.type === 'publish-started') {
      this.#onStarted();
    } else if (event.type === 'refused') {
      this.#lastError = new PublishRefused(event.code, event.description);
      this.#socket.end();
    } else if (event.type === 'status' && event.level === 'error') {
      this.#lastError = new PublishRefused(event.code, event.description);
    }
  }

  #flush(): void {
    if (this.#socket.connecting || this.#socket.destroyed) return;
    const output = this.#session.takeOutput();
    if (output) this.#socket.write(output);
  }
}

function openSocket({ host, port, tls }: PublishTarget, opened: () => void): Socket {
  if (!tls) return connect({ host, port, noDelay: true }, opened);
  const socket = connectTls({ ...tls, host, port }, opened);
  socket.setNoDelay(true);
  return socket;
}
