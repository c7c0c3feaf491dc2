import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';
import { unescapeRbsp } from './rbsp.ts';

// Sequence parameter set, H.264 section 7.3.2.1.1.

/** Profiles whose parameter set describes chroma and scaling. */
const profilesWithChroma = new Set([44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244]);

/** What an SPS says of how pictures are made. */
export interface AvcSps {
  readonly profileIdc: number;
  readonly constraints: number;
  readonly levelIdc: number;
  readonly id: number;
  /** chroma_format_idc: 0 is grey, 1 is 4:2:0. */
  readonly chromaFormat: number;
  readonly separateColourPlanes: boolean;
  readonly lumaBitDepth: number;
  readonly chromaBitDepth: number;
  /** Bits of frame_num. */
  readonly frameNumBits: number;
  /** pic_order_cnt_type. */
  readonly pictureOrderType: number;
  /** Bits of pic_order_cnt_lsb, of type 0. */
  readonly pictureOrderBits: number;
  /** delta_pic_order_always_zero_flag, of type 1. */
  readonly pictureOrderIsFixed: boolean;
  readonly widthInMacroblocks: number;
  readonly heightInMapUnits: number;
  /** Every picture is a whole frame. */
  readonly framesOnly: boolean;
  /** After cropping. */
  readonly size: PictureSize;
}

/** The picture size after cropping, from an SPS NAL unit with its header byte. */
export const decodeAvcPictureSize = (sps: Uint8Array): PictureSize => decodeAvcSps(sps).size;

/** Reads an SPS NAL unit, with its header byte. */
export function decodeAvcSps(sps: Uint8Array): AvcSps {
  const reader = new BitReader(unescapeRbsp(sps));
  reader.skip(8);
  const profileIdc = reader.bits(8);
  const constraints = reader.bits(8);
  const levelIdc = reader.bits(8);
  const id = upTo(31, reader.ue());
  const chroma = profilesWithChroma.has(profileIdc) ? readChroma(reader) : defaultChroma;
  const frameNumBits = upTo(12, reader.ue()) + 4;
  const order = readPictureOrder(reader);
  reader.ue(); // max_num_ref_frames
  reader.skip(1); // gaps_in_frame_num_value_allowed
  const widthInMacroblocks = reader.ue() + 1;
  const heightInMapUnits = reader.ue() + 1;
  const framesOnly = reader.flag();
  if (!framesOnly) reader.skip(1);
  reader.skip(1); // direct_8x8_inference
  const fieldFactor = framesOnly ? 1 : 2;
  const { cropX, cropY } = readCropping(reader, chroma.chromaFormat, fieldFactor);
  const size = pictureSize(widthInMacroblocks * 16 - cropX, heightInMapUnits * 16 * fieldFactor - cropY);
  return {
    ...{ profileIdc, constraints, levelIdc, id, ...chroma, frameNumBits, ...order },
    ...{ widthInMacroblocks, heightInMapUnits, framesOnly, size },
  };
}

/** A value within the bounds of section 7.4.2.1.1: what is made of it counts on them. */
function upTo(max: number, value: number): number {
  if (value > max) throw new ProtocolError('bad-value', `an SPS with ${value} where ${max} is the most`);
  return value;
}

type Chroma = Pick<AvcSps, 'chromaFormat' | 'separateColourPlanes' | 'lumaBitDepth' | 'chromaBitDepth'>;

const defaultChroma: Chroma = {
  chromaFormat: 1,
  separateColourPlanes: false,
  lumaBitDepth: 8,
  chromaBitDepth: 8,
};

function readChroma(reader: BitReader): Chroma {
  const chromaFormat = upTo(3, reader.ue());
  const separateColourPlanes = chromaFormat === 3 && reader.flag();
  const lumaBitDepth = upTo(6, reader.ue()) + 8;
  const chromaBitDepth = upTo(6, reader.ue()) + 8;
  reader.skip(1); // transform bypass
  if (reader.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let i = 0; i < lists; i++) if (reader.flag()) skipScalingList(reader, i < 6 ? 16 : 64);
  }
  return { chromaFormat, separateColourPlanes, lumaBitDepth, chromaBitDepth };
}

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  for (let i = 0; i < size; i++) {
    const next = (last + reader.se() + 256) % 256;
    if (next === 0) return;
    last = next;
  }
}

function readPictureOrder(
  reader: BitReader,
): Pick<AvcSps, 'pictureOrderType' | 'pictureOrderBits' | 'pictureOrderIsFixed'> {
  const pictureOrderType = upTo(2, reader.ue());
  const pictureOrderBits = pictureOrderType === 0 ? upTo(12, reader.ue()) + 4 : 0;
  let pictureOrderIsFixed = false;
  if (pictureOrderType === 1) {
    pictureOrderIsFixed = reader.flag();
    reader.se();
    reader.se();
    const cycle = upTo(255, reader.ue());
    for (let i = 0; i < cycle; i++) reader.se();
  }
  return { pictureOrderType, pictureOrderBits, pictureOrderIsFixed };
}

function readCropping(
  reader: BitReader,
  chromaFormat: number,
  fieldFactor: number,
): { cropX: number; cropY: number } {
  if (!reader.flag()) return { cropX: 0, cropY: 0 };
  const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const unitY = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
  const cropX = (reader.ue() + reader.ue()) * unitX;
  const cropY = (reader.ue() + reader.ue()) * unitY;
  return { cropX, cropY };
}
