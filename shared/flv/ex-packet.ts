// The part that audio and video headers of Enhanced RTMP v2 have in common ("ExVideoTagHeader", "ExAudioTagHeader"):
//   x 4 | packet type 4 | ModEx prefixes | [multitrack mode 4 | packet type 4] | FourCC | [track id | size] | body

/** Packet types. 0 to 2 and 7 mean the same for audio and video. */
export const exPacketType = { config: 0, frame: 1, end: 2, modEx: 7 } as const;
export const exVideoPacketType = {
  frameWithoutTime: 3,
  metadata: 4,
  mpeg2TsConfig: 5,
  multitrack: 6,
} as const;
export const exAudioPacketType = { multichannelConfig: 4, multitrack: 5 } as const;

const MODE_ONE_TRACK = 0;
const MODE_MANY_CODECS = 2;
/** Senders use one prefix. A body of nothing but prefixes must not keep a relay busy. */
const MAX_MOD_EX = 16;

/** Where the default track's body lies in a packet, and what the headers said of it. */
export interface ExPacket {
  packetType: number;
  fourCc: number;
  /** 0 is the default track. A packet without track 0 describes its first track. */
  trackId: number;
  /** The track's body is `start` to `end`. */
  start: number;
  end: number;
  /** Anything stood between the first byte and the FourCC. */
  wrapped: boolean;
}

export const emptyExPacket = (): ExPacket => ({
  packetType: 0,
  fourCc: 0,
  trackId: 0,
  start: 0,
  end: 0,
  wrapped: false,
});

/**
 * Reads the headers into an object that the caller keeps, because this runs for every packet of a stream.
 * False when the body is cut short or makes no sense; `into` is then undefined rubbish.
 */
export function readExPacket(body: Uint8Array, multitrackType: number, into: ExPacket): boolean {
  const at = readModEx(body, into);
  if (at < 0) return false;
  if (into.packetType === multitrackType) return readMultitrack(body, at, into);
  into.fourCc = fourCcAt(body, at);
  into.trackId = 0;
  into.start = at + 4;
  into.end = body.length;
  return into.start <= body.length;
}

/** Passes over ModEx prefixes, which wrap the real packet type. Gives the offset behind them, or -1. */
function readModEx(body: Uint8Array, into: ExPacket): number {
  into.packetType = (body[0] ?? 0) & 15;
  into.wrapped = false;
  let at = 1;
  for (let i = 0; into.packetType === exPacketType.modEx; i++) {
    if (i === MAX_MOD_EX) return -1;
    let size = (body[at] ?? 0) + 1;
    at++;
    if (size === 256) {
      size = (((body[at] ?? 0) << 8) | (body[at + 1] ?? 0)) + 1;
      at += 2;
    }
    at += size;
    if (at >= body.length) return -1;
    into.packetType = body[at]! & 15;
    into.wrapped = true;
    at++;
  }
  return body.length === 0 ? -1 : at;
}

function readMultitrack(body: Uint8Array, start: number, into: ExPacket): boolean {
  const modeAndType = body[start];
  if (modeAndType === undefined) return false;
  const mode = modeAndType >> 4;
  const multitrackType = into.packetType;
  into.packetType = modeAndType & 15;
  into.wrapped = true;
  if (
    mode > MODE_MANY_CODECS ||
    into.packetType === multitrackType ||
    into.packetType === exPacketType.modEx
  ) {
    return false;
  }
  let at = start + 1;
  if (mode !== MODE_MANY_CODECS) {
    into.fourCc = fourCcAt(body, at);
    at += 4;
  }
  return mode === MODE_ONE_TRACK ? readOneTrack(body, at, into) : findTrack(body, at, mode, into);
}

function readOneTrack(body: Uint8Array, at: number, into: ExPacket): boolean {
  into.trackId = body[at] ?? 0;
  into.start = at + 1;
  into.end = body.length;
  return into.start <= body.length;
}

/** Stops at track 0; without one, `into` describes the first track. */
function findTrack(body: Uint8Array, start: number, mode: number, into: ExPacket): boolean {
  let at = start;
  let first = true;
  while (at < body.length) {
    const fourCc = mode === MODE_MANY_CODECS ? fourCcAt(body, at) : into.fourCc;
    if (mode === MODE_MANY_CODECS) at += 4;
    const bodyStart = at + 4;
    const bodyEnd =
      bodyStart + (((body[at + 1] ?? 0) << 16) | ((body[at + 2] ?? 0) << 8) | (body[at + 3] ?? 0));
    if (bodyEnd > body.length) return false;
    const trackId = body[at]!;
    if (first || trackId === 0) {
      into.fourCc = fourCc;
      into.trackId = trackId;
      into.start = bodyStart;
      into.end = bodyEnd;
    }
    if (trackId === 0) return true;
    first = false;
    at = bodyEnd;
  }
  return !first;
}

const fourCcAt = (body: Uint8Array, at: number): number =>
  (((body[at] ?? 0) << 24) |
    ((body[at + 1] ?? 0) << 16) |
    ((body[at + 2] ?? 0) << 8) |
    (body[at + 3] ?? 0)) >>>
  0;
