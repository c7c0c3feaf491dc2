import { detached } from './detached.ts';

/**
 * Hands over the bytes in every way a socket may deliver them that is worth trying: whole, cut in two at each
 * place (up to 4096 places, spread evenly), and byte by byte. `check` feeds the parts to a fresh reader.
 */
export function everySplit(bytes: Uint8Array, check: (parts: readonly Uint8Array[]) => void): void {
  check([detached(bytes)]);
  const step = Math.max(1, Math.floor(bytes.length / 4096));
  for (let at = 1; at < bytes.length; at += step) {
    check([detached(bytes.subarray(0, at)), detached(bytes.subarray(at))]);
  }
  check(Array.from(bytes, (byte) => detached(Uint8Array.of(byte))));
}

/** The bytes cut into parts of the given sizes, over and over until nothing is left. */
export function splitInto(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    parts.push(detached(bytes.subarray(at, at + size)));
    at += size;
  }
  return parts;
}
