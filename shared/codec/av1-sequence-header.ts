import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';

// Open bitstream units and the sequence header, AV1 specification sections 5.3 and 5.5.

const OBU_SEQUENCE_HEADER = 1;

/** The largest frame size of the first sequence header among these OBUs; undefined when there is none. */
export function decodeAv1PictureSize(obus: Uint8Array): PictureSize | undefined {
  let at = 0;
  while (at < obus.length) {
    const header = obus[at]!;
    const type = (header >> 3) & 15;
    at += (header & 4) !== 0 ? 2 : 1;
    let size = obus.length - at;
    if ((header & 2) !== 0) {
      const length = readLeb128(obus, at);
      size = length.value;
      at = length.end;
    }
    if (size < 0 || size > obus.length - at) throw new ProtocolError('truncated', 'an OBU is cut short', at);
    if (type === OBU_SEQUENCE_HEADER) return readSequenceHeader(new BitReader(obus.subarray(at, at + size)));
    at += size;
  }
  return undefined;
}

function readLeb128(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) throw new ProtocolError('truncated', 'an OBU size is cut short', start);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw new ProtocolError('bad-length', 'an OBU size of more than 8 bytes', start);
}

function readSequenceHeader(reader: BitReader): PictureSize {
  reader.skip(3 + 1); // profile, still_picture
  const reduced = reader.flag();
  if (reduced) reader.skip(5);
  else skipOperatingPoints(reader);
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  return pictureSize(reader.bits(widthBits) + 1, reader.bits(heightBits) + 1);
}

function skipOperatingPoints(reader: BitReader): void {
  let delayBits = 0;
  if (reader.flag()) {
    reader.skip(64); // num_units_in_display_tick, time_scale
    if (reader.flag()) reader.ue(); // uvlc() is ue(v)
    if (reader.flag()) {
      delayBits = reader.bits(5) + 1;
      reader.skip(32 + 5 + 5);
    }
  }
  const displayDelay = reader.flag();
  const points = reader.bits(5) + 1;
  for (let i = 0; i < points; i++) {
    reader.skip(12);
    if (reader.bits(5) > 7) reader.skip(1); // tier
    if (delayBits > 0 && reader.flag()) reader.skip(2 * delayBits + 1);
    if (displayDelay && reader.flag()) reader.skip(4);
  }
}
