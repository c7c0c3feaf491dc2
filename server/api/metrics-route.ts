import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ApiDeps } from './api-deps.ts';

/** `/metrics`: Prometheus text. */
export const metricsRoute: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'metrics'>> = async (
  fastify,
  { metrics },
) => {
  fastify.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    const text = await metrics.text();
    return reply.header('cache-control', 'no-store').type(metrics.contentType).send(text);
  });
};
