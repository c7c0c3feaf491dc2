import type { AacConfig } from './aac-config.ts';
import type { Av1Config } from './av1-config.ts';
import type { AvcConfig } from './avc-config.ts';
import type { HevcConfig } from './hevc-config.ts';
import type { VpConfig } from './vp9-config.ts';

// The codecs parameter of RFC 6381: what MediaSource.isTypeSupported is asked with.

const hexByte = (value: number): string => value.toString(16).padStart(2, '0');
const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** avc1.PPCCLL, RFC 6381 section 3.3. */
export const avcCodecString = (config: AvcConfig): string =>
  `avc1.${hexByte(config.profileIdc)}${hexByte(config.constraints)}${hexByte(config.levelIdc)}`;

/** hvc1.PROFILE.COMPATIBILITY.TIER LEVEL.CONSTRAINTS, ISO/IEC 14496-15 annex E.3. */
export function hevcCodecString(config: HevcConfig): string {
  const space = ['', 'A', 'B', 'C'][config.profileSpace];
  const parts = [
    'hvc1',
    `${space}${config.profileIdc}`,
    reverseBits(config.compatibility).toString(16).toUpperCase(),
    `${config.highTier ? 'H' : 'L'}${config.levelIdc}`,
  ];
  // Trailing zero bytes of the constraints are left out.
  let used = config.constraints.length;
  while (used > 0 && config.constraints[used - 1] === 0) used--;
  for (const byte of config.constraints.subarray(0, used)) parts.push(byte.toString(16).toUpperCase());
  return parts.join('.');
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let i = 0; i < 32; i++) reversed = (reversed << 1) | ((value >>> i) & 1);
  return reversed >>> 0;
}

/** av01.P.LLT.DD, "AV1 Codec ISO Media File Format Binding" section 5. */
export const av1CodecString = (config: Av1Config): string =>
  `av01.${config.profile}.${twoDigits(config.levelIdx)}${config.highTier ? 'H' : 'M'}.${twoDigits(config.bitDepth)}`;

/** vp09.PP.LL.DD. Level 1 stands in for an unknown one, because the string needs some level. */
export const vp9CodecString = (config: VpConfig): string =>
  `vp09.${twoDigits(config.profile)}.${twoDigits(config.level || 10)}.${twoDigits(config.bitDepth)}`;

/** mp4a.40.OBJECTTYPE, RFC 6381 section 3.3. */
export const aacCodecString = ({ objectType, sbr, ps }: AacConfig): string =>
  `mp4a.40.${ps ? 29 : sbr ? 5 : objectType}`;

/** Codecs whose string says nothing but their name. */
export const plainCodecStrings = {
  vp8: 'vp8',
  opus: 'opus',
  flac: 'flac',
  mp3: 'mp3',
  ac3: 'ac-3',
  eac3: 'ec-3',
} as const;
