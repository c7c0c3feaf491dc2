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

export const multitrackMode = { oneTrack: 0, manyTracks: 1, manyCodecs: 2 } as const;
/** Senders use one prefix. A body of nothing but prefixes must not keep a relay busy. */
const MAX_MOD_EX = 16;

/** Where one track's body lies in a packet, and what the headers said of it. */
export interface ExPacket {
  packetType: number;
  fourCc: number;
  /** 0 is the default track. A packet without the track that was asked for describes its first one. */
  trackId: number;
  /** The track's body is `start` to `end`. */
  start: number;
  end: number;
  /** Anything stood between the first byte and the FourCC. */
  wrapped: boolean;
  /** Offset behind the ModEx prefixes: 1 without any. */
  prefixEnd: number;
  /** -1: no multitrack packet; else one of `multitrackMode`. */
  mode: number;
}

export const emptyExPacket = (): ExPacket => ({
  packetType: 0,
  fourCc: 0,
  trackId: 0,
  start: 0,
  end: 0,
  wrapped: false,
  prefixEnd: 1,
  mode: -1,
});

/**
 * Reads the headers into an object that the caller keeps, because this runs for every packet of a stream.
 * False when the body is cut short or makes no sense; `into` is then undefined rubbish.
 */
export function readExPacket(body: Uint8Array, multitrackType: number, into: ExPacket, track = 0): boolean {
  const at = readModEx(body, into);
  if (at < 0) return false;
  into.prefixEnd = at;
  into.mode = -1;
  if (into.packetType === multitrackType) return readMultitrack(body, at, into, track);
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

function readMultitrack(body: Uint8Array, start: number, into: ExPacket, track: number): boolean {
  const modeAndType = body[start];
  if (modeAndType === undefined) return false;
  const mode = modeAndType >> 4;
  const multitrackType = into.packetType;
  into.mode = mode;
  into.packetType = modeAndType & 15;
  into.wrapped = true;
  if (
    mode > multitrackMode.manyCodecs ||
    into.packetType === multitrackType ||
    into.packetType === exPacketType.modEx
  ) {
    return false;
  }
  let at = start + 1;
  if (mode !== multitrackMode.manyCodecs) {
    into.fourCc = fourCcAt(body, at);
    at += 4;
  }
  return mode === multitrackMode.oneTrack ? readOneTrack(body, at, into) : findTrack(body, at, into, track);
}

function readOneTrack(body: Uint8Array, at: number, into: ExPacket): boolean {
  into.trackId = body[at] ?? 0;
  into.start = at + 1;
  into.end = body.length;
  return into.start <= body.length;
}

/** Stops at the track that is wanted; without it, `into` describes the first one. */
function findTrack(body: Uint8Array, start: number, into: ExPacket, wanted: number): boolean {
  for (let at = start; at < body.length; ) {
    at = readTrackEntry(body, at, into);
    if (at < 0) return false;
    if (into.trackId === wanted) return true;
  }
  return start < body.length && readTrackEntry(body, start, into) >= 0;
}

/** Reads one entry of a table of tracks. Gives the offset behind it, or -1 when it is cut short. */
export function readTrackEntry(body: Uint8Array, entryStart: number, into: ExPacket): number {
  let at = entryStart;
  if (into.mode === multitrackMode.manyCodecs) {
    into.fourCc = fourCcAt(body, at);
    at += 4;
  }
  into.start = at + 4;
  into.end = into.start + (((body[at + 1] ?? 0) << 16) | ((body[at + 2] ?? 0) << 8) | (body[at + 3] ?? 0));
  if (into.end > body.length) return -1;
  into.trackId = body[at]!;
  return into.end;
}

const fourCcAt = (body: Uint8Array, at: number): number =>
  (((body[at] ?? 0) << 24) |
    ((body[at + 1] ?? 0) << 16) |
    ((body[at + 2] ?? 0) << 8) |
    (body[at + 3] ?? 0)) >>>
  0;
