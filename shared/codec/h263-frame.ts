import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';

// H263VIDEOPACKET, Adobe FLV specification 10.1 section E.4.3 (Sorenson H.263).

const fixedSizes: Readonly<Record<number, readonly [number, number]>> = {
  2: [352, 288],
  3: [176, 144],
  4: [128, 96],
  5: [320, 240],
  6: [160, 120],
};

/** The size that each Sorenson H.263 picture carries. */
export function decodeH263PictureSize(frame: Uint8Array): PictureSize {
  const reader = new BitReader(frame);
  if (reader.bits(17) !== 1) throw new ProtocolError('bad-marker', 'no H.263 start code', 0);
  reader.skip(5 + 8); // version, temporal reference
  const sizeCode = reader.bits(3);
  const fixed = fixedSizes[sizeCode];
  if (fixed !== undefined) return { width: fixed[0], height: fixed[1] };
  if (sizeCode > 1) throw new ProtocolError('bad-value', 'a reserved H.263 picture size');
  const bits = sizeCode === 0 ? 8 : 16;
  return pictureSize(reader.bits(bits), reader.bits(bits));
}
