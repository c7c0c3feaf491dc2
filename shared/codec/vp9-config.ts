import { BitReader } from '../bytes/bit-reader.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';

// VPCodecConfigurationRecord, "VP Codec ISO Media File Format Binding"; frame header: VP9 bitstream section 6.2.

/** What a VP8 or VP9 sequence header packet says. */
export interface VpConfig {
  readonly profile: number;
  /** Ten times the level; 0 when the encoder did not say. */
  readonly level: number;
  readonly bitDepth: number;
}

/** Reads the bare record, and also the whole vpcC box content that begins with version and flags. */
export function decodeVpConfig(record: Uint8Array): VpConfig {
  // The box content begins 01 000000. As a bare record that would be profile 1 with an impossible bit depth of 0.
  const boxed =
    record.length >= 12 && record[0] === 1 && record[1] === 0 && record[2] === 0 && record[3] === 0;
  const reader = new ByteReader(record, boxed ? 4 : 0);
  const profile = reader.u8();
  const level = reader.u8();
  const bitDepth = reader.u8() >> 4;
  if (profile > 3 || ![8, 10, 12].includes(bitDepth)) {
    throw new ProtocolError('bad-value', `VP codec profile ${profile} with ${bitDepth} bits`);
  }
  reader.skip(5); // colour, initialisation data size
  return { profile, level, bitDepth };
}

export const vpLevelName = ({ level }: VpConfig): string | null =>
  level === 0 ? null : (level / 10).toFixed(1);

/** Size and format from a VP9 key frame; undefined for any other frame. */
export function decodeVp9Keyframe(frame: Uint8Array): (VpConfig & PictureSize) | undefined {
  const reader = new BitReader(frame);
  if (reader.bits(2) !== 2) throw new ProtocolError('bad-marker', 'no VP9 frame marker', 0);
  const profile = reader.bits(1) + 2 * reader.bits(1);
  if (profile === 3) reader.skip(1);
  const showExisting = reader.flag();
  if (showExisting || reader.flag()) return undefined;
  reader.skip(2); // show_frame, error_resilient_mode
  if (reader.bits(24) !== 0x498342) throw new ProtocolError('bad-marker', 'no VP9 sync code', 1);
  const bitDepth = profile < 2 ? 8 : reader.flag() ? 12 : 10;
  const sRgb = reader.bits(3) === 7;
  if (!sRgb) reader.skip(1);
  if (profile === 1 || profile === 3) reader.skip(sRgb ? 1 : 3);
  const width = reader.bits(16) + 1;
  const height = reader.bits(16) + 1;
  return { profile, level: 0, bitDepth, ...pictureSize(width, height) };
}
