// A WebSocket frame from a server, RFC 6455 section 5.2:
//   FIN 1 | RSV 000 | opcode 4 bits | mask 0 | length 7 bits, or 126 and u16, or 127 and u64

const FIN_BINARY = 0x82;

/** Bytes of the header in front of a binary message of this length. */
export const binaryFrameHeaderBytes = (payloadBytes: number): number =>
  payloadBytes < 126 ? 2 : payloadBytes < 0x10000 ? 4 : 10;

/** Writes the header of an unfragmented, unmasked binary message and gives the offset behind it. */
export function writeBinaryFrameHeader(into: Uint8Array, at: number, payloadBytes: number): number {
  into[at] = FIN_BINARY;
  if (payloadBytes < 126) {
    into[at + 1] = payloadBytes;
    return at + 2;
  }
  const wide = payloadBytes >= 0x10000;
  into[at + 1] = wide ? 127 : 126;
  const end = at + (wide ? 10 : 4);
  let rest = payloadBytes;
  for (let i = end - 1; i > at + 1; i--) {
    into[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return end;
}
