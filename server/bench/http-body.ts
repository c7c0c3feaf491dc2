import type { ByteSink } from './byte-sink.ts';

const MAX_HEAD = 8192;

/** The head of an HTTP answer, then its body, handed on without a copy: as it is, or out of chunks (RFC 9112 section 7.1). */
export class HttpBody implements ByteSink {
  readonly #status: number;
  readonly #makeBody: () => ByteSink;
  #head = '';
  #body: ByteSink | undefined;

  /** `status` is the one that is wanted. */
  constructor(status: number, makeBody: () => ByteSink) {
    this.#status = status;
    this.#makeBody = makeBody;
  }

  push(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (this.#body) return this.#body.push(bytes, start, end);
    for (let at = start; at < end; at++) {
      this.#head += String.fromCharCode(bytes[at]!);
      if (this.#head.endsWith('\r\n\r\n')) return this.#begin(bytes, at + 1, end);
    }
    return this.#head.length > MAX_HEAD ? 'the answer has no end of its head' : undefined;
  }

  #begin(bytes: Uint8Array, at: number, end: number): string | undefined {
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(this.#head)?.[1]);
    if (status !== this.#status) return `HTTP status ${status}`;
    const chunked = /^transfer-encoding: *chunked/im.test(this.#head);
    const body = this.#makeBody();
    this.#body = chunked ? new ChunkedBody(body) : body;
    this.#head = '';
    return this.#body.push(bytes, at, end);
  }
}

class ChunkedBody implements ByteSink {
  readonly #body: ByteSink;
  #left = 0;
  #size = 0;
  /** Of a size line, once its digits are over; of the line end behind a chunk. */
  #skipLine = false;
  #lineEnd = 0;

  constructor(body: ByteSink) {
    this.#body = body;
  }

  push(bytes: Uint8Array, start: number, end: number): string | undefined {
    let at = start;
    while (at < end) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, end - at);
        const error = this.#body.push(bytes, at, at + step);
        if (error !== undefined) return error;
        at += step;
        this.#left -= step;
        if (this.#left === 0) this.#lineEnd = 2;
      } else if (this.#lineEnd > 0) {
        this.#lineEnd--;
        at++;
      } else if (this.#takeSizeByte(bytes[at++]!)) {
        return 'the chunked body ended';
      }
    }
    return undefined;
  }

  /** True at the chunk that ends the body. */
  #takeSizeByte(byte: number): boolean {
    if (byte === 0x0a) {
      this.#left = this.#size;
      this.#size = 0;
      this.#skipLine = false;
      return this.#left === 0;
    }
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) this.#skipLine = true;
    else if (!this.#skipLine) this.#size = this.#size * 16 + digit;
    return false;
  }
}
