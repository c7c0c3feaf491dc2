/** Bytes of bits written as text, padded with zeros to a whole byte; spaces are skipped. */
export function fromBits(text: string): Uint8Array {
  const bits = text.replace(/\s+/g, '');
  if (/[^01]/.test(bits)) throw new Error(`not bits: ${text}`);
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  return Uint8Array.from(padded.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

/** A number as an Exp-Golomb code, ue(v) of H.264 section 9.1. */
export function ue(value: number): string {
  const bits = (value + 1).toString(2);
  return '0'.repeat(bits.length - 1) + bits;
}
