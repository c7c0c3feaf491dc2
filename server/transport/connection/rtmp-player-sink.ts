import type { EndReason, Sink, ViewerNews } from '../../hub/sink.ts';
import type { RtmpOutput } from './rtmp-output.ts';

/** What the hub has to say, for whoever puts it into the words of RTMP. */
export interface PlayerSinkEvents {
  news(news: ViewerNews): void;
  end(reason: EndReason): void;
}

/** A player over RTMP: shared chunks go out between messages of the session. */
export class RtmpPlayerSink implements Sink {
  readonly #output: RtmpOutput;
  readonly #chunkSize: number;
  readonly #on: PlayerSinkEvents;

  /** `chunkSize`: that of the shared chunks. */
  constructor(output: RtmpOutput, chunkSize: number, on: PlayerSinkEvents) {
    this.#output = output;
    this.#chunkSize = chunkSize;
    this.#on = on;
  }

  get bufferedBytes(): number {
    return this.#output.bufferedBytes;
  }

  /** Exact enough: the output hands the socket some chunks at a time. */
  get unsentBytes(): number {
    return this.#output.bufferedBytes;
  }

  write(parts: readonly Uint8Array[]): void {
    this.#output.media(parts, this.#chunkSize);
  }

  tell(news: ViewerNews): void {
    this.#on.news(news);
  }

  end(reason: EndReason): void {
    this.#on.end(reason);
  }
}
