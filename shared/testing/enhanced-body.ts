import { fromHex } from '../bytes/hex.ts';

// Bodies of Enhanced RTMP v2 written straight from its tables, sharing nothing with the code that reads them.

/** One track of a packet of several. `fourCc` makes it a packet of several codecs. */
export interface BodyTrack {
  readonly id: number;
  readonly fourCc?: string;
  readonly data: string;
}

export interface BodyOptions {
  readonly kind: 'audio' | 'video';
  readonly packetType: number;
  /** Of video: 1 key frame (the default), 2 inter frame, 5 command. */
  readonly frameType?: number;
  readonly fourCc?: string;
  /** Body in hex, of a packet that holds one track. */
  readonly data?: string;
  /** Wraps `data` as OneTrack. */
  readonly track?: number;
  /** Makes it ManyTracks, or ManyTracksManyCodecs when they name their codecs. */
  readonly tracks?: readonly BodyTrack[];
  /** A ModEx prefix: TimestampOffsetNano. */
  readonly nanos?: number;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const ascii = (text: string): string => Array.from(text, (letter) => hex(letter.charCodeAt(0), 2)).join('');

/** The body of an Enhanced audio or video message. */
export function enhancedBody(options: BodyOptions): Uint8Array {
  const { kind, packetType, frameType = 1, fourCc = '', data = '', track, tracks, nanos } = options;
  const high = kind === 'audio' ? '9' : hex(8 + frameType, 1);
  const wrapped = track !== undefined || tracks !== undefined;
  const outer = hex(wrapped ? (kind === 'audio' ? 5 : 6) : packetType, 1);
  // Size less one, three bytes of nanoseconds, then ModEx type 0 and the real packet type.
  const head = nanos === undefined ? high + outer : `${high}702${hex(nanos, 6)}0${outer}`;
  if (!wrapped) return fromHex(head + ascii(fourCc) + data);
  const inner = hex(packetType, 1);
  if (!tracks) return fromHex(`${head}0${inner}${ascii(fourCc)}${hex(track ?? 0, 2)}${data}`);
  const manyCodecs = tracks.some((one) => one.fourCc !== undefined);
  const table = tracks.map(
    (one) => ascii(one.fourCc ?? '') + hex(one.id, 2) + hex(one.data.length / 2, 6) + one.data,
  );
  return fromHex(
    head + (manyCodecs ? '2' : '1') + inner + (manyCodecs ? '' : ascii(fourCc)) + table.join(''),
  );
}
