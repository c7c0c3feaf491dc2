import type { Socket } from 'node:net';
import { cutsOff, type EndReason, type Sink } from '../../hub/sink.ts';
import { endGently, writeParts } from '../socket-writer.ts';
import { unsentBytes } from '../unsent-bytes.ts';

/** The response head of an FLV stream. The body has no length: it ends when the connection does. */
export const flvHeaders: Readonly<Record<string, string>> = {
  'content-type': 'video/x-flv',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
  connection: 'close',
};

function responseHead(): Uint8Array {
  const lines = Object.entries(flvHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 200 OK\r\ndate: ${new Date().toUTCString()}\r\n${lines.join('')}\r\n`);
}

export interface HttpFlvSinkEvents {
  /** Nothing has been written yet, so there is room for an honest answer. */
  endedBeforeStart(reason: EndReason): void;
  /** What the stream closes with, if anything. */
  lastBytes?(reason: EndReason): Uint8Array;
}

/**
 * A viewer over HTTP. Bytes go to the socket itself: Node's response stream would add a chunk header to each write
 * and a third to the cost of it. The head goes out with the first bytes, so a stream that ends
 * before it could start is still an honest error and never an empty 200.
 */
export class HttpFlvSink implements Sink {
  readonly #socket: Socket;
  readonly #on: HttpFlvSinkEvents;
  #started = false;

  constructor(socket: Socket, on: HttpFlvSinkEvents) {
    this.#socket = socket;
    this.#on = on;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get unsentBytes(): number {
    return unsentBytes(this.#socket);
  }

  write(parts: readonly Uint8Array[]): void {
    if (this.#started) {
      writeParts(this.#socket, parts);
      return;
    }
    this.#started = true;
    writeParts(this.#socket, [responseHead(), ...parts]);
  }

  end(reason: EndReason): void {
    if (!this.#started) {
      this.#on.endedBeforeStart(reason);
    } else if (cutsOff(reason)) {
      this.#socket.destroy();
    } else {
      const lastBytes = this.#on.lastBytes?.(reason);
      if (lastBytes) writeParts(this.#socket, [lastBytes]);
      endGently(this.#socket);
    }
  }
}
