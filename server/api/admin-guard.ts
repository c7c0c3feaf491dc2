import type { FastifyRequest } from 'fastify';
import { type RefusalCode, refuse } from '../../shared/contract/errors.ts';
import { clientAddress } from '../http/client-address.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { AdminAuth } from '../ops/admin-auth.ts';

/** Holds the signed session; scripts of the page cannot read it. */
export const SESSION_COOKIE = 'sluice_admin';

/** Throws a refusal unless the request comes from the operator. */
export function requireAdmin(auth: AdminAuth, request: FastifyRequest): void {
  const fault = faultOf(auth, request, request.headers.authorization);
  if (fault) throw new RefusalError(refuse(fault));
}

/** Whether a request that anybody may make comes from a page of somebody who is logged in. It is no try to log in. */
export function isOperator(auth: AdminAuth, request: FastifyRequest): boolean {
  return request.cookies[SESSION_COOKIE] !== undefined && faultOf(auth, request, undefined) === undefined;
}

/**
 * A cookie is sent by the browser whoever asked for it, so what changes something, and every WebSocket, must also come
 * from a page of this server.
 */
function faultOf(
  auth: AdminAuth,
  request: FastifyRequest,
  authorization: string | undefined,
): RefusalCode | undefined {
  const session = request.cookies[SESSION_COOKIE];
  const result = auth.check({ address: clientAddress(request), session, authorization });
  if (!result.ok) return result.code;
  const { origin } = request.headers;
  // Browsers name the origin of every WebSocket; programs with a token of their own need not.
  if (origin === undefined) return request.ws && result.by === 'session' ? 'forbidden-origin' : undefined;
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  return (request.ws || !isReading) && !isSameHost(origin, request.host) ? 'forbidden-origin' : undefined;
}

/** Compares host and port only: behind a proxy that ends TLS, the scheme seen here is not the browser's. */
function isSameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}
