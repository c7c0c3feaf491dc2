import { BitReader } from '../bytes/bit-reader.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';
import { unescapeRbsp } from './rbsp.ts';

// Sequence parameter set, H.264 section 7.3.2.1.1.

/** Profiles whose parameter set describes chroma and scaling. */
const profilesWithChroma = new Set([44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244]);

/** The picture size after cropping, from an SPS NAL unit with its header byte. */
export function decodeAvcPictureSize(sps: Uint8Array): PictureSize {
  const reader = new BitReader(unescapeRbsp(sps));
  reader.skip(8);
  const profileIdc = reader.bits(8);
  reader.skip(16); // constraints, level
  reader.ue(); // id
  const chromaFormat = profilesWithChroma.has(profileIdc) ? readChroma(reader) : 1;
  reader.ue(); // log2_max_frame_num
  skipPictureOrder(reader);
  reader.ue(); // max_num_ref_frames
  reader.skip(1); // gaps_in_frame_num_value_allowed
  const widthInMacroblocks = reader.ue() + 1;
  const heightInMapUnits = reader.ue() + 1;
  const frameMacroblocksOnly = reader.flag();
  if (!frameMacroblocksOnly) reader.skip(1);
  reader.skip(1); // direct_8x8_inference
  const fieldFactor = frameMacroblocksOnly ? 1 : 2;
  let cropX = 0;
  let cropY = 0;
  if (reader.flag()) {
    const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
    const unitY = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
    cropX = (reader.ue() + reader.ue()) * unitX;
    cropY = (reader.ue() + reader.ue()) * unitY;
  }
  return pictureSize(widthInMacroblocks * 16 - cropX, heightInMapUnits * 16 * fieldFactor - cropY);
}

/** Gives chroma_format_idc: 1 and 2 are subsampled. */
function readChroma(reader: BitReader): number {
  const chromaFormat = reader.ue();
  if (chromaFormat === 3) reader.skip(1); // separate_colour_plane
  reader.ue(); // luma bit depth
  reader.ue(); // chroma bit depth
  reader.skip(1); // transform bypass
  if (reader.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let i = 0; i < lists; i++) if (reader.flag()) skipScalingList(reader, i < 6 ? 16 : 64);
  }
  return chromaFormat;
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  for (let i = 0; i < size; i++) {
    const next = (last + reader.se() + 256) % 256;
    if (next === 0) return;
    last = next;
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.ue();
  if (type === 0) {
    reader.ue();
  } else if (type === 1) {
    reader.skip(1);
    reader.se();
    reader.se();
    const cycle = reader.ue();
    for (let i = 0; i < cycle; i++) reader.se();
  }
}
