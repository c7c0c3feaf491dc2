// What the publisher writes into each video frame so that a viewer can tell when it was sent and whether one is missing:
//   "SLBM" u32 | microseconds of the shared clock, high u32, low u32 | sequence number u32

const MAGIC = 0x534c424d;
const TWO_32 = 0x1_0000_0000;

export const FRAME_MARK_BYTES = 16;
/** Where the mark lies in a video body: behind its 5 bytes of FLV, a NAL length and a NAL header. */
export const FRAME_MARK_AT = 10;
/** The part of a body that a viewer has to look at. */
export const LEAD_BYTES = FRAME_MARK_AT + FRAME_MARK_BYTES;

export function writeFrameMark(body: Uint8Array, sentUs: number, sequence: number): void {
  const whole = Math.floor(sentUs);
  writeU32(body, FRAME_MARK_AT, MAGIC);
  writeU32(body, FRAME_MARK_AT + 4, Math.floor(whole / TWO_32));
  writeU32(body, FRAME_MARK_AT + 8, whole % TWO_32);
  writeU32(body, FRAME_MARK_AT + 12, sequence);
}

/** `bodyAt` is where the body begins in `bytes`, of which at least `LEAD_BYTES` are there. */
export const hasFrameMark = (bytes: Uint8Array, bodyAt: number): boolean =>
  readU32(bytes, bodyAt + FRAME_MARK_AT) === MAGIC;

export const markSentUs = (bytes: Uint8Array, bodyAt: number): number =>
  readU32(bytes, bodyAt + FRAME_MARK_AT + 4) * TWO_32 + readU32(bytes, bodyAt + FRAME_MARK_AT + 8);

export const markSequence = (bytes: Uint8Array, bodyAt: number): number =>
  readU32(bytes, bodyAt + FRAME_MARK_AT + 12);

export function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
