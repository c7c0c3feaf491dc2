import { concatBytes } from '../../shared/bytes/concat.ts';

/** How often a smaller input is tried. */
const MAX_TRIES = 2_000;

/** A shorter input that is still a finding: pieces are cut out, long ones first, for as long as that works. */
export function shrink(bytes: Uint8Array, isFinding: (bytes: Uint8Array) => boolean): Uint8Array {
  let best = bytes;
  let tries = 0;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length; ) {
      if (++tries > MAX_TRIES) return best;
      const shorter = concatBytes([best.subarray(0, at), best.subarray(at + size)]);
      if (isFinding(shorter)) best = shorter;
      else at += size;
    }
  }
  return best;
}
