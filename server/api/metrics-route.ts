import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { refuse } from '../../shared/contract/errors.ts';
import { parseAddressList } from '../config/address-list.ts';
import { clientAddress } from '../http/client-address.ts';
import { RefusalError } from '../http/refusal-error.ts';
import { bearerOf, isSameText } from '../ops/same-text.ts';
import type { ApiDeps } from './api-deps.ts';
import { sessionOf } from './session-cookie.ts';

/**
 * `/metrics`: Prometheus text. Open to everybody until a token or addresses are set. It names streams only to who may see
 * them anyway: to everybody while the list is public, and to who has shown that the metrics are for him.
 */
export const metricsRoute: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'metrics' | 'auth' | 'config'>> = async (
  fastify,
  { metrics, auth, config },
) => {
  if (!config.metrics.enabled) return;
  const { token, from } = config.metrics;
  const isListed = parseAddressList(from);
  const isOpen = token === '' && from.trim() === '';

  function mayRead(request: FastifyRequest): boolean {
    const { authorization } = request.headers;
    const address = clientAddress(request);
    if (isListed(address)) return true;
    if (token !== '' && isSameText(bearerOf(authorization) ?? '', token)) return true;
    return auth.check({ address, session: sessionOf(request), authorization }).ok;
  }

  fastify.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    // Nobody is asked who he is where it makes no difference.
    const namesStreams = (isOpen && config.web.publicList) || mayRead(request);
    if (!namesStreams && !isOpen) throw new RefusalError(refuse('metrics-closed'));
    const text = await metrics.text({ namesStreams });
    return reply.header('cache-control', 'no-store').type(metrics.contentType).send(text);
  });
};
