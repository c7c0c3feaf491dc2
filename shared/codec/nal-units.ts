// How NAL units lie in a picture: with a length in front (ISO/IEC 14496-15 section 5.3.3.1), as FLV has them, or with start
// codes between them (H.264 and H.265 annex B), as encoders send that were written for MPEG-TS.

/** Walks over the NAL units of a picture. Kept by whoever walks, because every picture of a stream is walked. */
export interface NalWalk {
  /** The unit found last is `start` to `end`, with its header and without length or start code. */
  start: number;
  end: number;
  /** Where the next one is looked for. */
  at: number;
  /** Where the picture ends. */
  limit: number;
}

export const newNalWalk = (): NalWalk => ({ start: 0, end: 0, at: 0, limit: 0 });

/** Begins at a picture that is `from` to `to` of what follows. */
export function walkFrom(walk: NalWalk, from: number, to: number): void {
  walk.at = from;
  walk.limit = to;
}

/**
 * Steps to the next NAL unit of `data` that has a length in front; empty ones are passed over (DJI sends them). False at the end, and
 * where a length does not fit: then `at` is not the end of the data.
 */
export function nextWithLength(data: Uint8Array, walk: NalWalk, lengthSize: number): boolean {
  while (walk.at + lengthSize <= walk.limit) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + data[walk.at + i]!;
    const start = walk.at + lengthSize;
    if (start + length > walk.limit) return false;
    walk.start = start;
    walk.end = start + length;
    walk.at = walk.end;
    if (length > 0) return true;
  }
  return false;
}

/** Steps to the next NAL unit of `data` that has a start code in front. False at the end. */
export function nextWithStartCode(data: Uint8Array, walk: NalWalk): boolean {
  const { limit } = walk;
  for (
    let start = startCodeEnd(data, walk.at, limit);
    start >= 0;
    start = startCodeEnd(data, walk.at, limit)
  ) {
    const next = startCodeEnd(data, start, limit);
    let end = next < 0 ? limit : next - 3;
    walk.at = end;
    // The zero byte of a long start code, and trailing zeros, are of no unit.
    while (end > start && data[end - 1] === 0) end--;
    walk.start = start;
    walk.end = end;
    if (end > start) return true;
  }
  return false;
}

/**
 * Whether units with start codes lie from `from` to `to`. Lengths of 1, and of 256 to 511, look like start codes as well: they are lengths
 * where all of them fit.
 */
export function hasStartCodes(data: Uint8Array, from: number, to: number, lengthSize: number): boolean {
  if (to - from < 4 || !isStartCode(data, from)) return false;
  walkFrom(fitting, from, to);
  while (nextWithLength(data, fitting, lengthSize));
  // Zeros behind a picture are no unit. A unit of one byte is not believed so easily.
  const padding = data[from + 2] === 1 ? lengthSize - 1 : 0;
  return to - fitting.at > padding;
}

/** Whether lengths of this size lead from unit to unit, none of them empty, and exactly to the end. */
export function lengthsFit(data: Uint8Array, from: number, to: number, lengthSize: number): boolean {
  walkFrom(fitting, from, to);
  for (let at = from; at < to; at = fitting.at) {
    if (!nextWithLength(data, fitting, lengthSize) || fitting.start !== at + lengthSize) return false;
  }
  return to > from;
}

/** Kept between calls so that a call allocates nothing; it holds nothing between them. */
const fitting = newNalWalk();

/** Whether there is a start code at `at`. */
export const isStartCode = (data: Uint8Array, at: number): boolean =>
  data[at] === 0 && data[at + 1] === 0 && (data[at + 2] === 1 || (data[at + 2] === 0 && data[at + 3] === 1));

/** The first `head` bytes of `body` as they are, then its units with `lengthSize` bytes of length instead of start codes. */
export function withLengths(body: Uint8Array, head: number, lengthSize: number): Uint8Array {
  const walk = newNalWalk();
  walkFrom(walk, head, body.length);
  let size = head;
  while (nextWithStartCode(body, walk)) size += lengthSize + walk.end - walk.start;
  const out = new Uint8Array(size);
  out.set(body.subarray(0, head));
  let at = head;
  walkFrom(walk, head, body.length);
  while (nextWithStartCode(body, walk)) {
    const length = walk.end - walk.start;
    for (let i = 0; i < lengthSize; i++) out[at + i] = length >>> (8 * (lengthSize - 1 - i));
    out.set(body.subarray(walk.start, walk.end), at + lengthSize);
    at += lengthSize + length;
  }
  return out;
}

/** The offset behind the next start code from `from` on; -1 without one. */
function startCodeEnd(data: Uint8Array, from: number, limit: number): number {
  for (let at = data.indexOf(1, from + 2); at >= 0 && at < limit; at = data.indexOf(1, at + 1)) {
    if (data[at - 1] === 0 && data[at - 2] === 0) return at + 1;
  }
  return -1;
}
