import type { Socket } from 'node:net';
import { ChunkScheduler } from '../../output/chunk-scheduler.ts';
import { chunkTable } from '../../output/chunk-table.ts';
import { endGently, writeParts } from '../socket-writer.ts';

/** What the socket may hold before the order of the rest is decided here: about a chunk of ours. */
const HIGH_WATER = 64 * 1024;

/**
 * All that goes out on an RTMP connection. While the socket takes what it gets, bytes go straight to it. When it does not,
 * they wait here and are handed over chunk by chunk, the urgent ones first.
 */
export class RtmpOutput {
  readonly #socket: Socket;
  readonly #waiting = new ChunkScheduler();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#feed());
    socket.once('close', () => this.#waiting.clear());
  }

  /** What was written and the kernel has not taken. */
  get bufferedBytes(): number {
    return this.#socket.writableLength + this.#waiting.bytes;
  }

  /** Messages of the session. `inOrder`: media before them must be sent first, because they speak of it. */
  reply(bytes: Uint8Array, { inOrder }: { inOrder: boolean }): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#waiting.bytes === 0) this.#socket.write(bytes);
    else if (inOrder) this.#waiting.addControlBehind(bytes);
    else this.#waiting.addControl(bytes);
  }

  /** Shared chunks. */
  media(parts: readonly Uint8Array[], chunkSize: number): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    let bytes = this.#waiting.bytes === 0 ? this.#socket.writableLength : Number.POSITIVE_INFINITY;
    for (const part of parts) bytes += part.length;
    if (bytes <= HIGH_WATER) {
      writeParts(this.#socket, parts);
      return;
    }
    for (const part of parts) {
      const sent = this.#waiting.bytes === 0 ? this.#writeWhatFits(part, chunkSize) : 0;
      if (sent < part.length) this.#waiting.addMedia(part, chunkSize, sent);
    }
  }

  /** Sends what waits, in any order that is legal, then closes. */
  end(): void {
    for (let chunk = this.#waiting.next(); chunk; chunk = this.#waiting.next()) this.#socket.write(chunk);
    endGently(this.#socket);
  }

  /** Writes whole chunks in their order until the socket holds enough. Gives where the rest begins. */
  #writeWhatFits(part: Uint8Array, chunkSize: number): number {
    let at = 0;
    let upTo = 0;
    for (const { ends } of chunkTable(part, chunkSize)) {
      for (const end of ends) {
        if (this.#socket.writableLength >= HIGH_WATER) return at;
        if (end - at > HIGH_WATER && upTo > at) {
          this.#socket.write(part.subarray(at, upTo));
          at = upTo;
        }
        upTo = end;
      }
    }
    if (this.#socket.writableLength >= HIGH_WATER) return at;
    this.#socket.write(part.subarray(at));
    return part.length;
  }

  #feed(): void {
    const socket = this.#socket;
    if (this.#waiting.bytes === 0 || socket.destroyed) return;
    socket.cork();
    while (socket.writableLength < HIGH_WATER) {
      const chunk = this.#waiting.next();
      if (!chunk) break;
      socket.write(chunk);
    }
    socket.uncork();
  }
}
