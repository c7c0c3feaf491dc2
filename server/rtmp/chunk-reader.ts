// RTMP 1.0 section 5.3: the chunk stream, read. This is the hot path of every publisher.

import { ProtocolError, type ProtocolErrorCode } from '../../shared/bytes/protocol-error.ts';
import { joinTwo, matchesU32, noBytes, readU32 } from './chunk-bytes.ts';
import { ChunkCutWatch } from './chunk-size-evidence.ts';
import { type ChunkStream, ChunkStreams } from './chunk-stream.ts';
import { decodeAbort, decodeSetChunkSize } from './control-message.ts';
import { hexAround } from './hex-around.ts';
import { defaultRtmpLimits, lengthLimit, lengthLimitName, limitOf, type RtmpLimits } from './limits.ts';
import { messageType, type RtmpMessage } from './message.ts';
import { MessageMemory } from './message-memory.ts';
import { headOf, type RtmpDiagnostic, RtmpProtocolError } from './rtmp-protocol-error.ts';

const MAX_HEADER = 3 + 11 + 4;
const EXTENDED = 0xffffff;
const HEADER_BYTES = [11, 7, 3, 0] as const;

/** What the reader has counted. */
export interface ChunkCounters {
  readonly chunksByFmt: number[];
  messages: number;
  messagesStartedByType3: number;
  /** Messages of which only a part came: another began on their chunk stream, or an Abort named them. */
  abandonedMessages: number;
}

/**
 * Puts messages together from chunks. Feed bytes in any fragments, then call `next` until it gives `undefined`; only
 * then may the fed array change. The body of a message lies in that array or in memory that the next message gets: copy
 * what is to outlive the next call. Set Chunk Size and Abort take effect here, before the next chunk is read, and are
 * handed out like every message. After a `ProtocolError` the stream cannot be resynchronised: stop using the reader.
 */
export class ChunkReader {
  readonly counters: ChunkCounters = {
    chunksByFmt: [0, 0, 0, 0],
    messages: 0,
    messagesStartedByType3: 0,
    abandonedMessages: 0,
  };
  readonly #limits: RtmpLimits;
  #chunkSize = 128;
  readonly #cuts = new ChunkCutWatch();
  #streams = new ChunkStreams();

  #input: Uint8Array = noBytes;
  #at = 0;
  /** Offset in the connection of the first byte of `#input`. */
  #inputOffset: number;
  /** The beginning of a header whose rest has not arrived. */
  readonly #carry = new Uint8Array(MAX_HEADER);
  #carryLength = 0;

  /** The chunk stream whose payload comes next, and how much of the chunk is missing. */
  #current: ChunkStream | undefined;
  #chunkLeft = 0;
  readonly #memory: MessageMemory;
  #lastMessage: RtmpMessage | undefined;

  /** `inputOffset`: how many bytes of the connection came before the first chunk, for diagnostics. */
  constructor(limits: RtmpLimits = defaultRtmpLimits, inputOffset = 0) {
    this.#limits = limits;
    this.#memory = new MessageMemory(limits.maxPartialBytes);
    this.#inputOffset = inputOffset;
  }

  /** The sender's current chunk size. */
  get chunkSize(): number {
    return this.#chunkSize;
  }

  /** Memory held by messages that are not whole. */
  get partialBytes(): number {
    return this.#memory.bytes;
  }

  /** Lets go of everything that is not whole; nothing may be fed after it. */
  close(): void {
    this.#streams = new ChunkStreams();
    this.#current = undefined;
    this.#memory.clear();
    this.#input = noBytes;
    this.#at = 0;
  }

  feed(bytes: Uint8Array): void {
    // A Node Buffer is viewed as what it extends: its slice would share memory instead of copying.
    const plain =
      bytes.constructor === Uint8Array
        ? bytes
        : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#at < this.#input.length) {
      this.#replaceInput(joinTwo(this.#input.subarray(this.#at), plain), this.#inputOffset + this.#at);
    } else {
      this.#replaceInput(plain, this.#inputOffset + this.#input.length);
    }
  }

  /** The next whole message, or `undefined` when more bytes are needed. */
  next(): RtmpMessage | undefined {
    this.#memory.reclaim();
    for (;;) {
      if (this.#current === undefined && !this.#readHeader()) return this.#starved();
      const message = this.#readPayload();
      if (message !== undefined) return message;
      if (this.#current !== undefined) return this.#starved();
    }
  }

  /** Lets go of the fed array, all of which has been read. */
  #starved(): undefined {
    this.#replaceInput(noBytes, this.#inputOffset + this.#input.length);
    return undefined;
  }

  #replaceInput(bytes: Uint8Array, offset: number): void {
    this.#input = bytes;
    this.#inputOffset = offset;
    this.#at = 0;
  }

  /** False: the header is not all there; what there is of it has been put aside. */
  #readHeader(): boolean {
    const input = this.#input;
    const held = this.#carryLength;
    if (held > 0) return this.#readCarriedHeader(held);
    const size = this.#parseHeader(input, this.#at, input.length);
    if (size > 0) {
      this.#at += size;
      return true;
    }
    for (let i = this.#at; i < input.length; i++) this.#carry[this.#carryLength++] = input[i]!;
    this.#at = input.length;
    return false;
  }

  #readCarriedHeader(held: number): boolean {
    const input = this.#input;
    const fill = Math.min(MAX_HEADER - held, input.length - this.#at);
    for (let i = 0; i < fill; i++) this.#carry[held + i] = input[this.#at + i]!;
    const size = this.#parseHeader(this.#carry, 0, held + fill);
    if (size === 0) {
      this.#carryLength = held + fill;
      this.#at += fill;
      return false;
    }
    this.#carryLength = 0;
    if (size >= held) {
      this.#at += size - held;
    } else {
      // What looked like the start of a repeated extended timestamp was payload.
      const offset = this.#inputOffset + this.#at - (held - size);
      this.#replaceInput(joinTwo(this.#carry.slice(size, held), input.subarray(this.#at)), offset);
    }
    return true;
  }

  /**
   * Reads one chunk header and makes its chunk stream current. Gives the header's size, 0 when bytes are missing; then
   * nothing has changed.
   */
  #parseHeader(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return 0;
    const first = bytes[start]!;
    const fmt = first >> 6;
    let id = first & 0x3f;
    let at = start + 1;
    if (id === 0) {
      if (at + 1 > end) return 0;
      id = 64 + bytes[at]!;
      at += 1;
    } else if (id === 1) {
      if (at + 2 > end) return 0;
      id = 64 + bytes[at]! + 256 * bytes[at + 1]!;
      at += 2;
    }
    const stream = this.#streams.get(id);
    if (fmt === 3) {
      if (stream === undefined) throw this.#headerError('first chunk is of type 3', fmt, id);
      return this.#parseType3(stream, bytes, at, end, start);
    }
    const headerEnd = at + HEADER_BYTES[fmt]!;
    if (headerEnd > end) return 0;
    const field = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    const extended = field === EXTENDED;
    if (extended && headerEnd + 4 > end) return 0;
    const value = extended ? readU32(bytes, headerEnd) : field;
    const target = this.#openForHeader(stream, id, fmt);
    this.counters.chunksByFmt[fmt]! += 1;
    this.#applyHeader(target, fmt, value, bytes, at);
    target.extended = extended;
    target.extendedValue = value;
    this.#beginMessage(target);
    return headerEnd + (extended ? 4 : 0) - start;
  }

  /** The chunk stream that a header of type 0, 1 or 2 speaks of, ready for a new message. */
  #openForHeader(stream: ChunkStream | undefined, id: number, fmt: number): ChunkStream {
    if (stream === undefined) {
      // librtmp starts csid 2 with a type 1 header (its ping response): stream id and time are then 0.
      if (fmt === 2) throw this.#headerError('first chunk is of type 2', fmt, id);
      if (this.#streams.size >= this.#limits.maxChunkStreams) {
        throw this.#error('too-many', 'too many chunk streams', {
          chunkStreamId: id,
          fmt,
          limit: 'maxChunkStreams',
        });
      }
      return this.#streams.create(id);
    }
    if (stream.inMessage) {
      if (fmt !== 0) throw this.#headerError('a new header inside a message', fmt, id, stream);
      this.#abandon(stream);
    }
    return stream;
  }

  #applyHeader(stream: ChunkStream, fmt: number, value: number, bytes: Uint8Array, at: number): void {
    stream.timestamp = fmt === 0 ? value : (stream.timestamp + value) >>> 0;
    stream.delta = value;
    if (fmt === 2) return;
    const length = (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!;
    const typeId = bytes[at + 6]!;
    if (length > lengthLimit(this.#limits, typeId)) {
      const where = { chunkStreamId: stream.id, fmt, typeId, length, limit: lengthLimitName(typeId) };
      throw this.#error('too-large', 'the message is longer than its type may be', where);
    }
    stream.length = length;
    stream.typeId = typeId;
    if (fmt === 0) {
      stream.messageStreamId =
        (bytes[at + 7]! | (bytes[at + 8]! << 8) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 24)) >>> 0;
    }
  }

  #parseType3(stream: ChunkStream, bytes: Uint8Array, at: number, end: number, start: number): number {
    let size = at - start;
    if (stream.extended && stream.repeatsExtended) {
      if (stream.inMessage) {
        const repeated = matchesU32(bytes, at, end, stream.extendedValue);
        if (repeated === undefined) return 0;
        // Old FFmpeg, librtmp before 2015 and some hardware encoders do not repeat it: these bytes are payload.
        if (repeated) size += 4;
        else stream.repeatsExtended = false;
      } else {
        if (at + 4 > end) return 0;
        stream.extendedValue = readU32(bytes, at);
        stream.delta = stream.extendedValue;
        size += 4;
      }
    }
    this.counters.chunksByFmt[3]! += 1;
    if (stream.inMessage) {
      this.#beginChunk(stream);
    } else {
      stream.timestamp = (stream.timestamp + stream.delta) >>> 0;
      this.counters.messagesStartedByType3 += 1;
      this.#beginMessage(stream);
    }
    return size;
  }

  #beginMessage(stream: ChunkStream): void {
    stream.inMessage = true;
    stream.received = 0;
    this.#beginChunk(stream);
  }

  #beginChunk(stream: ChunkStream): void {
    this.#current = stream;
    this.#chunkLeft = Math.min(this.#chunkSize, stream.length - stream.received);
  }

  /** Takes what there is of the current chunk. Gives the message when this made it whole. */
  #readPayload(): RtmpMessage | undefined {
    const stream = this.#current!;
    const take = Math.min(this.#chunkLeft, this.#input.length - this.#at);
    const from = this.#at;
    this.#at = from + take;
    this.#chunkLeft -= take;
    if (this.#chunkLeft === 0) this.#current = undefined;

    if (take === stream.length) return this.#complete(stream, this.#input.subarray(from, this.#at));
    const received = stream.received + take;
    if (received > stream.capacity && !this.#memory.grow(stream, received)) {
      const where = { ...describe(stream), limit: 'maxPartialBytes' as const };
      throw this.#error('too-large', 'half-received messages hold too much memory', where);
    }
    if (take > 0) stream.body.set(this.#input.subarray(from, this.#at), stream.received);
    stream.received = received;
    if (received < stream.length) return undefined;
    return this.#complete(stream, this.#memory.finish(stream));
  }

  #complete(stream: ChunkStream, body: Uint8Array): RtmpMessage {
    const message: RtmpMessage = {
      typeId: stream.typeId,
      timestamp: stream.timestamp,
      messageStreamId: stream.messageStreamId,
      chunkStreamId: stream.id,
      body,
    };
    stream.inMessage = false;
    this.counters.messages += 1;
    if (body.length > this.#cuts.formerSize) {
      this.#cuts.sawLong(body, stream.id, this.#chunkSize, this.counters.messages);
    }
    if (message.typeId <= messageType.abort) this.#obey(message);
    this.#lastMessage = message;
    return message;
  }

  #obey(message: RtmpMessage): void {
    try {
      if (message.typeId === messageType.setChunkSize) {
        const former = this.#chunkSize;
        this.#chunkSize = decodeSetChunkSize(message.body);
        this.#cuts.sizeChanged(former, this.#chunkSize);
      }
      if (message.typeId === messageType.abort) {
        const id = decodeAbort(message.body);
        const stream = this.#streams.get(id);
        if (stream?.inMessage) this.#abandon(stream);
      }
    } catch (error) {
      if (error instanceof ProtocolError) throw this.messageError(error, message);
      throw error;
    }
  }

  #abandon(stream: ChunkStream): void {
    this.#memory.release(stream);
    stream.inMessage = false;
    this.counters.abandonedMessages += 1;
  }

  /** Turns an error about the content of a message into one that says where in the connection that message stood. */
  messageError(error: ProtocolError, message: RtmpMessage): RtmpProtocolError {
    if (error instanceof RtmpProtocolError) return error;
    const limit = limitOf(error);
    return new RtmpProtocolError(error.code, error.message, {
      ...this.#diagnostic({
        chunkStreamId: message.chunkStreamId,
        typeId: message.typeId,
        length: message.body.length,
        ...(limit && { limit }),
      }),
      hex: hexAround(message.body, Math.min(error.offset ?? 0, message.body.length), true),
    });
  }

  #headerError(text: string, fmt: number, id: number, stream?: ChunkStream): RtmpProtocolError {
    const known = stream === undefined ? {} : { typeId: stream.typeId, length: stream.length };
    return this.#error('bad-chunk-header', text, { chunkStreamId: id, fmt, ...known });
  }

  #error(code: ProtocolErrorCode, text: string, where: Partial<RtmpDiagnostic>): RtmpProtocolError {
    return new RtmpProtocolError(code, text, this.#diagnostic(where));
  }

  #diagnostic(where: Partial<RtmpDiagnostic>): RtmpDiagnostic {
    const last = this.#lastMessage;
    const carried = this.#carryLength;
    const hex =
      carried > 0
        ? hexAround(joinTwo(this.#carry.subarray(0, carried), this.#input.subarray(this.#at)), 0)
        : hexAround(this.#input, this.#at);
    return {
      inputOffset: this.#inputOffset + this.#at - carried,
      chunkSize: this.#chunkSize,
      ...where,
      ...(last === undefined ? {} : { lastMessage: headOf(last) }),
      chunkSizes: this.#cuts.evidence(this.counters.messages, this.#streams),
      hex,
    };
  }
}

function describe(stream: ChunkStream): Partial<RtmpDiagnostic> {
  return { chunkStreamId: stream.id, typeId: stream.typeId, length: stream.length };
}
