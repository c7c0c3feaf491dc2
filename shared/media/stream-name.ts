// The one place that decides what a stream is called. RTMP, HTTP, WebSocket, API and web pages all come here,
// so however an encoder or a browser writes an address, the same stream has the same name.

export type StreamNameResult = StreamName | StreamNameRefusal;

export interface StreamName {
  readonly ok: true;
  /** The joined path, for example live/sub/room. */
  readonly name: string;
  readonly segments: readonly string[];
  /** What stood behind `?`. May hold a publishing secret: never shown, logged or counted. */
  readonly query: ReadonlyMap<string, string>;
}

export interface StreamNameRefusal {
  readonly ok: false;
  /** Plain words that go on from "The stream name cannot be used: ". Never holds any part of the query. */
  readonly reason: string;
}

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
const MAX_PATH_UNITS = 2048;

/**
 * The name of what an RTMP client publishes or plays. Encoders cut one path in different places (FFmpeg after two
 * segments, OBS where the user did, librtmp before the last), so app and name are joined before anything is judged.
 * Both are taken as they are, not percent-decoded: encoders send letters as plain UTF-8.
 */
export function parseStreamName(address: { app: string; name: string; tcUrl?: string }): StreamNameResult {
  const app = cut(address.app, /[?#]/);
  // OBS with an empty key sends an empty name, or only a query: the app's path is then the stream.
  const name = cut(address.name, /\?/);
  const tcUrl = cut(address.tcUrl ?? '', /\?/);
  if (app.before.length + name.before.length > MAX_PATH_UNITS) return refusal('it is too long');
  const segments = [...appSegments(app.before), ...split(withoutPrefix(name.before))];
  return judge(segments, parseQuery([tcUrl.after, app.after, name.after]));
}

/**
 * The name in the path of a URL, raw as the request line has it: percent-encoding is undone here, exactly once
 * and segment by segment, so an encoded slash stays inside its segment and is refused. Takes a query along.
 */
export function parseStreamPath(path: string): StreamNameResult {
  const { before, after } = cut(path, /[?#]/);
  // Percent-encoding makes up to nine characters of one.
  if (before.length > MAX_PATH_UNITS * 9) return refusal('it is too long');
  const segments: string[] = [];
  for (const raw of split(before)) {
    const segment = decodePercentOnce(raw);
    if (segment === undefined) return refusal('its percent-encoding is broken');
    segments.push(segment);
  }
  return judge(segments, parseQuery([after]));
}

/** The path of a stream in a URL, without a leading slash. */
export const encodeStreamPath = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

/** Percent-decodes once; undefined when the encoding is broken. Never throws. */
export function decodePercentOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function judge(given: readonly string[], query: ReadonlyMap<string, string>): StreamNameResult {
  // One letter can be written as one code point or as a letter and its accents: macOS prefers the latter, keyboards
  // give the former. NFC makes them one name.
  const segments = given.map((segment) => segment.normalize('NFC'));
  const last = segments.length - 1;
  // FFmpeg and librtmp cut ".flv" off themselves; OBS and URLs do not.
  if (last >= 0) segments[last] = segments[last]!.replace(/(?<=.)\.flv$/, '');
  const reason = segments.map(segmentFault).find((fault) => fault !== undefined) ?? pathFault(segments);
  return reason === undefined ? { ok: true, name: segments.join('/'), segments, query } : refusal(reason);
}

function segmentFault(segment: string): string | undefined {
  // Among the letters and marks are some that show nothing, so that two names would look the same.
  const wrong = /[^\p{L}\p{M}\p{N}._~-]|\p{Default_Ignorable_Code_Point}/u.exec(segment)?.[0];
  if (wrong !== undefined) return `${describeCharacter(wrong)} is not allowed in it`;
  if (segment.startsWith('.')) return 'a part of it begins with a dot';
  // Counted as people count, not in UTF-16 units.
  if ([...segment].length > MAX_SEGMENT_CHARACTERS)
    return `a part of it is longer than ${MAX_SEGMENT_CHARACTERS} characters`;
  return undefined;
}

function pathFault(segments: readonly string[]): string | undefined {
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
  if (character === '%') return '"%" (letters are written as they are, without percent-encoding)';
  if (/^[\p{P}\p{S}]$/u.test(character)) return `"${character}"`;
  return `the character U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

const refusal = (reason: string): StreamNameRefusal => ({ ok: false, reason });

const split = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

function appSegments(path: string): string[] {
  const segments = split(path);
  // Flash Media Server's name for the default instance of an app.
  if (segments.at(-1) === '_definst_') segments.pop();
  return segments;
}

/** FFmpeg and librtmp write "mp4:name" for an address that ended with .mp4; Flash wrote "flv:name". */
const withoutPrefix = (name: string): string => name.replace(/^\/?(?:mp4|flv|mp3):/, '');

function cut(text: string, at: RegExp): { before: string; after: string } {
  const index = text.search(at);
  return index < 0
    ? { before: text, after: '' }
    : { before: text.slice(0, index), after: text.slice(index + 1) };
}

/** Later sources and later keys win. */
function parseQuery(sources: readonly string[]): Map<string, string> {
  const query = new Map<string, string>();
  for (const source of sources) {
    for (const pair of source.split('&')) {
      if (pair === '') continue;
      const { before, after } = cut(pair, /=/);
      query.set(decodeQueryPart(before), decodeQueryPart(after));
    }
  }
  return query;
}

function decodeQueryPart(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  return decodePercentOnce(spaced) ?? spaced;
}
