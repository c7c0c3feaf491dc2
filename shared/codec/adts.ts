// ADTS, ISO/IEC 14496-3 section 1.A.2.2: what MPEG-TS and files put in front of each AAC frame, and FLV does not.

/** What one ADTS frame says of itself. */
export interface AdtsFrame {
  /** Where its AAC frame begins, behind the header. */
  readonly start: number;
  readonly end: number;
  /** The AudioSpecificConfig that says the same. */
  readonly config: Uint8Array;
  /** Hz */
  readonly sampleRate: number;
}

const sampleRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** The ADTS frame at `at`; undefined when there is none, or it is cut short. A raw AAC frame cannot look like one: it does not begin with twelve ones. */
export function readAdts(data: Uint8Array, at: number, to: number): AdtsFrame | undefined {
  if (at + 7 > to || data[at] !== 0xff || (data[at + 1]! & 0xf6) !== 0xf0) return undefined;
  const third = data[at + 2]!;
  const fourth = data[at + 3]!;
  const rateIndex = (third >> 2) & 15;
  const sampleRate = sampleRates[rateIndex];
  const length = ((fourth & 3) << 11) | (data[at + 4]! << 3) | (data[at + 5]! >> 5);
  const hasChecksum = (data[at + 1]! & 1) === 0;
  const headerBytes = hasChecksum ? 9 : 7;
  if (sampleRate === undefined || length <= headerBytes || at + length > to) return undefined;
  const channels = ((third & 1) << 2) | (fourth >> 6);
  const config = aacConfig((third >> 6) + 1, rateIndex, channels);
  return { start: at + headerBytes, end: at + length, config, sampleRate };
}

/** The AudioSpecificConfig of two bytes: object type 5 | sampling frequency index 4 | channel configuration 4 | 0. */
export const aacConfig = (objectType: number, rateIndex: number, channels: number): Uint8Array =>
  Uint8Array.of((objectType << 3) | (rateIndex >> 1), ((rateIndex & 1) << 7) | (channels << 3));

/** The index for a sample rate in Hz; undefined for one that has none. */
export function aacRateIndex(sampleRate: number): number | undefined {
  const index = sampleRates.indexOf(sampleRate);
  return index < 0 ? undefined : index;
}

/** Channels of a raw AAC frame, by its first syntactic element (ISO/IEC 14496-3 table 4.85): one or two; undefined for more. */
export function rawAacChannels(first: number): 1 | 2 | undefined {
  const element = first >> 5;
  return element === 0 ? 1 : element === 1 ? 2 : undefined;
}
