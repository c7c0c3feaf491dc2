/**
 * A value of AMF0 or AMF3, in the most natural shape TypeScript has for it. AMF's null and undefined stay apart; AMF3's
 * integers are numbers and its vectors arrays. Objects keep their properties in a `Map`, so a key such as `__proto__` is
 * only a key.
 */
export type AmfValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | AmfObject
  | AmfDate
  | AmfXml
  | AmfBytes
  | AmfDictionary
  | readonly AmfValue[];

/** An anonymous object, an ECMA array (named members, as in onMetaData) or an object with a class name. */
export interface AmfObject {
  readonly kind: 'object' | 'ecma-array' | 'typed-object';
  readonly entries: ReadonlyMap<string, AmfValue>;
  /** Only of a typed object. */
  readonly className?: string;
}

export interface AmfDate {
  readonly kind: 'date';
  /** Milliseconds since 1970, may be NaN or infinite. */
  readonly epochMs: number;
}

export interface AmfXml {
  readonly kind: 'xml';
  readonly text: string;
}

/** AMF3 only. */
export interface AmfBytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

/** AMF3 only: keys can be values of any kind. */
export interface AmfDictionary {
  readonly kind: 'dictionary';
  readonly pairs: readonly (readonly [key: AmfValue, value: AmfValue])[];
}

/** An anonymous object with the properties of a record. */
export const amfObject = (record: Readonly<Record<string, AmfValue>>): AmfObject => ({
  kind: 'object',
  entries: new Map(Object.entries(record)),
});

/** An ECMA array with the properties of a record: the form in which FFmpeg expects onMetaData. */
export const amfEcmaArray = (record: Readonly<Record<string, AmfValue>>): AmfObject => ({
  kind: 'ecma-array',
  entries: new Map(Object.entries(record)),
});

/** Whether a value has named members. */
export function isAmfObject(value: AmfValue): value is AmfObject {
  return typeof value === 'object' && value !== null && 'entries' in value && value.entries instanceof Map;
}

/** Whether a value is a strict array. */
export function isAmfArray(value: AmfValue): value is readonly AmfValue[] {
  return Array.isArray(value);
}

/** A member of an object or ECMA array; `undefined` when there is none or the value has no members. */
export const amfGet = (value: AmfValue, key: string): AmfValue =>
  isAmfObject(value) ? value.entries.get(key) : undefined;

/** The value if it is a string. */
export const asString = (value: AmfValue): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The value if it is a finite number. NaN and Infinity occur in the field and are no use to arithmetic. */
export const asNumber = (value: AmfValue): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** The value if it is a boolean. */
export const asBoolean = (value: AmfValue): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;
