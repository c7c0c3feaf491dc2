import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { cutsOff, type EndReason, type Sink } from '../../hub/sink.ts';
import { writeParts } from '../socket-writer.ts';
import { unsentBytes } from '../unsent-bytes.ts';

/** Close codes of RFC 6455 section 7.4.1 for each reason. */
const closeCodes: Record<EndReason, number> = {
  'stream-ended': 1000,
  'played-out': 1000,
  'tracks-changed': 1000,
  'nothing-to-play': 1013,
  kicked: 1008,
  draining: 1001,
  'too-slow': 1013,
  overloaded: 1013,
  disconnected: 1001,
};

/**
 * A viewer over WebSocket. Media arrives framed already (a server's frames carry no mask, so one framed batch
 * serves everybody) and goes to the socket under the WebSocket; the library handles pings, close and what the viewer sends.
 */
export class WsFlvSink implements Sink {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;

  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get unsentBytes(): number {
    return unsentBytes(this.#socket);
  }

  write(parts: readonly Uint8Array[]): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) writeParts(this.#socket, parts);
  }

  end(reason: EndReason): void {
    if (cutsOff(reason)) this.#webSocket.terminate();
    else this.#webSocket.close(closeCodes[reason], reason);
  }
}
