import { ByteWriter } from '../bytes/byte-writer.ts';
import { decodeHevcSps } from './hevc-sps.ts';

/** NAL unit types of the parameter sets, in the order in which a record has them (H.265 table 7-1). */
export const hevcSetTypes = { video: 32, sequence: 33, picture: 34 } as const;

export const hevcUnitType = (unit: Uint8Array): number => ((unit[0] ?? 0) >> 1) & 0x3f;

/**
 * The HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 8.3.3.1) for parameter sets that came with the pictures, among
 * them at least one SPS. Throws `ProtocolError` when the first SPS makes no sense.
 */
export function encodeHevcRecord(sets: readonly Uint8Array[], nalLengthSize = 4): Uint8Array {
  const first = sets.find((set) => hevcUnitType(set) === hevcSetTypes.sequence);
  if (first === undefined) throw new Error('a record needs a sequence parameter set');
  const sps = decodeHevcSps(first);
  const writer = new ByteWriter();
  writer.u8(1);
  writer.bytes(sps.profileTierLevel);
  writer.u16(0xf000); // min_spatial_segmentation: not told
  writer.u8(0xfc); // parallelism: not told
  writer.u8(0xfc | sps.chromaFormat);
  writer.u8(0xf8 | (sps.lumaBitDepth - 8));
  writer.u8(0xf8 | (sps.chromaBitDepth - 8));
  writer.u16(0); // average frame rate: not told
  writer.u8((sps.subLayers << 3) | (sps.temporalIdNesting ? 4 : 0) | (nalLengthSize - 1));
  const types = Object.values(hevcSetTypes).filter((type) => sets.some((set) => hevcUnitType(set) === type));
  writer.u8(types.length);
  for (const type of types) {
    const ofType = sets.filter((set) => hevcUnitType(set) === type);
    writer.u8(0x80 | type); // all of them are here
    writer.u16(ofType.length);
    for (const set of ofType) writer.u16(set.length).bytes(set);
  }
  return writer.finish();
}
