import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';

// Open bitstream units and the sequence header, AV1 specification sections 5.3 and 5.5.

const OBU_SEQUENCE_HEADER = 1;
/** Primaries, transfer and matrix, a byte each. */
const UNSPECIFIED_COLOUR = 0x020202;
const SRGB = 0x010d00;

/** What a sequence header says. */
export interface Av1Sequence {
  /** 0 Main, 1 High, 2 Professional. */
  readonly profile: number;
  /** seq_level_idx of the first operating point. */
  readonly levelIdx: number;
  readonly highTier: boolean;
  readonly highBitDepth: boolean;
  readonly twelveBit: boolean;
  readonly monochrome: boolean;
  readonly subsamplingX: number;
  readonly subsamplingY: number;
  readonly chromaSamplePosition: number;
}

/** The largest frame size of the first sequence header among these OBUs; undefined when there is none. */
export function decodeAv1PictureSize(obus: Uint8Array): PictureSize | undefined {
  const header = findAv1SequenceHeader(obus);
  return header && readFrameSize(new BitReader(header)).size;
}

/** Reads a sequence header OBU without its own header. */
export function decodeAv1Sequence(header: Uint8Array): Av1Sequence {
  const reader = new BitReader(header);
  const { profile, levelIdx, highTier, isReduced } = readFrameSize(reader);
  skipTools(reader, isReduced);
  return { profile, levelIdx, highTier, ...readColour(reader, profile) };
}

/** The first sequence header OBU among these, without its own header; undefined when there is none. */
export function findAv1SequenceHeader(obus: Uint8Array): Uint8Array | undefined {
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
    if (type === OBU_SEQUENCE_HEADER) return obus.subarray(at, at + size);
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

/** What stands before the frame size, and it. */
function readFrameSize(reader: BitReader) {
  const profile = reader.bits(3);
  reader.skip(1); // still_picture
  const isReduced = reader.flag();
  const point = isReduced ? { levelIdx: reader.bits(5), highTier: false } : readOperatingPoints(reader);
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  const size = pictureSize(reader.bits(widthBits) + 1, reader.bits(heightBits) + 1);
  return { profile, isReduced, ...point, size };
}

/** Gives what the first one says. */
function readOperatingPoints(reader: BitReader): Pick<Av1Sequence, 'levelIdx' | 'highTier'> {
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
  let first: Pick<Av1Sequence, 'levelIdx' | 'highTier'> | undefined;
  for (let i = 0; i < points; i++) {
    reader.skip(12);
    const levelIdx = reader.bits(5);
    const highTier = levelIdx > 7 && reader.flag();
    first ??= { levelIdx, highTier };
    if (delayBits > 0 && reader.flag()) reader.skip(2 * delayBits + 1);
    if (displayDelay && reader.flag()) reader.skip(4);
  }
  return first ?? { levelIdx: 0, highTier: false };
}

/** From the frame size to the colour: section 5.5.1. */
function skipTools(reader: BitReader, isReduced: boolean): void {
  if (!isReduced && reader.flag()) reader.skip(4 + 3); // lengths of frame identifiers
  reader.skip(3); // superblocks, intra filter and edge
  if (!isReduced) {
    reader.skip(4); // inter-intra, masked, warped, dual filter
    const hasOrderHint = reader.flag();
    if (hasOrderHint) reader.skip(2);
    const choosesScreenContent = reader.flag();
    const allowsScreenContent = choosesScreenContent || reader.flag();
    if (allowsScreenContent && !reader.flag()) reader.skip(1); // integer motion vectors
    if (hasOrderHint) reader.skip(3);
  }
  reader.skip(3); // super-resolution, CDEF, restoration
}

/** color_config, section 5.5.2. */
function readColour(reader: BitReader, profile: number) {
  const highBitDepth = reader.flag();
  const twelveBit = profile === 2 && highBitDepth && reader.flag();
  const monochrome = profile !== 1 && reader.flag();
  const description = reader.flag() ? reader.bits(24) : UNSPECIFIED_COLOUR;
  const depth = { highBitDepth, twelveBit, monochrome };
  if (monochrome) return { ...depth, subsamplingX: 1, subsamplingY: 1, chromaSamplePosition: 0 };
  if (description === SRGB) return { ...depth, subsamplingX: 0, subsamplingY: 0, chromaSamplePosition: 0 };
  reader.skip(1); // range
  let subsamplingX = profile === 1 ? 0 : 1;
  let subsamplingY = profile === 0 ? 1 : 0;
  if (twelveBit) {
    subsamplingX = reader.bits(1);
    subsamplingY = subsamplingX === 1 ? reader.bits(1) : 0;
  }
  const chromaSamplePosition = subsamplingX === 1 && subsamplingY === 1 ? reader.bits(2) : 0;
  return { ...depth, subsamplingX, subsamplingY, chromaSamplePosition };
}
