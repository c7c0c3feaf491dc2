import { BitReader } from '../bytes/bit-reader.ts';
import { decodeAvcConfig } from '../codec/avc-config.ts';
import { encodeAvcRecord } from '../codec/avc-record.ts';
import { decodeHevcConfig } from '../codec/hevc-config.ts';
import { encodeHevcRecord, hevcSetTypes, hevcUnitType } from '../codec/hevc-record.ts';
import { type NalWalk, nextWithLength, walkFrom } from '../codec/nal-units.ts';
import { unescapeRbsp } from '../codec/rbsp.ts';
import { ifWellFormed } from './if-well-formed.ts';

/** Codecs whose header holds parameter sets, which may also come with the pictures. */
export type SetCodec = 'avc' | 'hevc';

/** What a decoder configuration record of one of them holds. */
export interface VideoRecord {
  readonly codec: SetCodec;
  readonly nalLengthSize: number;
  /** All parameter sets, in the order of the record. */
  readonly sets: readonly Uint8Array[];
}

const AVC_SPS = 7;
const AVC_PPS = 8;
/** A record has room for 31 sequence sets; encoders send two or three sets in all. */
export const MAX_SETS = 31;
/** What the two bytes of length in a record can say. */
export const MAX_SET_BYTES = 0xffff;

const avcUnitType = (unit: Uint8Array): number => (unit[0] ?? 0) & 0x1f;

/** What a unit is a set for; undefined for what is no parameter set. */
export function setKind(codec: SetCodec, unit: Uint8Array): 'video' | 'sequence' | 'picture' | undefined {
  const type = codec === 'avc' ? avcUnitType(unit) : hevcUnitType(unit);
  if (type === (codec === 'avc' ? AVC_SPS : hevcSetTypes.sequence)) return 'sequence';
  if (type === (codec === 'avc' ? AVC_PPS : hevcSetTypes.picture)) return 'picture';
  return codec === 'hevc' && type === hevcSetTypes.video ? 'video' : undefined;
}

/** Whether these sets are all that a decoder needs. */
export function isComplete(codec: SetCodec, sets: readonly Uint8Array[]): boolean {
  const kinds = new Set(sets.map((set) => setKind(codec, set)));
  return kinds.has('sequence') && kinds.has('picture') && (codec === 'avc' || kinds.has('video'));
}

/**
 * Reads a record that may be of either codec, whatever its packet says: an encoder that was given H.265 and knows only H.264 puts one where
 * the other belongs. Undefined when it is of neither, or a decoder could not begin with it.
 */
export function readVideoRecord(record: Uint8Array, claimed: SetCodec): VideoRecord | undefined {
  const others: SetCodec = claimed === 'avc' ? 'hevc' : 'avc';
  return readAs(claimed, record) ?? readAs(others, record);
}

const readAs = (codec: SetCodec, record: Uint8Array): VideoRecord | undefined =>
  ifWellFormed(() => (codec === 'avc' ? readAvc(record) : readHevc(record)));

function readAvc(record: Uint8Array): VideoRecord | undefined {
  const { nalLengthSize, sequenceParameterSets, pictureParameterSets } = decodeAvcConfig(record);
  const fits =
    sequenceParameterSets.every((set) => set.length >= 4 && avcUnitType(set) === AVC_SPS) &&
    pictureParameterSets.every((set) => avcUnitType(set) === AVC_PPS);
  const sets = [...sequenceParameterSets, ...pictureParameterSets];
  return fits && isComplete('avc', sets) ? { codec: 'avc', nalLengthSize, sets } : undefined;
}

function readHevc(record: Uint8Array): VideoRecord | undefined {
  const { nalLengthSize, units } = decodeHevcConfig(record);
  const sets = units.filter((unit) => setKind('hevc', unit) !== undefined);
  return isComplete('hevc', sets) ? { codec: 'hevc', nalLengthSize, sets } : undefined;
}

/** A record for sets that came with the pictures; undefined when they make no sense. */
export function writeVideoRecord({ codec, sets, nalLengthSize }: VideoRecord): Uint8Array | undefined {
  const of = (kind: string) => sets.filter((set) => setKind(codec, set) === kind).slice(0, MAX_SETS);
  return ifWellFormed(() =>
    codec === 'avc'
      ? encodeAvcRecord(of('sequence'), of('picture'), nalLengthSize)
      : encodeHevcRecord([...of('video'), ...of('sequence'), ...of('picture')], nalLengthSize),
  );
}

/** A record of copies of the parameter sets among these units, of the codec that they are of; undefined where they are not all that a decoder needs. */
export function recordOf(units: readonly Uint8Array[], nalLengthSize: number): VideoRecord | undefined {
  for (const codec of ['avc', 'hevc'] as const) {
    const sets = units.filter((unit) => setKind(codec, unit) !== undefined && unit.length <= MAX_SET_BYTES);
    if (isComplete(codec, sets)) return { codec, nalLengthSize, sets: sets.map((set) => set.slice()) };
  }
  return undefined;
}

/** An identifier of a picture set is in its first bytes. */
const ID_BYTES = 8;

/** pic_parameter_set_id; undefined when it makes no sense. */
export function pictureSetId(codec: SetCodec, set: Uint8Array): number | undefined {
  const header = codec === 'avc' ? 1 : 2;
  return ifWellFormed(() => new BitReader(unescapeRbsp(set.subarray(header, header + ID_BYTES))).ue());
}

/** The identifiers that the picture sets of a record have. */
export const pictureSetIds = ({ codec, sets }: VideoRecord): ReadonlySet<number | undefined> =>
  new Set(sets.filter((set) => setKind(codec, set) === 'picture').map((set) => pictureSetId(codec, set)));

/** First bytes of H.265 parameter sets: 32, 33 and 34, shifted by one bit. The second is 1. */
const hevcSetHeaders: ReadonlySet<number> = new Set([0x40, 0x42, 0x44]);

/**
 * The codec that units are of by their parameter sets, whatever is claimed; undefined where there are none. No H.265 begins with an odd byte,
 * and no H.264 with two units that look like sets of H.265.
 */
export function codecOfSets(
  walk: NalWalk,
  units: Uint8Array,
  from: number,
  to: number,
  lengthSize: number,
): SetCodec | undefined {
  walkFrom(walk, from, to);
  let count = 0;
  let ofHevc = 0;
  while (nextWithLength(units, walk, lengthSize)) {
    const first = units[walk.start]!;
    count++;
    if ((first & 0x9f) === AVC_SPS && first > AVC_SPS && walk.end - walk.start >= 4) return 'avc';
    if (units[walk.start + 1] === 1 && hevcSetHeaders.has(first)) ofHevc++;
  }
  return ofHevc >= 2 || (ofHevc > 0 && ofHevc === count) ? 'hevc' : undefined;
}
