import { ByteQueue } from '../bytes/byte-queue.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { decodeFlvHeader, FLV_HEADER_BYTES, type FlvHeader } from './flv-header.ts';
import { decodeFlvTagHeader, FLV_TAG_HEADER_BYTES, type FlvTag, type FlvTagHeader } from './flv-tag.ts';

export interface FlvReaderLimits {
  /** Largest tag body. 8 MiB is what the RTMP side takes for one message. */
  readonly maxBodyBytes: number;
}

/**
 * Reads an FLV stream that arrives in pieces: `push` what came, then call `next` until it gives undefined.
 * The header comes first, then tag after tag; each tag as soon as its body is there.
 */
export class FlvReader {
  /** Tags of unknown or encrypted types that were passed over. */
  skippedTags = 0;
  /** Back pointers that did not match the tag before them. Players do not look at them; a writer should get them right. */
  wrongBackPointers = 0;
  readonly #limits: FlvReaderLimits;
  readonly #queue = new ByteQueue();
  #state: 'header' | 'back-pointer' | 'tag-header' | 'body' = 'header';
  #tag: FlvTagHeader | undefined;
  #bytesBefore = 0;
  #headerPadding = 0;

  constructor(limits: Partial<FlvReaderLimits> = {}) {
    this.#limits = { maxBodyBytes: 8 * 1024 * 1024, ...limits };
  }

  /** True between two tags, so also where a stream may end. Meaningful after `next` gave undefined. */
  get atTagBoundary(): boolean {
    return this.#state === 'tag-header' && this.#queue.length === 0;
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  next(): FlvHeader | FlvTag | undefined {
    if (this.#state === 'header') return this.#readHeader();
    for (;;) {
      if (this.#state === 'back-pointer' && !this.#readBackPointer()) return undefined;
      if (this.#state === 'tag-header' && !this.#readTagHeader()) return undefined;
      const header = this.#tag;
      if (header === undefined) return undefined;
      const body = this.#queue.take(header.bodyBytes);
      if (body === undefined) return undefined;
      this.#state = 'back-pointer';
      this.#bytesBefore = FLV_TAG_HEADER_BYTES + header.bodyBytes;
      if (header.kind !== undefined) return { kind: header.kind, timestampMs: header.timestampMs, body };
      this.skippedTags++;
    }
  }

  #readHeader(): FlvHeader | undefined {
    const bytes = this.#queue.peek(FLV_HEADER_BYTES);
    if (bytes === undefined) return undefined;
    const { kind, audio, video, dataOffset } = decodeFlvHeader(bytes);
    this.#queue.skip(FLV_HEADER_BYTES);
    this.#headerPadding = dataOffset - FLV_HEADER_BYTES;
    this.#state = 'back-pointer';
    return { kind, audio, video };
  }

  #readBackPointer(): boolean {
    const bytes = this.#queue.peek(this.#headerPadding + 4);
    if (bytes === undefined) return false;
    const at = this.#headerPadding;
    const size = bytes[at]! * 2 ** 24 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (size !== this.#bytesBefore) this.wrongBackPointers++;
    this.#queue.skip(bytes.length);
    this.#headerPadding = 0;
    this.#state = 'tag-header';
    return true;
  }

  #readTagHeader(): boolean {
    const bytes = this.#queue.peek(FLV_TAG_HEADER_BYTES);
    if (bytes === undefined) return false;
    const header = decodeFlvTagHeader(bytes);
    if (header.bodyBytes > this.#limits.maxBodyBytes) {
      throw new ProtocolError('too-large', `an FLV tag of ${header.bodyBytes} bytes`);
    }
    this.#queue.skip(FLV_TAG_HEADER_BYTES);
    this.#tag = header;
    this.#state = 'body';
    return true;
  }
}
