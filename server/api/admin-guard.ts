import type { FastifyRequest } from 'fastify';
import { type RefusalCode, refuse } from '../../shared/contract/errors.ts';
import { clientAddress } from '../http/client-address.ts';
import { RefusalError } from '../http/refusal-error.ts';
import { isForeign } from '../http/same-origin.ts';
import type { AdminAuth } from '../ops/admin-auth.ts';
import { sessionOf } from './session-cookie.ts';

/** Throws a refusal unless the request comes from the operator. */
export function requireAdmin(auth: AdminAuth, request: FastifyRequest): void {
  const fault = faultOf(auth, request, request.headers.authorization);
  if (fault) throw new RefusalError(refuse(fault));
}

/** Whether a request that anybody may make comes from a page of somebody who is logged in. It is no try to log in. */
export function isOperator(auth: AdminAuth, request: FastifyRequest): boolean {
  return sessionOf(request) !== undefined && faultOf(auth, request, undefined) === undefined;
}

/**
 * A cookie is sent by the browser whoever asked for it, so a WebSocket must also come from a page of this server. What changes
 * something is held to that before it comes here.
 */
function faultOf(
  auth: AdminAuth,
  request: FastifyRequest,
  authorization: string | undefined,
): RefusalCode | undefined {
  const session = sessionOf(request);
  const result = auth.check({ address: clientAddress(request), session, authorization });
  if (!result.ok) return result.code;
  if (!request.ws) return undefined;
  // Browsers name the origin of every WebSocket; programs with a token of their own need not.
  const isNamed = request.headers.origin !== undefined || result.by === 'bearer';
  return isNamed && !isForeign(request) ? undefined : 'forbidden-origin';
}
