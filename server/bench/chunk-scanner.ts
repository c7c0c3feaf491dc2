import type { ByteSink } from './byte-sink.ts';
import { LEAD_BYTES, readU32 } from './frame-mark.ts';
import type { MediaCheck } from './media-check.ts';

// RTMP 1.0 section 5.3, read without putting messages together: headers are followed, bodies stepped over.

const EXTENDED = 0xffffff;
const MAX_HEADER = 3 + 11 + 4;
const HEADER_BYTES = [11, 7, 3, 0] as const;
/** What is kept of a message that is no media: commands and control messages are shorter. */
const OTHER_LEAD_BYTES = 512;
const SET_CHUNK_SIZE = 1;
const AUDIO = 8;
const VIDEO = 9;

/** What a message other than audio and video begins with; valid during the call only. */
export type OnOtherMessage = (typeId: number, lead: Uint8Array) => void;

class ChunkStreamState {
  readonly lead = new Uint8Array(OTHER_LEAD_BYTES);
  timestamp = 0;
  delta = 0;
  length = 0;
  typeId = 0;
  got = 0;
  extended = false;
}

const isMedia = (typeId: number): boolean => typeId === AUDIO || typeId === VIDEO;

/** Follows the chunks of one RTMP player across pieces and checks each message, without making anything. */
export class ChunkScanner implements ByteSink {
  /** Audio and video messages. */
  messages = 0;
  chunks = 0;
  readonly #check: MediaCheck;
  readonly #onOther: OnOtherMessage;
  readonly #streams: (ChunkStreamState | undefined)[] = [];
  readonly #carry = new Uint8Array(MAX_HEADER);
  #held = 0;
  #chunkSize = 128;
  #current: ChunkStreamState | undefined;
  #chunkLeft = 0;
  #error: string | undefined;

  constructor(check: MediaCheck, onOther: OnOtherMessage) {
    this.#check = check;
    this.#onOther = onOther;
  }

  push(bytes: Uint8Array, start: number, end: number): string | undefined {
    let at = start;
    while (at < end && this.#error === undefined) {
      if (this.#current) at = this.#takePayload(this.#current, bytes, at, end);
      else if (this.#held === 0 && end - at >= MAX_HEADER) {
        const size = this.#headerBytes(bytes, at, MAX_HEADER);
        this.#readHeader(bytes, at);
        at += size;
      } else {
        this.#carry[this.#held++] = bytes[at++]!;
        if (this.#held < this.#headerBytes(this.#carry, 0, this.#held)) continue;
        this.#held = 0;
        this.#readHeader(this.#carry, 0);
      }
    }
    return this.#error;
  }

  /** Bytes of the header at `at`, as far as the `have` bytes of it tell: more than `have` means that some are missing. */
  #headerBytes(bytes: Uint8Array, at: number, have: number): number {
    const base = baseBytes(bytes[at]!);
    if (have < base) return base;
    const fmt = bytes[at]! >> 6;
    const size = base + HEADER_BYTES[fmt]!;
    if (fmt === 3) return size + (this.#streams[chunkStreamId(bytes, at)]?.extended ? 4 : 0);
    if (have < base + 3) return base + 3;
    return readU24(bytes, at + base) === EXTENDED ? size + 4 : size;
  }

  #readHeader(bytes: Uint8Array, start: number): void {
    const fmt = bytes[start]! >> 6;
    const id = chunkStreamId(bytes, start);
    const at = start + baseBytes(bytes[start]!);
    let stream = this.#streams[id];
    if (!stream) {
      if (fmt > 1) {
        this.#error = `chunk stream ${id} begins with a header of type ${fmt}`;
        return;
      }
      stream = this.#streams[id] = new ChunkStreamState();
    }
    if (fmt < 3) this.#applyHeader(stream, fmt, bytes, at);
    else if (stream.got === 0) stream.timestamp = (stream.timestamp + stream.delta) >>> 0;
    if (stream.typeId === 0) {
      this.#error = `a message of type 0 on chunk stream ${id}`;
      return;
    }
    this.chunks++;
    this.#chunkLeft = Math.min(this.#chunkSize, stream.length - stream.got);
    if (this.#chunkLeft > 0) this.#current = stream;
    else this.#messageDone(stream);
  }

  #applyHeader(stream: ChunkStreamState, fmt: number, bytes: Uint8Array, at: number): void {
    const field = readU24(bytes, at);
    stream.extended = field === EXTENDED;
    const value = stream.extended ? readU32(bytes, at + HEADER_BYTES[fmt]!) : field;
    stream.timestamp = fmt === 0 ? value : (stream.timestamp + value) >>> 0;
    stream.delta = fmt === 0 ? 0 : value;
    stream.got = 0;
    if (fmt === 2) return;
    stream.length = readU24(bytes, at + 3);
    stream.typeId = bytes[at + 6]!;
  }

  #takePayload(stream: ChunkStreamState, bytes: Uint8Array, at: number, end: number): number {
    const step = Math.min(this.#chunkLeft, end - at);
    const lead = isMedia(stream.typeId) ? LEAD_BYTES : OTHER_LEAD_BYTES;
    for (let i = 0; stream.got + i < lead && i < step; i++) stream.lead[stream.got + i] = bytes[at + i]!;
    stream.got += step;
    this.#chunkLeft -= step;
    if (this.#chunkLeft === 0) {
      this.#current = undefined;
      if (stream.got === stream.length) this.#messageDone(stream);
    }
    return at + step;
  }

  /** Chunk streams take turns, so a message is looked at when it is whole. */
  #messageDone(stream: ChunkStreamState): void {
    stream.got = 0;
    const { typeId, lead, length } = stream;
    if (isMedia(typeId)) {
      this.messages++;
      this.#check.begin(typeId, stream.timestamp, length, lead, 0);
      this.#check.end();
      return;
    }
    if (typeId === SET_CHUNK_SIZE && length >= 4) this.#chunkSize = readU32(lead, 0) & 0x7fffffff;
    this.#onOther(typeId, lead.subarray(0, Math.min(length, OTHER_LEAD_BYTES)));
  }
}

function baseBytes(first: number): number {
  const low = first & 0x3f;
  return low === 0 ? 2 : low === 1 ? 3 : 1;
}

function chunkStreamId(bytes: Uint8Array, at: number): number {
  const low = bytes[at]! & 0x3f;
  if (low > 1) return low;
  return 64 + bytes[at + 1]! + (low === 1 ? 256 * bytes[at + 2]! : 0);
}

const readU24 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
