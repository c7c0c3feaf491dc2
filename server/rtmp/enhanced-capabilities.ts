// Enhanced RTMP v2, "Enhancing NetConnection connect command": what the two ends of a connection say they can do.

import {
  type AmfObject,
  type AmfValue,
  amfGet,
  amfObject,
  asNumber,
  asString,
  isAmfArray,
  isAmfObject,
} from '../../shared/amf/amf-value.ts';

/** Bits of `capsEx`. */
export const capsEx = { reconnect: 1, multitrack: 2, modEx: 4, nanoTimestamps: 8 } as const;

/** Bits of a FourCC's entry in an information map. */
export const fourCcCan = { decode: 1, encode: 2, forward: 4 } as const;

/** What one end said. Plain data, safe to show: names that are no FourCC are left out. */
export interface EnhancedCapabilities {
  /** FourCCs, or `*` for all of them. */
  readonly fourCcList: readonly string[];
  /** FourCC or `*` to bits of `fourCcCan`. */
  readonly videoFourCcInfoMap: Readonly<Record<string, number>>;
  readonly audioFourCcInfoMap: Readonly<Record<string, number>>;
  readonly capsEx: number;
  /** 1 seek; Enhanced RTMP adds 2 HDR and 4 metadata packets. */
  readonly videoFunction: number;
}

/** A relay looks into nothing: it forwards every codec, and every wrapping it is given. */
export const relayCapabilities: EnhancedCapabilities = {
  fourCcList: ['*'],
  videoFourCcInfoMap: { '*': fourCcCan.forward },
  audioFourCcInfoMap: { '*': fourCcCan.forward },
  capsEx: capsEx.reconnect | capsEx.multitrack | capsEx.modEx | capsEx.nanoTimestamps,
  videoFunction: 0,
};

/** More than the FourCCs that exist by far. */
const MAX_FOURCCS = 64;
/** Flash Player has always said 1; only the other bits tell of Enhanced RTMP. */
const SEEK = 1;

/** Reads the properties of a connect or of its result; `undefined` when they show nothing of Enhanced RTMP. */
export function readCapabilities(properties: AmfValue): EnhancedCapabilities | undefined {
  const list = amfGet(properties, 'fourCcList');
  const video = amfGet(properties, 'videoFourCcInfoMap');
  const audio = amfGet(properties, 'audioFourCcInfoMap');
  const caps = asNumber(amfGet(properties, 'capsEx'));
  const videoFunction = bits(amfGet(properties, 'videoFunction'));
  const shown = isAmfArray(list) || isAmfObject(video) || isAmfObject(audio) || caps !== undefined;
  if (!shown && (videoFunction & ~SEEK) === 0) return undefined;
  return {
    fourCcList: isAmfArray(list) ? fourCcs(list.map(asString)) : [],
    videoFourCcInfoMap: infoMap(video),
    audioFourCcInfoMap: infoMap(audio),
    capsEx: bits(caps),
    videoFunction,
  };
}

/** The properties that tell the other end. */
export function writeCapabilities(capabilities: EnhancedCapabilities): Record<string, AmfValue> {
  return {
    fourCcList: [...capabilities.fourCcList],
    videoFourCcInfoMap: amfObject(capabilities.videoFourCcInfoMap),
    audioFourCcInfoMap: amfObject(capabilities.audioFourCcInfoMap),
    capsEx: capabilities.capsEx,
  };
}

const bits = (value: AmfValue): number => (asNumber(value) ?? 0) >>> 0;

const isFourCc = (text: string | undefined): text is string =>
  text !== undefined && /^(?:[\x20-\x7e]{4}|\*)$/.test(text);

const fourCcs = (texts: readonly (string | undefined)[]): string[] =>
  texts.slice(0, MAX_FOURCCS).filter(isFourCc);

function infoMap(value: AmfValue): Record<string, number> {
  const entries: readonly (readonly [string, AmfValue])[] = isAmfObject(value) ? entriesOf(value) : [];
  return Object.fromEntries(entries.map(([fourCc, mask]) => [fourCc, bits(mask)]));
}

const entriesOf = (object: AmfObject): [string, AmfValue][] =>
  [...object.entries].slice(0, MAX_FOURCCS).filter(([key]) => isFourCc(key));
