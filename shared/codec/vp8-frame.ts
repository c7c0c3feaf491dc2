import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';

// Uncompressed data chunk of a frame, RFC 6386 section 9.1.

/** Size from a VP8 key frame; undefined for any other frame. */
export function decodeVp8Keyframe(frame: Uint8Array): PictureSize | undefined {
  const reader = new ByteReader(frame);
  if ((reader.u8() & 1) !== 0) return undefined;
  reader.skip(2);
  if (reader.u24() !== 0x9d012a) throw new ProtocolError('bad-marker', 'no VP8 start code', 3);
  const width = littleEndian14(reader.u16());
  const height = littleEndian14(reader.u16());
  return pictureSize(width, height);
}

/** The two top bits are an upscaling hint. */
const littleEndian14 = (swapped: number): number => ((swapped & 0x3f) << 8) | (swapped >> 8);
