import { ByteReader } from '../bytes/byte-reader.ts';

// AUDIODATA, Adobe FLV specification 10.1 section E.4.2:  format 4 | rate 2 | size 1 | type 1

/** Sound formats. 9 announces the header of Enhanced RTMP. */
export const audioFormat = {
  pcm: 0,
  adpcm: 1,
  mp3: 2,
  pcmLittleEndian: 3,
  nellymoser16k: 4,
  nellymoser8k: 5,
  nellymoser: 6,
  g711A: 7,
  g711Mu: 8,
  enhanced: 9,
  aac: 10,
  speex: 11,
  mp38k: 14,
  device: 15,
} as const;

/** A classic audio body. Rate, sample size and channels mean nothing for AAC, where they are always AF. */
export interface AudioTag {
  readonly format: number;
  readonly sampleRate: number;
  readonly bitsPerSample: 8 | 16;
  readonly channels: 1 | 2;
  /** Of AAC: 0 sequence header, 1 raw frame; undefined for every other format. */
  readonly aacPacketType: number | undefined;
  readonly data: Uint8Array;
}

const rates = [5_512, 11_025, 22_050, 44_100];

export function decodeAudioTag(body: Uint8Array): AudioTag {
  const reader = new ByteReader(body);
  const first = reader.u8();
  const format = first >> 4;
  return {
    format,
    sampleRate: rates[(first >> 2) & 3]!,
    bitsPerSample: (first & 2) !== 0 ? 16 : 8,
    channels: (first & 1) !== 0 ? 2 : 1,
    aacPacketType: format === audioFormat.aac ? reader.u8() : undefined,
    data: reader.rest(),
  };
}
