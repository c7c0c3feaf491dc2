import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from '../ops/admin-auth.ts';

/**
 * Holds the signed session; scripts of the page cannot read it, and only the API is sent it. Over TLS it has another name: a browser
 * does not let a page without TLS replace a cookie that came with it, so somebody who uses both ports could not log in any more.
 */
const NAME = 'sluice_admin';
const SECURE_NAME = '__Secure-sluice_admin';

/** Whether the browser came over TLS, as trusted proxies say. */
const isSecure = (request: FastifyRequest): boolean => request.protocol === 'https';

const optionsFor = (secure: boolean) =>
  ({ path: '/api', httpOnly: true, sameSite: 'strict', secure }) as const;

export const sessionOf = (request: FastifyRequest): string | undefined =>
  request.cookies[isSecure(request) ? SECURE_NAME : NAME];

export function giveSession(request: FastifyRequest, reply: FastifyReply, session: string): void {
  const secure = isSecure(request);
  reply.setCookie(secure ? SECURE_NAME : NAME, session, { ...optionsFor(secure), maxAge: SESSION_SECONDS });
}

export function takeSession(request: FastifyRequest, reply: FastifyReply): void {
  const secure = isSecure(request);
  reply.clearCookie(secure ? SECURE_NAME : NAME, optionsFor(secure));
}
