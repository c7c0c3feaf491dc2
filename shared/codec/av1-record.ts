import { concatBytes } from '../bytes/concat.ts';
import { decodeAv1Sequence, findAv1SequenceHeader } from './av1-sequence-header.ts';

/** obu_type 1, with a size. */
const SEQUENCE_HEADER_WITH_SIZE = 0x0a;

/**
 * The AV1CodecConfigurationRecord for the sequence header among these open bitstream units; undefined where there is none. Throws
 * `ProtocolError` when it makes no sense.
 */
export function encodeAv1Record(obus: Uint8Array): Uint8Array | undefined {
  const header = findAv1SequenceHeader(obus);
  // A size of one byte; real ones take a dozen.
  if (header === undefined || header.length > 127) return undefined;
  const said = decodeAv1Sequence(header);
  const flags = [
    said.highTier,
    said.highBitDepth,
    said.twelveBit,
    said.monochrome,
    said.subsamplingX,
    said.subsamplingY,
  ];
  const packed = flags.reduce<number>((bits, flag) => (bits << 1) | Number(flag), 0);
  return concatBytes([
    Uint8Array.of(0x81, (said.profile << 5) | said.levelIdx, (packed << 2) | said.chromaSamplePosition, 0),
    Uint8Array.of(SEQUENCE_HEADER_WITH_SIZE, header.length),
    header,
  ]);
}
