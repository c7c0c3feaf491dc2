// RTMP 1.0 section 5.3, written.

import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { messageType } from './message.ts';

const EXTENDED = 0xffffff;

/**
 * The chunk streams we send on. Shared media has its own three: it is always written with full headers, so it must not
 * meet a chunk stream whose headers are compressed per connection.
 */
export const chunkStreamId = {
  control: 2,
  connection: 3,
  data: 4,
  stream: 5,
  audio: 6,
  video: 7,
} as const;

export interface OutgoingMessage {
  readonly chunkStreamId: number;
  readonly typeId: number;
  readonly timestamp: number;
  readonly messageStreamId: number;
  readonly body: Uint8Array;
}

interface LastHeader {
  timestamp: number;
  /** -1 after a type 0 header: receivers disagree about what a type 3 chunk then adds, so none is sent. */
  delta: number;
  length: number;
  typeId: number;
  messageStreamId: number;
}

/** Cuts messages into chunks, with header compression: for one connection, since the receiver must see every header. */
export class ChunkWriter {
  /** The size that the peer has been told. Set it right after the Set Chunk Size message was written. */
  chunkSize = 128;
  readonly #last = new Map<number, LastHeader>();

  /** Appends the chunks of a message. */
  write(out: ByteWriter, message: OutgoingMessage): void {
    const { body, typeId, messageStreamId, chunkStreamId: id } = message;
    checkLength(body);
    const timestamp = message.timestamp >>> 0;
    const last = this.#last.get(id);
    let fmt = 0;
    let delta = -1;
    if (
      last !== undefined &&
      last.messageStreamId === messageStreamId &&
      (timestamp - last.timestamp) >> 0 >= 0
    ) {
      delta = (timestamp - last.timestamp) >>> 0;
      fmt =
        last.length !== body.length || last.typeId !== typeId
          ? 1
          : last.delta !== delta || delta >= EXTENDED
            ? 2
            : 3;
    }
    const value = fmt === 0 ? timestamp : delta;
    const extended = value >= EXTENDED;
    writeBasicHeader(out, fmt, id);
    if (fmt < 3) out.u24(extended ? EXTENDED : value);
    if (fmt < 2) out.u24(body.length).u8(typeId);
    if (fmt < 1) out.u32le(messageStreamId);
    if (extended) out.u32(value);
    writePayload(out, body, this.chunkSize, id, extended ? value : undefined);
    this.#last.set(id, { timestamp, delta, length: body.length, typeId, messageStreamId });
  }
}

/** What a message of shared playback is made of. */
export interface SharedMessage {
  readonly kind: 'audio' | 'video' | 'data';
  readonly timestampMs: number;
  readonly body: Uint8Array;
  readonly messageStreamId: number;
  readonly chunkSize: number;
}

/**
 * The chunks of a media message for every player that has the same chunk size and message stream id: always a full
 * header and then type 3 continuations, so the bytes do not depend on what was sent before.
 */
export function encodeSharedChunks(message: SharedMessage): Uint8Array {
  const { body, chunkSize, messageStreamId } = message;
  checkLength(body);
  const { id, typeId } = sharedKinds[message.kind];
  const timestamp = message.timestampMs >>> 0;
  const extended = timestamp >= EXTENDED;
  const continuations = body.length === 0 ? 0 : Math.ceil(body.length / chunkSize) - 1;
  const extra = extended ? 4 : 0;
  const out = new ByteWriter(12 + extra + body.length + continuations * (1 + extra));
  writeBasicHeader(out, 0, id);
  out
    .u24(extended ? EXTENDED : timestamp)
    .u24(body.length)
    .u8(typeId)
    .u32le(messageStreamId);
  if (extended) out.u32(timestamp);
  writePayload(out, body, chunkSize, id, extended ? timestamp : undefined);
  return out.finish();
}

const sharedKinds = {
  audio: { id: chunkStreamId.audio, typeId: messageType.audio },
  video: { id: chunkStreamId.video, typeId: messageType.video },
  data: { id: chunkStreamId.data, typeId: messageType.dataAmf0 },
} as const;

/** 24 bits say how long a message is. A longer one would be our own mistake, and the peer would read nonsense after it. */
function checkLength({ length }: Uint8Array): void {
  if (length > 0xffffff) throw new Error(`a message of ${length} bytes`);
}

/** 5.3.1.1: one byte up to 63, two up to 319, else three with the low byte first. */
export function writeBasicHeader(out: ByteWriter, fmt: number, id: number): void {
  if (id < 2 || id > 65599) throw new Error(`chunk stream id ${id} does not exist`);
  const top = fmt << 6;
  if (id < 64) out.u8(top | id);
  else if (id < 320) out.u8(top).u8(id - 64);
  else
    out
      .u8(top | 1)
      .u8((id - 64) & 0xff)
      .u8((id - 64) >> 8);
}

/** 5.3.1.3: an extended timestamp is repeated after the header of every continuation. */
function writePayload(
  out: ByteWriter,
  body: Uint8Array,
  chunkSize: number,
  id: number,
  extendedValue: number | undefined,
): void {
  if (body.length <= chunkSize) {
    out.bytes(body);
    return;
  }
  out.bytes(body.subarray(0, chunkSize));
  for (let at = chunkSize; at < body.length; at += chunkSize) {
    writeBasicHeader(out, 3, id);
    if (extendedValue !== undefined) out.u32(extendedValue);
    out.bytes(body.subarray(at, Math.min(at + chunkSize, body.length)));
  }
}
