// RTMP 1.0 section 5.4: protocol control messages 1, 2, 3, 5 and 6. Message stream 0, chunk stream 2; clients that
// use others are understood (some cameras send them on csid 3 to 6). Surplus bytes are ignored.

import { ByteReader } from '../../shared/bytes/byte-reader.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { messageType, type RtmpMessage } from './message.ts';

/** A message cannot be longer, so neither can a chunk (5.4.1). */
export const MAX_CHUNK_SIZE = 0xffffff;

export const limitType = { hard: 0, soft: 1, dynamic: 2 } as const;

export type ControlMessage =
  | { readonly name: 'set-chunk-size'; readonly size: number }
  | { readonly name: 'abort'; readonly chunkStreamId: number }
  | { readonly name: 'acknowledgement'; readonly bytes: number }
  | { readonly name: 'window-ack-size'; readonly size: number }
  | { readonly name: 'set-peer-bandwidth'; readonly size: number; readonly limitType: number };

/** The value of a message of type 1, 2, 3, 5 or 6; `undefined` for every other type. */
export function decodeControlMessage(message: RtmpMessage): ControlMessage | undefined {
  const { body } = message;
  switch (message.typeId) {
    case messageType.setChunkSize:
      return { name: 'set-chunk-size', size: decodeSetChunkSize(body) };
    case messageType.abort:
      return { name: 'abort', chunkStreamId: decodeAbort(body) };
    case messageType.acknowledgement:
      return { name: 'acknowledgement', bytes: new ByteReader(body).u32() };
    case messageType.windowAckSize:
      return { name: 'window-ack-size', size: new ByteReader(body).u32() };
    case messageType.setPeerBandwidth: {
      const reader = new ByteReader(body);
      return { name: 'set-peer-bandwidth', size: reader.u32(), limitType: reader.u8() };
    }
    default:
      return undefined;
  }
}

/** 5.4.1: 31 bits, at least 1. More than a message can hold means the same as that. */
export function decodeSetChunkSize(body: Uint8Array): number {
  const size = new ByteReader(body).u32();
  if (size === 0 || size > 0x7fffffff) {
    const turned = new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true);
    const guess =
      turned > 0 && turned <= 0xffff ? `; with its bytes the other way round it would be ${turned}` : '';
    throw new ProtocolError(
      'bad-chunk-size',
      `Set Chunk Size of ${size} (RTMP 5.4.1 allows 1 to 2147483647${guess})`,
    );
  }
  return Math.min(size, MAX_CHUNK_SIZE);
}

/** 5.4.2: the chunk stream whose unfinished message is given up. */
export function decodeAbort(body: Uint8Array): number {
  return new ByteReader(body).u32();
}

/** Type id and body of a control message. */
export function encodeControlMessage(message: ControlMessage): { typeId: number; body: Uint8Array } {
  const writer = new ByteWriter(8);
  switch (message.name) {
    case 'set-chunk-size':
      return { typeId: messageType.setChunkSize, body: writer.u32(message.size).finish() };
    case 'abort':
      return { typeId: messageType.abort, body: writer.u32(message.chunkStreamId).finish() };
    case 'acknowledgement':
      return { typeId: messageType.acknowledgement, body: writer.u32(message.bytes).finish() };
    case 'window-ack-size':
      return { typeId: messageType.windowAckSize, body: writer.u32(message.size).finish() };
    case 'set-peer-bandwidth':
      return {
        typeId: messageType.setPeerBandwidth,
        body: writer.u32(message.size).u8(message.limitType).finish(),
      };
    default:
      return message satisfies never;
  }
}
