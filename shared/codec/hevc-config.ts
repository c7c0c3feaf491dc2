import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { hevcSetTypes, hevcUnitType } from './hevc-record.ts';

// HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 8.3.3.1; profiles: H.265 annex A.

/** What an HEVC sequence header says. */
export interface HevcConfig {
  readonly profileSpace: number;
  readonly highTier: boolean;
  readonly profileIdc: number;
  /** general_profile_compatibility_flags, flag 0 in the top bit. */
  readonly compatibility: number;
  /** The six bytes of constraint flags. */
  readonly constraints: Uint8Array;
  /** Thirty times the level. */
  readonly levelIdc: number;
  /** Bytes of the length in front of each NAL unit. */
  readonly nalLengthSize: number;
  /** The first sequence parameter set, with its two header bytes. */
  readonly sequenceParameterSet: Uint8Array | undefined;
  /** All parameter sets and what else the record holds, with their header bytes. */
  readonly units: readonly Uint8Array[];
}

export function decodeHevcConfig(record: Uint8Array): HevcConfig {
  const reader = new ByteReader(record);
  const version = reader.u8();
  // Version 0 was written by encoders that followed the draft; the layout is the same.
  if (version > 1) throw new ProtocolError('bad-version', `HEVC configuration version ${version}`, 0);
  const profile = reader.u8();
  const compatibility = reader.u32();
  const constraints = reader.take(6);
  const levelIdc = reader.u8();
  reader.skip(8); // segmentation, parallelism, chroma format, bit depths, frame rate
  const nalLengthSize = (reader.u8() & 3) + 1;
  const units = readUnits(reader);
  return {
    profileSpace: profile >> 6,
    highTier: (profile & 0x20) !== 0,
    profileIdc: profile & 0x1f,
    compatibility,
    constraints,
    levelIdc,
    nalLengthSize,
    sequenceParameterSet: units.find((unit) => hevcUnitType(unit) === hevcSetTypes.sequence),
    units,
  };
}

function readUnits(reader: ByteReader): Uint8Array[] {
  const units: Uint8Array[] = [];
  const arrays = reader.u8();
  for (let i = 0; i < arrays; i++) {
    reader.skip(1); // the type, which each unit says as well
    const count = reader.u16();
    for (let k = 0; k < count; k++) units.push(reader.take(reader.u16()));
  }
  return units;
}

const profileNames: Readonly<Record<number, string>> = {
  1: 'Main',
  2: 'Main 10',
  3: 'Main Still Picture',
  4: 'Range Extensions',
  5: 'High Throughput',
  9: 'Screen Content',
};

export const hevcProfileName = (config: HevcConfig): string | null =>
  config.profileSpace === 0 ? (profileNames[config.profileIdc] ?? null) : null;

export const hevcLevelName = (config: HevcConfig): string | null =>
  config.levelIdc === 0 ? null : (config.levelIdc / 30).toFixed(1);
