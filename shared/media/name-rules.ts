// What a stream name may be made of. Reasons go on from "The stream name cannot be used: ".

/** First segments that are addresses of the server itself. */
export const reservedFirstSegments: readonly string[] = [
  'admin',
  'api',
  'watch',
  'embed',
  'assets',
  'metrics',
  'healthz',
  'readyz',
];

export const MIN_SEGMENTS = 2;
export const MAX_SEGMENTS = 6;
export const MAX_SEGMENT_CHARACTERS = 128;

/** Generous for 6 segments of 128 characters of two UTF-16 units each; keeps the checks cheap. */
export const MAX_PATH_UNITS = 2048;

/** Why a part of a name cannot be one. */
export function segmentFault(segment: string): string | undefined {
  // Among the letters and marks are some that show nothing, so that two names would look the same.
  const wrong = /[^\p{L}\p{M}\p{N}._~-]|\p{Default_Ignorable_Code_Point}/u.exec(segment)?.[0];
  if (wrong !== undefined) return `${describeCharacter(wrong)} is not allowed in it`;
  if (segment.startsWith('.')) return 'a part of it begins with a dot';
  // Counted as people count, not in UTF-16 units.
  if ([...segment].length > MAX_SEGMENT_CHARACTERS)
    return `a part of it is longer than ${MAX_SEGMENT_CHARACTERS} characters`;
  return undefined;
}

/** Why parts that are good each cannot be a name together. */
export function pathFault(segments: readonly string[]): string | undefined {
  const first = segments[0];
  if (first === undefined) return 'it is empty';
  if (reservedFirstSegments.includes(first)) return `"${first}" is an address of the server itself`;
  if (segments.length < MIN_SEGMENTS) return 'it has one part and needs two, an app and a key';
  if (segments.length > MAX_SEGMENTS) return `it has ${segments.length} parts and may have ${MAX_SEGMENTS}`;
  return undefined;
}

/** Control and other invisible characters by number, so that a reason can be shown and logged. */
function describeCharacter(character: string): string {
  if (character === ' ') return 'a space';
  if (character === '&') return '"&" (a query begins with a question mark)';
  if (character === '%') return '"%" (letters are written as they are, without percent-encoding)';
  if (/^[\p{P}\p{S}]$/u.test(character)) return `"${character}"`;
  return `the character U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
