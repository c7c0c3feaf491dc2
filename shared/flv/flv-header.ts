import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';

// FLV header, Adobe FLV specification 10.1 section E.2:  46 4c 56  01  00000a0v  00000009

/** Which tracks a file or stream announces. Players wait for each of them before they show anything. */
export interface FlvHeader {
  readonly kind: 'header';
  readonly audio: boolean;
  readonly video: boolean;
}

export const FLV_HEADER_BYTES = 9;

/** The header and the first back pointer (0), which stands before the first tag: 13 bytes. */
export function encodeFlvHeader({ audio, video }: { audio: boolean; video: boolean }): Uint8Array {
  const flags = (audio ? 4 : 0) | (video ? 1 : 0);
  return Uint8Array.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, FLV_HEADER_BYTES, 0, 0, 0, 0);
}

/** Reads the header. `dataOffset` is where the first back pointer begins: 9 in every file seen. */
export function decodeFlvHeader(bytes: Uint8Array): FlvHeader & { readonly dataOffset: number } {
  const reader = new ByteReader(bytes);
  if (reader.u24() !== 0x464c56) throw new ProtocolError('bad-marker', 'an FLV stream begins with "FLV"', 0);
  const version = reader.u8();
  if (version !== 1) throw new ProtocolError('bad-version', `FLV version ${version}`, 3);
  const flags = reader.u8();
  const dataOffset = reader.u32();
  if (dataOffset < FLV_HEADER_BYTES || dataOffset > 1024) {
    throw new ProtocolError('bad-length', `an FLV header of ${dataOffset} bytes`, 5);
  }
  return { kind: 'header', audio: (flags & 4) !== 0, video: (flags & 1) !== 0, dataOffset };
}
