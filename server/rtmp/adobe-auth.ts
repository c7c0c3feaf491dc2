// Publisher authentication of Flash Media Server ("authmod=adobe"), as OBS, FFmpeg and GStreamer do it with a user name and
// a password. No specification exists. Three connections: the first is refused with "need auth", the second names
// the user and is refused with a challenge, the third answers it. All of it travels behind the app's `?`.
//
//   h = base64(md5(user + salt + password))    response = base64(md5(h + opaque + the client's own challenge))

import { amfGet } from '../../shared/amf/amf-value.ts';
import { toBase64 } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import type { ConnectRequest } from './session-event.ts';

export interface AuthCrypto {
  md5(data: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  randomBytes(length: number): Uint8Array;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * `ask` and `challenge` are steps on the way: refuse the connect with this description and expect the client again.
 * `failed` is a wrong answer, or one that came too late.
 */
export type AuthVerdict =
  | { readonly type: 'passed' }
  | { readonly type: 'ask' | 'challenge' | 'failed'; readonly description: string };

/** From challenge to answer: encoders reconnect at once, people do not take part in it. */
const ANSWER_WITHIN_MS = 60_000;
/** Short, because FFmpeg reads 255 bytes of a description and no more. Guesses cost a connection each. */
const MAC_BYTES = 8;
/** It is sent back in the challenge, which has to stay under 256 bytes. */
const MAX_USER = 80;
const FAILED: AuthVerdict = {
  type: 'failed',
  description: '[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed',
};

/**
 * Verifies publishers. Remembers nothing: what it hands out is a time and its HMAC under a key of its own. Which
 * part of name and password was wrong is never told.
 */
export class AdobeAuth {
  readonly #crypto: AuthCrypto;
  readonly #credentials: Credentials;
  readonly #key: Uint8Array;

  constructor(credentials: Credentials, crypto: AuthCrypto) {
    this.#crypto = crypto;
    this.#credentials = credentials;
    this.#key = crypto.randomBytes(32);
  }

  /** Judges a connect by its app, as the client sent it. */
  judge(app: string, nowMs: number): AuthVerdict {
    const query = authQuery(app);
    const user = query?.get('user');
    if (user === undefined) {
      return { type: 'ask', description: '[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ]' };
    }
    if (user.length > MAX_USER) return FAILED;
    const response = query?.get('response');
    if (response === undefined) return { type: 'challenge', description: this.#challenge(user, nowMs) };
    const own = query?.get('challenge') ?? '';
    const opaque = query?.get('opaque') ?? '';
    return this.#verify({ user, response, own, opaque }, nowMs) ? { type: 'passed' } : FAILED;
  }

  // librtmp takes the last value to the end of the text: nothing may follow it.
  #challenge(user: string, nowMs: number): string {
    const opaque = this.#opaque(Math.floor(nowMs).toString(16));
    const parts = `user=${user}&salt=${this.#salt(user)}&challenge=${opaque}&opaque=${opaque}`;
    return `[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&${parts}`;
  }

  #verify(
    { user, response, own, opaque }: { user: string; response: string; own: string; opaque: string },
    nowMs: number,
  ): boolean {
    const { user: knownUser, password } = this.#credentials;
    const time = opaque.split('-', 1)[0] ?? '';
    const ageMs = nowMs - Number.parseInt(time, 16);
    const fresh = sameText(opaque, this.#opaque(time)) && ageMs >= 0 && ageMs <= ANSWER_WITHIN_MS;
    const salt = this.#salt(user);
    const expected = adobeResponse({ user, password }, { salt, opaque }, own, this.#crypto);
    // Both are looked at in any case, so that the time it takes says nothing.
    const answered = sameText(response, expected);
    return sameText(user, knownUser) && answered && fresh;
  }

  #salt(user: string): string {
    return this.#mac(`salt ${user}`);
  }

  #opaque(time: string): string {
    return `${time}-${this.#mac(`opaque ${time}`)}`;
  }

  #mac(text: string): string {
    return toHex(this.#crypto.hmacSha256(this.#key, encodeUtf8(text)).subarray(0, MAC_BYTES));
  }
}

/**
 * Whether a client that says connect is an encoder: a login can only be asked for before it says what it wants, and
 * players have none. FFmpeg and librtmp say both of this when they publish, GStreamer only `type`.
 */
export const asksToPublish = ({ flashVer, properties }: ConnectRequest): boolean =>
  flashVer.startsWith('FMLE/') || amfGet(properties, 'type') === 'nonprivate';

/** Whether the app carries a step of a login. */
export const usesAuth = (app: string): boolean => authQuery(app) !== undefined;

/** The app without what authentication put behind it. */
export function withoutAuth(app: string): string {
  const at = app.search(/[?&]authmod=/);
  return at < 0 ? app : app.slice(0, at);
}

/**
 * The client's side: what to append to app and tcUrl for the next connection, after one was refused with this
 * description; undefined when another attempt would be no use.
 */
export function nextAuthAttempt(
  description: string,
  credentials: Credentials,
  crypto: AuthCrypto,
): string | undefined {
  if (!description.includes('authmod=adobe')) return undefined;
  const named = `?authmod=adobe&user=${credentials.user}`;
  if (description.includes('code=403 need auth')) return named;
  const at = description.indexOf('?reason=needauth');
  if (at < 0) return undefined;
  const query = parsePairs(description.slice(at + 1));
  const opaque = query.get('opaque') ?? '';
  const challenge = { salt: query.get('salt') ?? '', opaque: opaque || (query.get('challenge') ?? '') };
  const own = toHex(crypto.randomBytes(4));
  const response = adobeResponse(credentials, challenge, own, crypto);
  return `${named}&challenge=${own}&response=${response}&opaque=${opaque}`;
}

/** The answer to a challenge. */
export function adobeResponse(
  { user, password }: Credentials,
  { salt, opaque }: { readonly salt: string; readonly opaque: string },
  clientChallenge: string,
  crypto: AuthCrypto,
): string {
  const hash = (text: string): string => toBase64(crypto.md5(encodeUtf8(text)));
  return hash(hash(user + salt + password) + opaque + clientChallenge);
}

/** librtmp begins with another `?` where the app has a query already. Values are as they are: base64 has a `+`. */
function authQuery(app: string): Map<string, string> | undefined {
  const at = app.search(/[?&]authmod=adobe(?:&|$)/);
  return at < 0 ? undefined : parsePairs(app.slice(at + 1));
}

function parsePairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) pairs.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return pairs;
}

/** Takes as long for a text that is nearly right as for one that is all wrong. */
function sameText(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let i = 0; i < expected.length; i++) difference |= given.charCodeAt(i) ^ expected.charCodeAt(i);
  return difference === 0;
}
