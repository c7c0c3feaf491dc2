/** Shared by everything that holds no bytes. */
export const noBytes = new Uint8Array(0);

/** Four bytes as an unsigned number, without the view object that a `DataView` would cost. */
export function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** Do these four bytes spell the value? `undefined`: those before `end` do, and the rest is missing. */
export function matchesU32(bytes: Uint8Array, at: number, end: number, value: number): boolean | undefined {
  for (let i = 0; i < 4; i++) {
    if (at + i >= end) return undefined;
    if (bytes[at + i] !== ((value >>> (24 - 8 * i)) & 0xff)) return false;
  }
  return true;
}

/** Two arrays in one. */
export function joinTwo(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
