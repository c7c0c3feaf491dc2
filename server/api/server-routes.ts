import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ServerInfo } from '../../shared/contract/server-info.ts';
import type { ApiDeps } from './api-deps.ts';
import { adminErrors } from './shared-schemas.ts';

/** `/api/v1/server`: the process itself. */
export const serverRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'info'>> = async (fastify, { info }) => {
  fastify.get(
    '/api/v1/server',
    {
      schema: {
        tags: ['server'],
        summary: 'The server: version, ports, totals',
        response: { 200: ServerInfo, ...adminErrors },
      },
    },
    async () => info(),
  );
};
