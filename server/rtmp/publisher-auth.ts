// Publisher login as encoders do it with a user name and a password. Three connections: the first is refused with
// "need auth" and the name of a mode, the second names the user and is refused with a challenge, the third answers it.
// All of it travels behind the app's `?`.

import { amfGet } from '../../shared/amf/amf-value.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import { adobeAuth } from './adobe-auth.ts';
import type { AuthCrypto, AuthMode, AuthQuery, Credentials } from './auth-mode.ts';
import { llnwAuth } from './llnw-auth.ts';
import { LoginChallenges } from './login-challenges.ts';
import { sameText } from './same-text.ts';
import type { ConnectRequest } from './session-event.ts';

/**
 * `ask` and `challenge` are steps on the way: refuse the connect with this description and expect the client again.
 * `failed` is a wrong answer, one that came too late or one that was given before.
 */
export type AuthVerdict =
  | { readonly type: 'passed' }
  | { readonly type: 'ask' | 'challenge' | 'failed'; readonly description: string };

/** It is sent back in the challenge, which has to stay under 256 bytes. */
const MAX_USER = 80;
const SALT_BYTES = 4;
const modes: readonly AuthMode[] = [adobeAuth, llnwAuth];

/** Verifies publishers. Which part of name and password was wrong is never told. */
export class PublisherAuth {
  readonly #crypto: AuthCrypto;
  readonly #credentials: Credentials;
  readonly #challenges: LoginChallenges;
  readonly #salt: string;

  constructor(credentials: Credentials, crypto: AuthCrypto) {
    this.#crypto = crypto;
    this.#credentials = credentials;
    this.#challenges = new LoginChallenges(crypto);
    this.#salt = toHex(crypto.randomBytes(SALT_BYTES));
  }

  /** Judges a connect by its app, as the client sent it. */
  judge({ app, flashVer }: Pick<ConnectRequest, 'app' | 'flashVer'>, nowMs: number): AuthVerdict {
    const login = readLogin(app);
    const user = login?.query.get('user');
    if (!login || user === undefined) return ask(login?.mode ?? modeFor(flashVer));
    if (user.length > MAX_USER) return failed(login.mode);
    if (login.query.has('response'))
      return this.#verify(login, nowMs) ? { type: 'passed' } : failed(login.mode);
    const pairs = login.mode.challenge(this.#challenges.make(nowMs), this.#salt);
    return refusal('challenge', login.mode, `?reason=needauth&user=${user}&${pairs}`);
  }

  #verify({ mode, app, query }: Login, nowMs: number): boolean {
    const token = query.get(mode.tokenKey) ?? '';
    const response = query.get('response') ?? '';
    // Everything is looked at in any case, so that the time it takes says nothing.
    const isOpen = this.#challenges.isOpen(token, nowMs);
    const isUser = sameText(query.get('user') ?? '', this.#credentials.user);
    const right = mode
      .expected({ credentials: this.#credentials, app, query, salt: this.#salt }, this.#crypto)
      .filter((expected) => sameText(response, expected));
    if (!isOpen || !isUser || right.length === 0) return false;
    this.#challenges.use(token, nowMs);
    return true;
  }
}

/**
 * Whether a client that says connect is an encoder: a login can only be asked for before it says what it wants, and
 * players have none. FFmpeg says both of this when it publishes, OBS the first, GStreamer and librtmp the second.
 */
export const asksToPublish = ({ flashVer, properties }: ConnectRequest): boolean =>
  flashVer.startsWith('FMLE/') || amfGet(properties, 'type') === 'nonprivate';

/** Whether the app carries a step of a login. */
export const usesAuth = (app: string): boolean => readLogin(app) !== undefined;

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
  { app, credentials }: { readonly app: string; readonly credentials: Credentials },
  crypto: AuthCrypto,
): string | undefined {
  const mode = modes.find(({ name }) => description.includes(`authmod=${name}`));
  if (!mode) return undefined;
  const named = `?authmod=${mode.name}&user=${credentials.user}`;
  if (description.includes('code=403 need auth')) return named;
  const at = description.indexOf('?reason=needauth');
  if (at < 0) return undefined;
  const query = parsePairs(description.slice(at + 1));
  return `${named}&${mode.answer({ credentials, app, query }, crypto)}`;
}

interface Login {
  readonly mode: AuthMode;
  /** The app without the login. */
  readonly app: string;
  readonly query: AuthQuery;
}

/** librtmp begins with another `?` where the app has a query already. Values are as they are: base64 has a `+`. */
function readLogin(app: string): Login | undefined {
  const [found, name] = /[?&]authmod=([a-z]+)(?:&|$)/.exec(app) ?? [];
  const mode = modes.find((each) => each.name === name);
  if (found === undefined || !mode) return undefined;
  const bare = withoutAuth(app);
  return { mode, app: bare, query: parsePairs(app.slice(bare.length + 1)) };
}

/**
 * Clients follow whatever mode they are told, and hardware encoders know the first only. Those without a version are
 * librtmp, as GStreamer's rtmpsink has it, which gets through the second only.
 */
const modeFor = (flashVer: string): AuthMode => (flashVer === '' ? llnwAuth : adobeAuth);

const ask = ({ name }: AuthMode): AuthVerdict => ({
  type: 'ask',
  description: `[ AccessManager.Reject ] : [ code=403 need auth; authmod=${name} ]`,
});

const failed = (mode: AuthMode): AuthVerdict => refusal('failed', mode, '?reason=authfailed');

function refusal(type: 'challenge' | 'failed', { name }: AuthMode, query: string): AuthVerdict {
  return { type, description: `[ AccessManager.Reject ] : [ authmod=${name} ] : ${query}` };
}

function parsePairs(text: string): AuthQuery {
  const pairs = new Map<string, string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0) pairs.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return pairs;
}
