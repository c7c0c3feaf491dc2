import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from '../../shared/contract/errors.ts';
import { clientAddress } from '../http/client-address.ts';
import type { HttpConnections } from '../http/http-connections.ts';
import { RefusalError } from '../http/refusal-error.ts';
import { RequestRates } from '../http/request-rates.ts';
import { isOperator } from './admin-guard.ts';
import type { ApiDeps } from './api-deps.ts';
import { pathOf } from './request-path.ts';

/** What the gate needs beside the API's own. */
export interface HttpGuards {
  readonly connections: HttpConnections;
  /** Another process of this server asks. */
  isInternal(request: FastifyRequest): boolean;
  nowMs(): number;
}

/**
 * Turns requests away when too many come: of one address, and over connections that were let in above their limit. The operator is
 * let in at any time, and so are the processes of this server. Call it on the root instance, where cookies are read already.
 */
export function registerRequestGate(
  fastify: FastifyInstance,
  { auth, config, metrics, guards }: Pick<ApiDeps, 'auth' | 'config' | 'metrics' | 'guards'>,
): void {
  const { connections, isInternal, nowMs } = guards;
  const rates = new RequestRates(config.http.maxRequestsPerSecond);

  fastify.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    const address = clientAddress(request);
    connections.belongsTo(socket, address);
    const isTooFast = !rates.take(address, nowMs());
    const isReserved = connections.isReserved(socket);
    if (!isTooFast && !isReserved) return;
    if (isInternal(request) || isOperator(auth, request)) {
      connections.admit(socket);
      return;
    }
    reply.header('connection', 'close');
    if (isTooFast) {
      metrics.countLimit('maxRequestsPerSecond');
      throw new RefusalError(refuse('too-many-requests', { address }));
    }
    if (lasts(request)) throw new RefusalError(refuse('too-many-http-connections'));
  });
}

/** Its connection would be taken for as long as the client likes. */
const lasts = (request: FastifyRequest): boolean => request.ws || pathOf(request.url).endsWith('.flv');
