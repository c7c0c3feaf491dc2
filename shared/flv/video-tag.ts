import { ByteReader } from '../bytes/byte-reader.ts';

// VIDEODATA, Adobe FLV specification 10.1 section E.4.3:  frame type 4 | codec id 4 [| packet type 8 | composition time s24]

/** Codec ids. HEVC and AV1 are not in the document: Chinese CDNs and their encoders use them. */
export const videoCodecId = {
  h263: 2,
  screen: 3,
  vp6: 4,
  vp6Alpha: 5,
  screen2: 6,
  avc: 7,
  hevc: 12,
  av1: 13,
} as const;

export const frameType = {
  key: 1,
  inter: 2,
  disposable: 3,
  generatedKey: 4,
  command: 5,
} as const;

export const avcPacketType = { config: 0, frame: 1, end: 2 } as const;

/** A classic video body. */
export interface VideoTag {
  readonly frameType: number;
  readonly codecId: number;
  /** 0 sequence header, 1 coded frame, 2 end of sequence; undefined for codecs that have no such byte. */
  readonly packetType: number | undefined;
  /** Presentation time minus decode time; may be negative. */
  readonly compositionTimeMs: number;
  readonly data: Uint8Array;
}

/** Whether bodies of this codec have a packet type and composition time, as AVC does. */
export const hasAvcHeader = (codecId: number): boolean =>
  codecId === videoCodecId.avc || codecId === videoCodecId.hevc || codecId === videoCodecId.av1;

export function decodeVideoTag(body: Uint8Array): VideoTag {
  const reader = new ByteReader(body);
  const first = reader.u8();
  const codecId = first & 15;
  const framed = hasAvcHeader(codecId) && first >> 4 !== frameType.command;
  return {
    frameType: first >> 4,
    codecId,
    packetType: framed ? reader.u8() : undefined,
    compositionTimeMs: framed ? reader.s24() : 0,
    data: reader.rest(),
  };
}
