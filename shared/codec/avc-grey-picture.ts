import { BitWriter } from '../bytes/bit-writer.ts';
import type { AvcSps } from './avc-sps.ts';
import { escapeRbsp } from './rbsp.ts';

// An H.264 picture that is grey all over, for streams that have no key frame: browsers start at nothing but an IDR picture. What comes after it
// fills the picture in. It is coded with a picture parameter set of its own, so that it can be simple whatever the encoder's are.

/** A larger picture is not made: 65536 macroblocks are 4096x4096. */
const MAX_MACROBLOCKS = 65_536;

/** slice_type 7: every slice of the picture is intra coded. */
const SLICE_INTRA = 7;
/** I_16x16 with DC prediction and no coefficients (H.264 table 7-11). */
const MACROBLOCK_INTRA_16X16_DC = 3;

/**
 * The parameter set and the picture, as two NAL units; undefined for what is not coded as whole frames, or
 * has three planes that are pictures of their own. `pictureSetId` is one that the encoder
 * does not use.
 */
export function greyAvcPicture(sps: AvcSps, pictureSetId: number): [Uint8Array, Uint8Array] | undefined {
  const macroblocks = sps.widthInMacroblocks * sps.heightInMapUnits;
  if (!sps.framesOnly || sps.separateColourPlanes || macroblocks > MAX_MACROBLOCKS) return undefined;
  return [pictureSet(sps, pictureSetId), idrSlice(sps, pictureSetId, macroblocks)];
}

/** H.264 section 7.3.2.2: CAVLC, one reference, no weights. */
function pictureSet(sps: AvcSps, id: number): Uint8Array {
  const writer = new BitWriter().bits(0x68, 8).ue(id).ue(sps.id);
  writer.flag(false).flag(false); // entropy_coding_mode, bottom_field_pic_order
  writer.ue(0).ue(0).ue(0); // slice groups, references of both lists
  writer.flag(false).bits(0, 2); // weights
  writer.ue(0).ue(0).ue(0); // se(0) is ue(0): quantizers
  writer.flag(true).flag(false).flag(false); // deblocking is controlled, intra prediction is not, no redundant pictures
  return escapeRbsp(writer.finish());
}

/** H.264 sections 7.3.3 and 7.3.5. */
function idrSlice(sps: AvcSps, pictureSetId: number, macroblocks: number): Uint8Array {
  const writer = new BitWriter().bits(0x65, 8).ue(0).ue(SLICE_INTRA).ue(pictureSetId);
  writer.bits(0, sps.frameNumBits).ue(0); // frame_num, idr_pic_id
  if (sps.pictureOrderType === 0) writer.bits(0, sps.pictureOrderBits);
  if (sps.pictureOrderType === 1 && !sps.pictureOrderIsFixed) writer.ue(0);
  writer.flag(false).flag(false); // dec_ref_pic_marking
  writer.ue(0).ue(1); // slice_qp_delta, no deblocking
  for (let i = 0; i < macroblocks; i++) writeMacroblock(writer, sps);
  return escapeRbsp(writer.finish());
}

function writeMacroblock(writer: BitWriter, { chromaFormat }: AvcSps): void {
  writer.ue(MACROBLOCK_INTRA_16X16_DC);
  const hasChroma = chromaFormat === 1 || chromaFormat === 2;
  if (hasChroma) writer.ue(0); // intra_chroma_pred_mode
  writer.ue(0); // mb_qp_delta
  // coeff_token "1": no coefficients, where none are beside. At 4:4:4 chroma is coded as luma is.
  writer.bits(1, 1);
  if (chromaFormat === 3) writer.bits(3, 2);
}
