import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';
import { unescapeRbsp } from './rbsp.ts';

// Sequence parameter set, H.265 section 7.3.2.2.1.

/** What an SPS says of how pictures are made. */
export interface HevcSps {
  /** The first 12 bytes of profile_tier_level: profile, compatibility, constraints, level. */
  readonly profileTierLevel: Uint8Array;
  readonly subLayers: number;
  readonly temporalIdNesting: boolean;
  /** chroma_format_idc: 1 is 4:2:0. */
  readonly chromaFormat: number;
  readonly lumaBitDepth: number;
  readonly chromaBitDepth: number;
  /** Inside the conformance window. */
  readonly size: PictureSize;
}

/** The picture size inside the conformance window, from an SPS NAL unit with its two header bytes. */
export const decodeHevcPictureSize = (sps: Uint8Array): PictureSize => decodeHevcSps(sps).size;

/** Reads an SPS NAL unit, with its two header bytes. */
export function decodeHevcSps(sps: Uint8Array): HevcSps {
  const rbsp = unescapeRbsp(sps);
  const reader = new BitReader(rbsp);
  reader.skip(16 + 4); // NAL unit header, VPS id
  const subLayers = upTo(6, reader.bits(3));
  const temporalIdNesting = reader.flag();
  skipProfileTierLevel(reader, subLayers);
  reader.ue(); // id
  const chromaFormat = upTo(3, reader.ue());
  if (chromaFormat === 3) reader.skip(1); // separate_colour_plane
  const width = reader.ue();
  const height = reader.ue();
  let cropX = 0;
  let cropY = 0;
  if (reader.flag()) {
    const subsampled = chromaFormat === 1 || chromaFormat === 2;
    cropX = (reader.ue() + reader.ue()) * (subsampled ? 2 : 1);
    cropY = (reader.ue() + reader.ue()) * (subsampled && chromaFormat === 1 ? 2 : 1);
  }
  return {
    profileTierLevel: rbsp.slice(3, 15),
    subLayers: subLayers + 1,
    temporalIdNesting,
    chromaFormat,
    lumaBitDepth: upTo(8, reader.ue()) + 8,
    chromaBitDepth: upTo(8, reader.ue()) + 8,
    size: pictureSize(width - cropX, height - cropY),
  };
}

/** A value within the bounds of section 7.4.3.2.1: records are made of it. */
function upTo(max: number, value: number): number {
  if (value > max) throw new ProtocolError('bad-value', `an SPS with ${value} where ${max} is the most`);
  return value;
}

/** profile_tier_level(1, subLayers), section 7.3.3. */
function skipProfileTierLevel(reader: BitReader, subLayers: number): void {
  reader.skip(88 + 8);
  const present: { profile: boolean; level: boolean }[] = [];
  for (let i = 0; i < subLayers; i++) present.push({ profile: reader.flag(), level: reader.flag() });
  if (subLayers > 0) reader.skip(2 * (8 - subLayers));
  for (const { profile, level } of present) reader.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
