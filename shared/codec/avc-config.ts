import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';

// AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.1; levels and profiles: H.264 annex A.

/** What an AVC sequence header says. Its parameter sets are views of the record. */
export interface AvcConfig {
  readonly profileIdc: number;
  /** constraint_set0_flag is the top bit. */
  readonly constraints: number;
  readonly levelIdc: number;
  /** Bytes of the length in front of each NAL unit. */
  readonly nalLengthSize: number;
  readonly sequenceParameterSets: readonly Uint8Array[];
  readonly pictureParameterSets: readonly Uint8Array[];
}

export function decodeAvcConfig(record: Uint8Array): AvcConfig {
  const reader = new ByteReader(record);
  const version = reader.u8();
  if (version !== 1) throw new ProtocolError('bad-version', `AVC configuration version ${version}`, 0);
  const profileIdc = reader.u8();
  const constraints = reader.u8();
  const levelIdc = reader.u8();
  const nalLengthSize = (reader.u8() & 3) + 1;
  const sequenceParameterSets = readSets(reader, reader.u8() & 0x1f);
  const pictureParameterSets = readSets(reader, reader.u8());
  // What follows for the high profiles repeats what the parameter sets say.
  return { profileIdc, constraints, levelIdc, nalLengthSize, sequenceParameterSets, pictureParameterSets };
}

function readSets(reader: ByteReader, count: number): Uint8Array[] {
  const sets: Uint8Array[] = [];
  for (let i = 0; i < count; i++) sets.push(reader.take(reader.u16()));
  return sets;
}

const profileNames: Readonly<Record<number, string>> = {
  44: 'CAVLC 4:4:4 Intra',
  66: 'Baseline',
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
  244: 'High 4:4:4',
};

/** The profile as people say it: "High", "Constrained Baseline". */
export function avcProfileName({ profileIdc, constraints }: AvcConfig): string | null {
  if (profileIdc === 66 && (constraints & 0x40) !== 0) return 'Constrained Baseline';
  return profileNames[profileIdc] ?? null;
}

/** The level as people say it: "4.2", "1b". */
export function avcLevelName({ profileIdc, constraints, levelIdc }: AvcConfig): string | null {
  // Level 1b of the old profiles hides behind constraint_set3_flag (H.264 section A.3.4).
  const oldProfile = profileIdc === 66 || profileIdc === 77 || profileIdc === 88;
  if (levelIdc === 9 || (levelIdc === 11 && oldProfile && (constraints & 0x10) !== 0)) return '1b';
  return levelIdc === 0 ? null : (levelIdc / 10).toFixed(1);
}
