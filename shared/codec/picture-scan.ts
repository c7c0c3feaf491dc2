import { newNalWalk, nextWithLength, walkFrom } from './nal-units.ts';

// What a coded picture is, by the headers of its NAL units: H.264 section 7.4.1, H.265 section 7.4.2.2, H.266 section 7.4.2.2.

/**
 * - `start`: decoding can start here.
 * - `recovery`: decoding can start here and is whole some pictures later (intra refresh, open groups). Browsers do not start at one.
 * - `delta`: needs pictures before it.
 * - `none`: there is no picture in it, only what goes with pictures.
 * - `unknown`: the bytes do not tell.
 */
export type PictureKind = 'start' | 'recovery' | 'delta' | 'none' | 'unknown';

/** What was found in a picture. Filled in again and again, because every picture is looked at. */
export interface PictureScan {
  kind: PictureKind;
  /** Parameter sets are in it. */
  sets: boolean;
  /** Of `recovery`: the picture is whole at once, as that of an open group, and not bit by bit. */
  isWhole: boolean;
}

export const newPictureScan = (): PictureScan => ({ kind: 'unknown', sets: false, isWhole: false });

/** What a NAL unit means here. */
const unit = { other: 0, start: 1, delta: 2, set: 3, sei: 4, recovery: 5 } as const;
type Unit = (typeof unit)[keyof typeof unit];

/** Codecs that are made of NAL units. */
export type NalCodec = 'avc' | 'hevc' | 'vvc';

const walk = newNalWalk();

/** Looks at a picture, `from` to `to` of `data`, whose units have a length of `lengthSize` bytes in front. */
export function scanPicture(
  codec: NalCodec,
  data: Uint8Array,
  from: number,
  to: number,
  lengthSize: number,
  into: PictureScan,
): void {
  const unitOf = units[codec];
  into.sets = false;
  into.kind = 'none';
  into.isWhole = false;
  let recovers = false;
  walkFrom(walk, from, to);
  while (nextWithLength(data, walk, lengthSize)) {
    const found = unitOf(data, walk.start, walk.end);
    if (found === unit.set) into.sets = true;
    else if (found === unit.sei) {
      const at = recoveryPoint(data, walk.start + (codec === 'avc' ? 1 : 2), walk.end);
      if (at < 0) continue;
      recovers = true;
      // recovery_frame_cnt ue(v), or recovery_poc_cnt se(v): a one is zero of both.
      into.isWhole = data[at]! >= 0x80;
    } else if (found !== unit.other) {
      // All slices of a picture are of one kind: the rest need not be looked at.
      into.kind = found === unit.start ? 'start' : recovers || found === unit.recovery ? 'recovery' : 'delta';
      return;
    }
  }
  if (walk.at !== to) into.kind = 'unknown';
}

const units: Readonly<Record<NalCodec, (data: Uint8Array, at: number, end: number) => Unit>> = {
  avc(data, at) {
    const type = data[at]! & 0x1f;
    if (type === 5) return unit.start;
    if (type >= 1 && type <= 4) return unit.delta;
    if (type === 7 || type === 8) return unit.set;
    return type === 6 ? unit.sei : unit.other;
  },
  hevc(data, at) {
    const type = (data[at]! >> 1) & 0x3f;
    // BLA, IDR and CRA.
    if (type >= 16 && type <= 21) return unit.start;
    if (type < 32) return unit.delta;
    if (type <= 34) return unit.set;
    return type === 39 ? unit.sei : unit.other;
  },
  vvc(data, at, end) {
    if (end - at < 2) return unit.other;
    const type = data[at + 1]! >> 3;
    // IDR and CRA; a gradual refresh begins at type 10.
    if (type >= 7 && type <= 9) return unit.start;
    if (type === 10) return unit.recovery;
    if (type < 12) return unit.delta;
    if (type >= 14 && type <= 16) return unit.set;
    return unit.other;
  },
};

const SEI_RECOVERY_POINT = 6;

/**
 * Where a supplemental enhancement information unit says how decoding recovers from here (H.264 and H.265 section D.2); -1 where it does
 * not.
 */
function recoveryPoint(data: Uint8Array, start: number, end: number): number {
  let at = start;
  // What is left at the end is the stop bit.
  while (at + 2 < end) {
    let type = 0;
    while (at < end && data[at] === 0xff) {
      type += 255;
      at++;
    }
    type += data[at++] ?? 0;
    let size = 0;
    while (at < end && data[at] === 0xff) {
      size += 255;
      at++;
    }
    size += data[at++] ?? 0;
    if (type === SEI_RECOVERY_POINT) return at;
    at = behindPayload(data, at, end, size);
  }
  return -1;
}

/** The offset behind `size` bytes of payload: emulation prevention bytes are not counted in it. */
function behindPayload(data: Uint8Array, start: number, end: number, size: number): number {
  let at = start;
  let zeros = 0;
  for (let left = size; left > 0 && at < end; at++) {
    const byte = data[at]!;
    const isPrevention = zeros >= 2 && byte === 3;
    zeros = byte === 0 ? zeros + 1 : 0;
    if (!isPrevention) left--;
  }
  return at;
}

/** VP8: the lowest bit of the frame tag (RFC 6386 section 9.1). */
export const vp8PictureKind = (frame: Uint8Array, at: number): PictureKind =>
  frame[at] === undefined ? 'none' : (frame[at] & 1) === 0 ? 'start' : 'delta';

/** VP9: the uncompressed header (VP9 bitstream specification section 6.2). */
export function vp9PictureKind(frame: Uint8Array, at: number): PictureKind {
  const first = frame[at];
  if (first === undefined) return 'none';
  if (first >> 6 !== 2) return 'unknown';
  const isProfile3 = (first & 0x30) === 0x30;
  const showsExisting = (first >> (isProfile3 ? 2 : 3)) & 1;
  const isDelta = (first >> (isProfile3 ? 1 : 2)) & 1;
  return showsExisting === 0 && isDelta === 0 ? 'start' : 'delta';
}

const obu = { frameHeader: 3, frame: 6 } as const;

/** AV1: the first frame header of a temporal unit (AV1 specification sections 5.3 and 5.9.2). */
export function av1PictureKind(data: Uint8Array, from: number, to: number): PictureKind {
  walkFrom(walk, from, to);
  for (let type = nextObu(data); type >= 0; type = nextObu(data)) {
    if (type !== obu.frame && type !== obu.frameHeader) continue;
    if (walk.end === walk.start) return 'unknown';
    const first = data[walk.start]!;
    // show_existing_frame 1 | frame_type 2: 0 is a key frame | show_frame 1
    return first >> 5 === 0 && (first & 0x10) !== 0 ? 'start' : 'delta';
  }
  return walk.at === to ? 'none' : 'unknown';
}

/** Steps to the next open bitstream unit and gives its type; -1 at the end, and where a size does not fit. */
function nextObu(data: Uint8Array): number {
  const { limit } = walk;
  if (walk.at >= limit) return -1;
  const header = data[walk.at]!;
  let at = walk.at + ((header & 4) !== 0 ? 2 : 1);
  let size = limit - at;
  if ((header & 2) !== 0) {
    size = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80 && shift < 56; shift += 7) {
      byte = data[at++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
    }
  }
  if (size < 0 || at + size > limit) return -1;
  walk.start = at;
  walk.end = at + size;
  walk.at = walk.end;
  return (header >> 3) & 15;
}
