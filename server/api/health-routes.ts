import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { refuse } from '../../shared/contract/errors.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { ApiDeps } from './api-deps.ts';

/** `/healthz`: the process answers. `/readyz`: new work may come here. */
export const healthRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'health'>> = async (
  fastify,
  { health },
) => {
  const options = { schema: { hide: true } };
  fastify.get('/healthz', options, async (_request, reply) => {
    return reply.header('cache-control', 'no-store').send({ status: 'ok' });
  });
  fastify.get('/readyz', options, async (_request, reply) => {
    if (health.state === 'draining') throw new RefusalError(refuse('draining'));
    return reply.header('cache-control', 'no-store').send({ status: 'ready' });
  });
};
