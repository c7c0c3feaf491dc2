import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';

// AV1CodecConfigurationRecord, "AV1 Codec ISO Media File Format Binding" section 2.3.3.

/** What an AV1 sequence header packet says. */
export interface Av1Config {
  /** 0 Main, 1 High, 2 Professional. */
  readonly profile: number;
  /** seq_level_idx of the first operating point. */
  readonly levelIdx: number;
  readonly highTier: boolean;
  readonly bitDepth: 8 | 10 | 12;
  readonly monochrome: boolean;
  /** Open bitstream units that come with the record, normally one sequence header. */
  readonly obus: Uint8Array;
}

export function decodeAv1Config(record: Uint8Array): Av1Config {
  const reader = new BitReader(record);
  const markerAndVersion = reader.bits(8);
  if (markerAndVersion !== 0x81)
    throw new ProtocolError('bad-version', `AV1 configuration 0x${markerAndVersion.toString(16)}`, 0);
  const profile = reader.bits(3);
  const levelIdx = reader.bits(5);
  const highTier = reader.flag();
  const highBitDepth = reader.flag();
  const twelveBit = reader.flag();
  const monochrome = reader.flag();
  reader.skip(4 + 8); // subsampling, presentation delay
  const bitDepth = !highBitDepth ? 8 : twelveBit ? 12 : 10;
  return { profile, levelIdx, highTier, bitDepth, monochrome, obus: record.subarray(4) };
}

export const av1ProfileName = (config: Av1Config): string | null =>
  ['Main', 'High', 'Professional'][config.profile] ?? null;

/** seq_level_idx 31 means that no level is promised (AV1 section A.3). */
export const av1LevelName = ({ levelIdx }: Av1Config): string | null =>
  levelIdx > 23 ? null : `${2 + (levelIdx >> 2)}.${levelIdx & 3}`;
