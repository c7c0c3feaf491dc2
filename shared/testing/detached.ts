/**
 * A copy that sits inside a larger buffer between guard bytes, as socket data does: code that reads through
 * `.buffer` without the offset, or past the end, gets nonsense instead of luck.
 */
export function detached(bytes: Uint8Array): Uint8Array {
  const guarded = new Uint8Array(bytes.length + 8).fill(0xa5);
  guarded.set(bytes, 4);
  return guarded.subarray(4, 4 + bytes.length);
}
