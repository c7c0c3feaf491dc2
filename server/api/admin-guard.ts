import type { FastifyRequest } from 'fastify';
import { refuse } from '../../shared/contract/errors.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { AdminAuth } from '../ops/admin-auth.ts';

/** Holds the signed session; scripts of the page cannot read it. */
export const SESSION_COOKIE = 'sluice_admin';

/**
 * Throws a refusal unless the request comes from the operator. A cookie is sent by the browser whoever asked for it,
 * so what changes something, and every WebSocket, must also come from a page of this server.
 */
export function requireAdmin(auth: AdminAuth, request: FastifyRequest): void {
  const result = auth.check({
    address: request.ip,
    session: request.cookies[SESSION_COOKIE],
    authorization: request.headers.authorization,
  });
  if (!result.ok) throw new RefusalError(refuse(result.code));
  const { origin } = request.headers;
  if (origin === undefined) {
    // Browsers name the origin of every WebSocket; programs with a token of their own need not.
    if (request.ws && result.by === 'session') throw new RefusalError(refuse('forbidden-origin'));
    return;
  }
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if ((request.ws || !isReading) && !isSameHost(origin, request.host)) {
    throw new RefusalError(refuse('forbidden-origin'));
  }
}

/** Compares host and port only: behind a proxy that ends TLS, the scheme seen here is not the browser's. */
function isSameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}
