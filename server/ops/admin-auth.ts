import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../hub/clock.ts';
import { createLoginLimiter } from './login-limiter.ts';
import { type RevokedSessions, revokedSessions, type SessionId } from './revoked-sessions.ts';
import { bearerOf, isSameText } from './same-text.ts';
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
  /** Stands for the token for ten minutes from the start on: what is printed, and so ends up in logs and histories, is worth nothing later. */
  readonly startCode: string;
  /** Exchanges the token for the value of a session cookie. */
  login(attempt: { readonly address: string; readonly token: string }): LoginResult;
  logout(session: string): void;
  check(credentials: Credentials): AuthResult;
}

/** A week: an operator's dashboard stays open over a weekend. */
export const SESSION_SECONDS = 7 * 24 * 3600;
export const START_CODE_SECONDS = 600;

/** The server's own tokens have 32 characters. */
const STRONG_TOKEN_LENGTH = 24;
const STRONG_TOKEN_DIFFERENT = 10;

/** Nobody can guess it, at any pace. */
export const isStrongToken = (token: string): boolean =>
  token.length >= STRONG_TOKEN_LENGTH && new Set(token).size >= STRONG_TOKEN_DIFFERENT;

/**
 * Sessions are signed rather than kept: a dashboard survives a restart of the server, and there is nothing to
 * fill. `expires.nonce.signature`, signed with a key made from the token, so that a new token ends every session.
 */
export function createAdminAuth(
  token: string,
  clock: Clock = systemClock,
  revoked: RevokedSessions = revokedSessions(),
): AdminAuth {
  const limiter = createLoginLimiter(() => clock.monotonicMs());
  const signingKey = createHash('sha256').update(`sluice admin session ${token}`).digest();
  const startCode = randomBytes(24).toString('base64url');
  const startCodeUntilMs = clock.monotonicMs() + START_CODE_SECONDS * 1000;
  const isStrong = isStrongToken(token);

  const nowSeconds = () => Math.floor(clock.wallMs() / 1000);
  const sign = (payload: string) => createHmac('sha256', signingKey).update(payload).digest('base64url');

  function makeSession(): string {
    const payload = `${nowSeconds() + SESSION_SECONDS}.${randomBytes(16).toString('base64url')}`;
    return `${payload}.${sign(payload)}`;
  }

  function readSession(session: string): SessionId | undefined {
    const [expires, nonce, signature, ...rest] = session.split('.');
    if (!expires || !nonce || !signature || rest.length > 0) return undefined;
    if (!isSameText(signature, sign(`${expires}.${nonce}`))) return undefined;
    const id = { nonce, expires: Number(expires) };
    return id.expires * 1000 > clock.wallMs() && !revoked.isRevoked(id) ? id : undefined;
  }

  /** What cannot be guessed is let in at any time: others at the same address may have tried wrong ones. */
  function checkToken(address: string, given: string): AuthFailure | undefined {
    if (isSameText(given, startCode) && clock.monotonicMs() < startCodeUntilMs) return undefined;
    const isRight = isSameText(given, token);
    if (isRight && isStrong) return undefined;
    if (limiter.isBlocked(address)) return { ok: false, code: 'too-many-logins' };
    if (isRight) return undefined;
    limiter.countWrong(address);
    return { ok: false, code: 'unauthorized' };
  }

  return {
    token,
    startCode,
    login: ({ address, token: given }) => checkToken(address, given) ?? { ok: true, session: makeSession() },
    logout(session) {
      const id = readSession(session);
      if (id) revoked.revoke(id, nowSeconds());
    },
    check({ address, session, authorization }) {
      if (session !== undefined && readSession(session)) return { ok: true, by: 'session' };
      const bearer = bearerOf(authorization);
      if (bearer === undefined) return { ok: false, code: 'unauthorized' };
      return checkToken(address, bearer) ?? { ok: true, by: 'bearer' };
    },
  };
}
