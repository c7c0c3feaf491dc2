import { connect, type Socket } from 'node:net';
import type { ByteSink } from './byte-sink.ts';
import { FlvScanner } from './flv-scanner.ts';
import { HttpBody } from './http-body.ts';
import { type LoadState, MediaCheck } from './media-check.ts';
import { monotonicUs } from './monotonic-us.ts';
import { PlayClient, playGreeting } from './play-client.ts';
import { WebSocketBody } from './websocket-body.ts';

export type Transport = 'http' | 'ws' | 'rtmp';

/** `slow` takes 16 KB/s, `stopped` takes nothing after its first keyframe. */
export type Pace = 'steady' | 'slow' | 'stopped';

export interface ViewerTarget {
  readonly transport: Transport;
  readonly host: string;
  readonly httpPort: number;
  readonly rtmpPort: number;
  /** For example `live/bench`. */
  readonly stream: string;
}

const SLOW_READ_BYTES = 4096;
const SLOW_EVERY_MS = 250;
const STALL_US = 1_000_000;
const READ_BYTES = 256 * 1024;
/** A pong without a payload, masked with zeros as a client must (RFC 6455 section 5.3). */
const pong = Uint8Array.of(0x8a, 0x80, 0, 0, 0, 0);

/** All sockets of a thread read into this one array: what comes is looked at before the next read. */
const readBuffer = new Uint8Array(READ_BYTES);

/** One viewer on one raw socket. */
export class Viewer {
  readonly pace: Pace;
  readonly check: MediaCheck;
  readonly openedUs = monotonicUs();
  bytes = 0;
  reads = 0;
  stalled = false;
  /** What went wrong, if something did: refused, closed early, or bytes that are not what they should be. */
  failure: string | undefined;
  isMalformed = false;
  readonly #load: LoadState;
  readonly #socket: Socket;
  readonly #sink: ByteSink;
  #lastReadUs = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(target: ViewerTarget, pace: Pace, load: LoadState) {
    this.pace = pace;
    this.#load = load;
    this.check = new MediaCheck(load, this.openedUs, pace === 'steady');
    this.#sink = this.#makeSink(target);
    const { transport, host, httpPort, rtmpPort } = target;
    const buffer = pace === 'slow' ? new Uint8Array(SLOW_READ_BYTES) : readBuffer;
    this.#socket = connect({
      host,
      port: transport === 'rtmp' ? rtmpPort : httpPort,
      noDelay: true,
      onread: { buffer, callback: (length, bytes) => this.#read(bytes, length) },
    });
    this.#socket.write(greeting(target));
    this.#socket.on('error', (error) => this.#fail(error.message));
    this.#socket.on('close', () => this.#fail('closed'));
  }

  /** True when media came and the line is up. */
  get watching(): boolean {
    return this.check.firstKeyframeUs > 0 && this.failure === undefined;
  }

  /** Figures count from now on. */
  beginWindow(nowUs: number): void {
    this.bytes = 0;
    this.reads = 0;
    this.stalled = false;
    this.#lastReadUs = nowUs;
  }

  endWindow(nowUs: number): void {
    if (nowUs - this.#lastReadUs > STALL_US) this.stalled = true;
  }

  /** Resets the line, so that no port waits for stray packets before the next run. */
  close(): void {
    this.#closing = true;
    clearInterval(this.#timer);
    this.#socket.resetAndDestroy();
  }

  #makeSink(target: ViewerTarget): ByteSink {
    const write = (bytes: Uint8Array) => {
      this.#socket.write(bytes);
    };
    if (target.transport === 'rtmp') {
      const [app = '', name = ''] = target.stream.split('/');
      return new PlayClient({ host: target.host, port: target.rtmpPort, app, name }, this.check, write);
    }
    const flv = new FlvScanner(this.check);
    if (target.transport === 'http') return new HttpBody(200, () => flv);
    return new HttpBody(101, () => new WebSocketBody(flv, () => write(pong)));
  }

  /** False stops the socket from reading on. */
  #read(bytes: Uint8Array, length: number): boolean {
    const nowUs = monotonicUs();
    this.#load.nowUs = nowUs;
    this.bytes += length;
    this.reads++;
    if (this.#load.measuring && nowUs - this.#lastReadUs > STALL_US) this.stalled = true;
    this.#lastReadUs = nowUs;
    const error = this.#sink.push(bytes, 0, length);
    if (error !== undefined) {
      this.isMalformed = !/^(HTTP status|refused|the WebSocket was closed)/.test(error);
      this.#fail(error);
      this.close();
      return false;
    }
    if (this.pace === 'steady' || this.check.firstKeyframeUs === 0) return true;
    if (this.pace === 'slow') this.#timer ??= setInterval(() => this.#socket.resume(), SLOW_EVERY_MS);
    return false;
  }

  #fail(sentence: string): void {
    if (!this.#closing) this.failure ??= sentence;
    clearInterval(this.#timer);
  }
}

function greeting({ transport, host, httpPort, stream }: ViewerTarget): Uint8Array | string {
  if (transport === 'rtmp') return playGreeting;
  const request = `GET /${stream}.flv HTTP/1.1\r\nHost: ${host}:${httpPort}\r\n`;
  if (transport === 'http') return `${request}\r\n`;
  // The key is the specification's example; nobody here checks the answer to it.
  return `${request}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
}
