import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';

// AudioSpecificConfig, ISO/IEC 14496-3 section 1.6.2.1.

/** What an AAC sequence header says. */
export interface AacConfig {
  /** Of the core coder: 2 is LC. */
  readonly objectType: number;
  /** Hz as heard: with SBR, twice that of the core. */
  readonly sampleRate: number;
  /** As heard; null when neither a channel configuration nor a program config element tells. */
  readonly channels: number | null;
  /** Spectral band replication is announced: HE-AAC. */
  readonly sbr: boolean;
  /** Parametric stereo is announced: HE-AAC v2. */
  readonly ps: boolean;
}

const sampleRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const channelCounts: readonly (number | undefined)[] = [
  undefined,
  1,
  2,
  3,
  4,
  5,
  6,
  8,
  undefined,
  undefined,
  undefined,
  7,
  8,
  24,
  8,
];
const OBJECT_TYPE_SBR = 5;
const OBJECT_TYPE_PS = 29;
/** Object types that are followed by a GASpecificConfig. */
const generalAudio = new Set([1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23]);

export function decodeAacConfig(config: Uint8Array): AacConfig {
  const reader = new BitReader(config);
  let objectType = readObjectType(reader);
  let sampleRate = readSampleRate(reader);
  const channelConfiguration = reader.bits(4);
  let sbr = objectType === OBJECT_TYPE_SBR || objectType === OBJECT_TYPE_PS;
  let ps = objectType === OBJECT_TYPE_PS;
  let channels = channelCounts[channelConfiguration] ?? null;
  if (sbr) {
    sampleRate = readSampleRate(reader);
    objectType = readObjectType(reader);
  } else if (generalAudio.has(objectType)) {
    skipGeneralAudio(reader);
    if (channelConfiguration === 0) channels = readProgramConfigChannels(reader);
    else ({ sbr, ps, sampleRate } = readExtension(reader, sampleRate));
  }
  if (ps && channels === 1) channels = 2;
  return { objectType, sampleRate, channels, sbr, ps };
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  return type === 31 ? 32 + reader.bits(6) : type;
}

function readSampleRate(reader: BitReader): number {
  const index = reader.bits(4);
  const rate = index === 15 ? reader.bits(24) : sampleRates[index];
  if (rate === undefined || rate === 0)
    throw new ProtocolError('bad-value', `AAC sampling frequency index ${index}`);
  return rate;
}

function skipGeneralAudio(reader: BitReader): void {
  reader.skip(1); // frame length
  if (reader.flag()) reader.skip(14); // core coder delay
  reader.skip(1); // extension flag
}

/** Backward compatible signalling: FFmpeg and OBS end their header with 56 e5 00, "no SBR". */
function readExtension(
  reader: BitReader,
  coreRate: number,
): { sbr: boolean; ps: boolean; sampleRate: number } {
  const none = { sbr: false, ps: false, sampleRate: coreRate };
  if (reader.remaining < 17 || reader.bits(11) !== 0x2b7) return none;
  if (readObjectType(reader) !== OBJECT_TYPE_SBR || !reader.flag()) return none;
  const sampleRate = readSampleRate(reader);
  const ps = reader.remaining >= 12 && reader.bits(11) === 0x548 && reader.flag();
  return { sbr: true, ps, sampleRate };
}

/** Counts the channels of a program_config_element, ISO/IEC 14496-3 section 4.4.1.1. */
function readProgramConfigChannels(reader: BitReader): number {
  reader.skip(4 + 2 + 4); // tag, object type, sampling frequency index
  const mains = reader.bits(4) + reader.bits(4) + reader.bits(4); // front, side, back
  const lowFrequency = reader.bits(2);
  reader.skip(3 + 4); // associated data, coupling channels
  if (reader.flag()) reader.skip(4); // mono mixdown
  if (reader.flag()) reader.skip(4); // stereo mixdown
  if (reader.flag()) reader.skip(3); // matrix mixdown
  let channels = lowFrequency;
  for (let i = 0; i < mains; i++) {
    channels += reader.flag() ? 2 : 1;
    reader.skip(4);
  }
  return channels;
}

const profileNames: Readonly<Record<number, string>> = {
  1: 'Main',
  2: 'LC',
  3: 'SSR',
  4: 'LTP',
  23: 'LD',
  39: 'ELD',
  42: 'xHE-AAC',
};

/** The profile as people say it: "LC", "HE-AAC". */
export function aacProfileName({ objectType, sbr, ps }: AacConfig): string | null {
  if (ps) return 'HE-AAC v2';
  return sbr ? 'HE-AAC' : (profileNames[objectType] ?? null);
}
