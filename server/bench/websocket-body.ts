import type { ByteSink } from './byte-sink.ts';
import { readU32 } from './frame-mark.ts';

// RFC 6455 section 5.2, frames of a server: never masked.

const MAX_HEADER = 10;
const PING = 9;
const CLOSE = 8;

/** Takes the payload of binary messages out of their frames. */
export class WebSocketBody implements ByteSink {
  readonly #body: ByteSink;
  readonly #onPing: () => void;
  readonly #header = new Uint8Array(MAX_HEADER);
  #held = 0;
  #left = 0;
  #isMedia = false;

  constructor(body: ByteSink, onPing: () => void) {
    this.#body = body;
    this.#onPing = onPing;
  }

  push(bytes: Uint8Array, start: number, end: number): string | undefined {
    let at = start;
    while (at < end) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, end - at);
        const error = this.#isMedia ? this.#body.push(bytes, at, at + step) : undefined;
        if (error !== undefined) return error;
        at += step;
        this.#left -= step;
        continue;
      }
      this.#header[this.#held++] = bytes[at++]!;
      if (this.#held < 2 || this.#held < headerBytes(this.#header[1]!)) continue;
      this.#held = 0;
      const error = this.#beginFrame();
      if (error !== undefined) return error;
    }
    return undefined;
  }

  #beginFrame(): string | undefined {
    const short = this.#header[1]!;
    if (short > 127) return 'a masked frame from a server';
    if (short < 126) this.#left = short;
    else if (short === 126) this.#left = readU32(this.#header, 0) & 0xffff;
    else this.#left = readU32(this.#header, 2) * 0x1_0000_0000 + readU32(this.#header, 6);
    const opcode = this.#header[0]! & 0x0f;
    if (opcode === CLOSE) return 'the WebSocket was closed';
    if (opcode === PING) this.#onPing();
    this.#isMedia = opcode <= 2;
    return undefined;
  }
}

const headerBytes = (short: number): number => (short === 127 ? 10 : short === 126 ? 4 : 2);
