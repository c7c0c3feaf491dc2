import type { Socket } from 'node:net';
import type { EndReason, Sink, ViewerNews } from '../hub/sink.ts';
import { writeParts } from './socket-writer.ts';

/** What the hub has to say, for whoever puts it into the words of RTMP. */
export interface PlayerSinkEvents {
  news(news: ViewerNews): void;
  end(reason: EndReason): void;
}

/** A player over RTMP: shared chunks go to the socket, between whole messages of the session. */
export class RtmpPlayerSink implements Sink {
  readonly #socket: Socket;
  readonly #on: PlayerSinkEvents;

  constructor(socket: Socket, on: PlayerSinkEvents) {
    this.#socket = socket;
    this.#on = on;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  write(parts: readonly Uint8Array[]): void {
    writeParts(this.#socket, parts);
  }

  tell(news: ViewerNews): void {
    this.#on.news(news);
  }

  end(reason: EndReason): void {
    this.#on.end(reason);
  }
}
