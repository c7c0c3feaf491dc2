import { BitReader } from '../bytes/bit-reader.ts';
import { BitWriter } from '../bytes/bit-writer.ts';

// Coded frames that decode to silence, made from what a track says of itself. A player puts them where a sound track has a
// hole: browsers stop the picture as soon as an announced sound is missing.

/** One frame of silence in the codec of a track. */
export interface Silence {
  readonly frame: Uint8Array;
  /** How long it lasts. Not a whole number for most sample rates. */
  readonly durationMs: number;
}

const aacRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const aacElement = { single: 0, pair: 1, lowFrequency: 3, end: 7 } as const;
/** Elements of a raw data block by channel configuration, ISO/IEC 14496-3 table 1.19. */
const aacElements: readonly (readonly (keyof typeof aacElement)[])[] = [
  [],
  ['single'],
  ['pair'],
  ['single', 'pair'],
  ['single', 'pair', 'single'],
  ['single', 'pair', 'pair'],
  ['single', 'pair', 'pair', 'lowFrequency'],
  ['single', 'pair', 'pair', 'pair', 'lowFrequency'],
];
const OBJECT_TYPE_LC = 2;
const OBJECT_TYPE_SBR = 5;
const OBJECT_TYPE_PS = 29;

/**
 * Silence of an AAC-LC track, also beneath SBR, for its AudioSpecificConfig: elements without a single scale factor band
 * (max_sfb 0, ISO/IEC 14496-3 section 4.4.2). Undefined for other object types and for channels that the config leaves open.
 */
export function aacSilence(config: Uint8Array): Silence | undefined {
  const reader = new BitReader(config);
  if (reader.remaining < 16) return undefined;
  const announced = reader.bits(5);
  const rateIndex = reader.bits(4);
  const rate = rateIndex === 15 && reader.remaining >= 32 ? reader.bits(24) : aacRates[rateIndex];
  const elements = aacElements[reader.bits(4)] ?? [];
  const isSbr = announced === OBJECT_TYPE_SBR || announced === OBJECT_TYPE_PS;
  const core = isSbr && reader.remaining >= 10 ? coreBehindSbr(reader) : announced;
  if (core !== OBJECT_TYPE_LC || rate === undefined || rate === 0 || elements.length === 0) return undefined;
  const samples = reader.remaining > 0 && reader.flag() ? 960 : 1024;
  return { frame: aacSilentBlock(elements), durationMs: (samples / rate) * 1000 };
}

function coreBehindSbr(reader: BitReader): number {
  if (reader.bits(4) === 15) {
    if (reader.remaining < 29) return 0;
    reader.skip(24);
  }
  return reader.remaining < 5 ? 0 : reader.bits(5);
}

function aacSilentBlock(elements: readonly (keyof typeof aacElement)[]): Uint8Array {
  const writer = new BitWriter();
  const instances = new Map<string, number>();
  for (const element of elements) {
    const instance = instances.get(element) ?? 0;
    instances.set(element, instance + 1);
    writer.bits(aacElement[element], 3);
    writer.bits(instance, 4);
    if (element === 'pair') {
      // common_window: one ics_info for both, which is followed by ms_mask_present.
      writer.bits(1, 1);
      writeIcsInfo(writer);
      writer.bits(0, 2);
      for (let channel = 0; channel < 2; channel++) {
        writeGlobalGain(writer);
        writeNoTools(writer);
      }
    } else {
      writeGlobalGain(writer);
      writeIcsInfo(writer);
      writeNoTools(writer);
    }
  }
  writer.bits(aacElement.end, 3);
  return writer.aligned();
}

const writeGlobalGain = (writer: BitWriter): BitWriter => writer.bits(0, 8);

/** Reserved, a long window of shape 0, max_sfb 0, no prediction. So neither sections nor scale factors follow, and no spectrum. */
const writeIcsInfo = (writer: BitWriter): BitWriter => writer.bits(0, 1 + 2 + 1 + 6 + 1);

/** No pulses, no temporal noise shaping, no gain control. */
const writeNoTools = (writer: BitWriter): BitWriter => writer.bits(0, 3);

/**
 * Silence of an Opus track of one or two channels: a CELT frame of 20 ms that codes nothing, RFC 6716 section 3.1. Streams of more
 * channels are packed in another way.
 */
export function opusSilence(channels: number): Silence | undefined {
  if (channels < 1 || channels > 2) return undefined;
  // Configuration 31: full band, 20 ms; then the stereo bit, and "one frame".
  const toc = (31 << 3) | (channels === 2 ? 4 : 0);
  return { frame: Uint8Array.of(toc, 0xff, 0xfe), durationMs: 20 };
}

const mp3RatesKbps = {
  full: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  low: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const mp3SampleRates = [44_100, 48_000, 32_000];
const MP3_FULL_RATE_VERSION = 3;

/**
 * Silence of an MP3 track after one of its frames: the same header with an empty side info, which claims no bits of the
 * main data. ISO/IEC 11172-3 section 2.4.1, 13818-3 for the lower rates.
 */
export function mp3Silence(frame: Uint8Array): Silence | undefined {
  if (frame.length < 4) return undefined;
  const reader = new BitReader(frame);
  if (reader.bits(11) !== 0x7ff) return undefined;
  const version = reader.bits(2);
  const isLayer3 = reader.bits(2) === 1;
  reader.skip(1);
  const isFull = version === MP3_FULL_RATE_VERSION;
  const kbps = mp3RatesKbps[isFull ? 'full' : 'low'][reader.bits(4)];
  const fullRate = mp3SampleRates[reader.bits(2)];
  if (!isLayer3 || version === 1 || !kbps || fullRate === undefined) return undefined;
  const rate = fullRate / (isFull ? 1 : version === 2 ? 2 : 4);
  const samples = isFull ? 1152 : 576;
  const silent = new Uint8Array(Math.floor(((samples / 8) * kbps * 1000) / rate));
  // Sync and version; without a check sum; without padding.
  silent.set([0xff, frame[1]! | 1, frame[2]! & 0xfd, frame[3]!]);
  return { frame: silent, durationMs: (samples / rate) * 1000 };
}
