// The one place that decides what a stream is called. RTMP, HTTP, WebSocket, API and web pages all come here,
// so however an encoder or a browser writes an address, the same stream has the same name.

import { MAX_PATH_UNITS, pathFault, segmentFault } from './name-rules.ts';
import { cutAt, type RtmpAddress, readRtmpAddress, splitPath } from './rtmp-address.ts';

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

/**
 * The name of what an RTMP client publishes or plays. Encoders cut one path in different places, so app and name are joined before
 * anything is judged. Both are taken as they are, not percent-decoded: encoders send letters as plain UTF-8.
 */
export function parseStreamName(address: RtmpAddress): StreamNameResult {
  const reading = readRtmpAddress(address);
  if ('fault' in reading) return refusal(reading.fault);
  const { segments, queries } = reading;
  // A "+" is one: tokens are typed as they are, and base64 has it.
  return judge(
    segments,
    parseQuery(queries, (text) => decodePercentOnce(text) ?? text),
  );
}

/**
 * The name in the path of a URL, raw as the request line has it: percent-encoding is undone here, exactly once
 * and segment by segment, so an encoded slash stays inside its segment and is refused. Takes a query along.
 */
export function parseStreamPath(path: string): StreamNameResult {
  const { before, after } = cutAt(path, /[?#]/);
  // Percent-encoding makes up to nine characters of one.
  if (before.length > MAX_PATH_UNITS * 9) return refusal('it is too long');
  const segments: string[] = [];
  for (const raw of splitPath(before)) {
    const segment = decodePercentOnce(raw);
    if (segment === undefined) return refusal('its percent-encoding is broken');
    segments.push(segment);
  }
  return judge(segments, parseQuery([after], decodeFormText));
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

const refusal = (reason: string): StreamNameRefusal => ({ ok: false, reason });

/** Later sources and later keys win. */
function parseQuery(sources: readonly string[], decode: (text: string) => string): Map<string, string> {
  const query = new Map<string, string>();
  for (const source of sources) {
    for (const pair of source.split('&')) {
      if (pair === '') continue;
      const { before, after } = cutAt(pair, /=/);
      query.set(decode(before), decode(after));
    }
  }
  return query;
}

function decodeFormText(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  return decodePercentOnce(spaced) ?? spaced;
}
