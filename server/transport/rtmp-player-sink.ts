import type { Socket } from 'node:net';
import type { EndReason, Sink } from '../hub/sink.ts';
import { writeParts } from './socket-writer.ts';

/** A player over RTMP: shared chunks go to the socket, between whole messages of the session. */
export class RtmpPlayerSink implements Sink {
  readonly #socket: Socket;
  readonly #onEnd: (reason: EndReason) => void;

  constructor(socket: Socket, onEnd: (reason: EndReason) => void) {
    this.#socket = socket;
    this.#onEnd = onEnd;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  write(parts: readonly Uint8Array[]): void {
    writeParts(this.#socket, parts);
  }

  end(reason: EndReason): void {
    this.#onEnd(reason);
  }
}
