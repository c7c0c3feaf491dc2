import { ByteReader } from '../bytes/byte-reader.ts';

// FLV tag, Adobe FLV specification 10.1 section E.4:
//   type u8 | body size u24 | timestamp u24, then its high byte u8 | stream id u24 = 0 | body | 11 + size u32

/** One tag. A media packet is one, too. */
export interface FlvTag {
  readonly kind: FlvTagKind;
  readonly timestampMs: number;
  readonly body: Uint8Array;
}

export type FlvTagKind = 'audio' | 'video' | 'data';

/** The type byte, which is the RTMP message type as well. */
export const flvTagType = { audio: 8, video: 9, data: 18 } as const satisfies Record<FlvTagKind, number>;

export const FLV_TAG_HEADER_BYTES = 11;
/** The largest body that the 24-bit size can tell. */
export const MAX_FLV_BODY_BYTES = 0xffffff;

/** Bytes of a whole tag with its back pointer. */
export const flvTagBytes = (bodyBytes: number): number => FLV_TAG_HEADER_BYTES + bodyBytes + 4;

/** Writes the 11 bytes in front of a body and gives the offset behind them. */
export function writeFlvTagHeader(
  into: Uint8Array,
  at: number,
  { kind, bodyBytes, timestampMs }: { kind: FlvTagKind; bodyBytes: number; timestampMs: number },
): number {
  if (bodyBytes > MAX_FLV_BODY_BYTES) throw new Error(`no FLV tag holds ${bodyBytes} bytes`);
  into[at] = flvTagType[kind];
  into[at + 1] = bodyBytes >>> 16;
  into[at + 2] = bodyBytes >>> 8;
  into[at + 3] = bodyBytes;
  into[at + 4] = timestampMs >>> 16;
  into[at + 5] = timestampMs >>> 8;
  into[at + 6] = timestampMs;
  into[at + 7] = timestampMs >>> 24;
  into[at + 8] = into[at + 9] = into[at + 10] = 0;
  return at + FLV_TAG_HEADER_BYTES;
}

/** Writes the back pointer behind a body and gives the offset behind it. */
export function writeFlvBackPointer(into: Uint8Array, at: number, bodyBytes: number): number {
  const size = FLV_TAG_HEADER_BYTES + bodyBytes;
  into[at] = size >>> 24;
  into[at + 1] = size >>> 16;
  into[at + 2] = size >>> 8;
  into[at + 3] = size;
  return at + 4;
}

export interface FlvTagHeader {
  /** Undefined for an unknown or encrypted type, which readers skip. */
  readonly kind: FlvTagKind | undefined;
  readonly bodyBytes: number;
  readonly timestampMs: number;
}

export function decodeFlvTagHeader(bytes: Uint8Array): FlvTagHeader {
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const bodyBytes = reader.u24();
  const low = reader.u24();
  const timestampMs = ((reader.u8() << 24) | low) >>> 0;
  reader.skip(3);
  const kind = type === 8 ? 'audio' : type === 9 ? 'video' : type === 18 ? 'data' : undefined;
  return { kind, bodyBytes, timestampMs };
}
