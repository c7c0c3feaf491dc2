// How an RTMP client tells an address that somebody typed. It comes in two pieces, the app and the name. OBS sends what stands in its two
// fields. A program with one field cuts at a slash by a rule of its own, which does not look at the "?": FFmpeg and librtmp make of
// live/main?token=ab/cd the app live/main?token=ab and the name cd. OBS sends the same for a server live/main?token=ab and a key cd.

import { MAX_PATH_UNITS, MAX_SEGMENTS, MIN_SEGMENTS, segmentFault } from './name-rules.ts';

/** What a client says of the address. Only app and name are always there. */
export interface RtmpAddress {
  readonly app: string;
  readonly name: string;
  readonly tcUrl?: string;
  readonly swfUrl?: string;
  readonly flashVer?: string;
}

/** What an address means: the parts of a name, and what stands behind each `?`, the weakest first. Or why that is not clear. */
export type AddressReading =
  | { readonly segments: readonly string[]; readonly queries: readonly string[] }
  | { readonly fault: string };

// No reason has a question mark in it: the log leaves out what follows one.
const tooLong = { fault: 'it is too long' };
const keyMissing = {
  fault:
    'it has one part and needs two, an app and a key; what stands behind a question mark is no part of it',
};
const slashUnclear = {
  fault:
    'a slash ("/") stands behind its question mark, so a key or the rest of the query may follow; write "%2F" for a slash in a query',
};

/** Reads the two pieces of an address as the person meant them who typed it. */
export function readRtmpAddress(address: RtmpAddress): AddressReading {
  const app = cutAt(address.app, /[?#]/);
  // OBS with an empty key sends an empty name, or only a query: the app's path is then the stream.
  const name = cutAt(address.name, /\?/);
  const tcUrl = cutAt(address.tcUrl ?? '', /\?/);
  if (app.before.length > MAX_PATH_UNITS) return tooLong;
  const head = appSegments(app.before);
  const asCut = (): AddressReading =>
    app.before.length + name.before.length > MAX_PATH_UNITS
      ? tooLong
      : {
          segments: [...head, ...splitPath(withoutPrefix(name.before))],
          queries: [tcUrl.after, app.after, name.after],
        };
  if (app.before === address.app) return asCut();
  const cutter = whoCut(address, head.length, { query: app.after, path: name.before });
  if (cutter === 'person') return asCut();
  const rest = `${app.after}/${withoutPrefix(address.name)}`;
  const hasMore = name.before !== '' || app.after.includes('/');
  if (head.length < MIN_SEGMENTS && hasMore) return findKey(head, rest, tcUrl.after, asCut);
  // A slash at the end, with nothing behind it, is a slip of whoever typed it.
  if (name.before === '') return asCut();
  // The name is whole before the "?": all behind it is the query, as in every URL, unless that cut may have been a person's.
  const isCertain = cutter === 'program' || looksLikeQuery(name.before);
  if (isCertain) return { segments: head, queries: [tcUrl.after, rest] };
  return isKey(name.before) ? slashUnclear : asCut();
}

/**
 * Whether a person cut the address, in two fields, or a program did by its rule. The Flash encoder and those after it, such as OBS and
 * HaishinKit, give the first field as swfUrl as well. Programs with one field are known by what they call themselves, or by a tcUrl with all of it.
 */
function whoCut(
  { app, name, tcUrl = '', swfUrl = '', flashVer = '' }: RtmpAddress,
  headLength: number,
  { query, path }: { readonly query: string; readonly path: string },
): 'person' | 'program' | 'unknown' {
  if (name !== '' && tcUrl.endsWith(`/${app}/${name}`)) return 'program';
  if (swfUrl !== '' && swfUrl === tcUrl) return 'person';
  if (/Lavf|^LNX /.test(flashVer)) return 'program';
  // No rule leaves a slash to the name and none to the app.
  const noRule = headLength < MIN_SEGMENTS && !query.includes('/') && path.includes('/');
  return noRule ? 'person' : 'unknown';
}

/** An app without a key, a query, and somewhere behind a slash the key: live?token=ab/main. Which slash that is must be clear. */
function findKey(
  head: readonly string[],
  rest: string,
  weakest: string,
  asCut: () => AddressReading,
): AddressReading {
  const { before, after } = cutAt(rest, /\?/);
  const pieces = before.split('/');
  const key: string[] = [];
  let found: AddressReading | undefined;
  for (let at = pieces.length - 1; at > 0; at--) {
    const piece = pieces[at]!;
    if (piece === '') continue;
    if (!isKey(piece) || head.length + key.length >= MAX_SEGMENTS) break;
    key.unshift(piece);
    if (head.length + key.length < MIN_SEGMENTS) continue;
    if (found !== undefined) return slashUnclear;
    found = { segments: [...head, ...key], queries: [weakest, pieces.slice(0, at).join('/'), after] };
  }
  if (found !== undefined) return found;
  return looksLikeQuery(pieces.at(-1) ?? '') || key.length > 0 ? keyMissing : asCut();
}

/** Has characters that queries have and names have not. */
const looksLikeQuery = (text: string): boolean => /[=&+%:]/.test(text);

const isKey = (path: string): boolean =>
  path.length <= MAX_PATH_UNITS &&
  splitPath(path).every((part) => segmentFault(part.normalize('NFC')) === undefined);

/** The parts of a path; empty ones are left out. */
export const splitPath = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

function appSegments(path: string): string[] {
  const segments = splitPath(path);
  // Flash Media Server's name for the default instance of an app.
  if (segments.at(-1) === '_definst_') segments.pop();
  return segments;
}

/** FFmpeg and librtmp write "mp4:name" for an address that ended with .mp4; Flash wrote "flv:name". */
const withoutPrefix = (name: string): string => name.replace(/^\/?(?:mp4|flv|mp3):/, '');

/** What stands before and behind the first match, which itself is left out. */
export function cutAt(text: string, at: RegExp): { before: string; after: string } {
  const index = text.search(at);
  return index < 0
    ? { before: text, after: '' }
    : { before: text.slice(0, index), after: text.slice(index + 1) };
}
