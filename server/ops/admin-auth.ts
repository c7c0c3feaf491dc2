import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../hub/clock.ts';
import { createLoginLimiter } from './login-limiter.ts';
import { systemClock } from './system-clock.ts';

/** Who says so, as it came in a request. */
export interface Credentials {
  /** IP address, for the limit on wrong tokens. */
  readonly address: string;
  /** Value of the session cookie. */
  readonly session: string | undefined;
  /** The Authorization header. */
  readonly authorization: string | undefined;
}

type AuthFailure = { readonly ok: false; readonly code: 'unauthorized' | 'too-many-logins' };
export type AuthResult = { readonly ok: true; readonly by: 'session' | 'bearer' } | AuthFailure;
export type LoginResult = { readonly ok: true; readonly session: string } | AuthFailure;

/** Decides whether a request comes from the operator. */
export interface AdminAuth {
  readonly token: string;
  /** Exchanges the token for the value of a session cookie. */
  login(attempt: { readonly address: string; readonly token: string }): LoginResult;
  logout(session: string): void;
  check(credentials: Credentials): AuthResult;
}

/** A week: an operator's dashboard stays open over a weekend. */
export const SESSION_SECONDS = 7 * 24 * 3600;

/** Sessions that were logged out are remembered until they expire; far more than any operator makes. */
const MAX_REVOKED = 10_000;

/**
 * Sessions are signed rather than kept: a dashboard survives a restart of the server, and there is nothing to
 * fill. `expires.nonce.signature`, signed with a key made from the token, so that a new token ends every session.
 */
export function createAdminAuth(token: string, clock: Clock = systemClock): AdminAuth {
  const limiter = createLoginLimiter(() => clock.monotonicMs());
  const signingKey = createHash('sha256').update(`sluice admin session ${token}`).digest();
  const revoked = new Set<string>();

  const sign = (payload: string) => createHmac('sha256', signingKey).update(payload).digest('base64url');

  function makeSession(): string {
    const expires = Math.floor(clock.wallMs() / 1000) + SESSION_SECONDS;
    const payload = `${expires}.${randomBytes(16).toString('base64url')}`;
    return `${payload}.${sign(payload)}`;
  }

  function isValidSession(session: string): boolean {
    const [expires, nonce, signature, ...rest] = session.split('.');
    if (!expires || !nonce || !signature || rest.length > 0) return false;
    if (!isEqual(signature, sign(`${expires}.${nonce}`))) return false;
    return Number(expires) * 1000 > clock.wallMs() && !revoked.has(nonce);
  }

  function checkToken(address: string, given: string): AuthFailure | undefined {
    if (limiter.isBlocked(address)) return { ok: false, code: 'too-many-logins' };
    if (isEqual(given, token)) return undefined;
    limiter.countWrong(address);
    return { ok: false, code: 'unauthorized' };
  }

  return {
    token,
    login: ({ address, token: given }) => checkToken(address, given) ?? { ok: true, session: makeSession() },
    logout(session) {
      const nonce = session.split('.')[1];
      if (!nonce || !isValidSession(session)) return;
      revoked.add(nonce);
      const oldest = revoked.values().next().value;
      if (revoked.size > MAX_REVOKED && oldest !== undefined) revoked.delete(oldest);
    },
    check({ address, session, authorization }) {
      if (session !== undefined && isValidSession(session)) return { ok: true, by: 'session' };
      const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
      if (bearer === undefined) return { ok: false, code: 'unauthorized' };
      return checkToken(address, bearer) ?? { ok: true, by: 'bearer' };
    },
  };
}

/** Takes the same time whatever the strings have in common; hashing makes their lengths equal. */
function isEqual(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
