/** A NAL unit without its emulation prevention bytes: each 00 00 03 is 00 00 (H.264 and H.265 section 7.4.1). */
export function unescapeRbsp(nalUnit: Uint8Array): Uint8Array {
  const rbsp = new Uint8Array(nalUnit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nalUnit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    rbsp[length++] = byte;
  }
  return rbsp.subarray(0, length);
}

/** A NAL unit with emulation prevention bytes, so that nothing in it looks like a start code. */
export function escapeRbsp(rbsp: Uint8Array): Uint8Array {
  const escaped: number[] = [];
  let zeros = 0;
  for (const byte of rbsp) {
    if (zeros >= 2 && byte <= 3) {
      escaped.push(3);
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    escaped.push(byte);
  }
  return Uint8Array.from(escaped);
}
