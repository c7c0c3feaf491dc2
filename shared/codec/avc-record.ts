import { ByteWriter } from '../bytes/byte-writer.ts';
import { decodeAvcSps } from './avc-sps.ts';

/** Profiles whose record ends with chroma format and bit depths (ISO/IEC 14496-15 section 5.3.3.1.2). */
const profilesWithExtension = new Set([100, 110, 122, 144]);

/**
 * The AVCDecoderConfigurationRecord for parameter sets that came with the pictures. At least one SPS of four bytes, and one PPS.
 * Throws `ProtocolError` when the first SPS makes no sense.
 */
export function encodeAvcRecord(
  sequenceSets: readonly Uint8Array[],
  pictureSets: readonly Uint8Array[],
  nalLengthSize = 4,
): Uint8Array {
  const first = sequenceSets[0];
  if (first === undefined) throw new Error('a record needs a sequence parameter set');
  const sps = decodeAvcSps(first);
  const writer = new ByteWriter();
  writer.u8(1);
  writer.bytes(first.subarray(1, 4)); // profile, constraints, level
  writer.u8(0xfc | (nalLengthSize - 1));
  writer.u8(0xe0 | sequenceSets.length);
  for (const set of sequenceSets) writeSet(writer, set);
  writer.u8(pictureSets.length);
  for (const set of pictureSets) writeSet(writer, set);
  if (profilesWithExtension.has(sps.profileIdc)) {
    writer.u8(0xfc | sps.chromaFormat);
    writer.u8(0xf8 | (sps.lumaBitDepth - 8));
    writer.u8(0xf8 | (sps.chromaBitDepth - 8));
    writer.u8(0); // extensions of sequence parameter sets
  }
  return writer.finish();
}

function writeSet(writer: ByteWriter, set: Uint8Array): void {
  writer.u16(set.length);
  writer.bytes(set);
}
