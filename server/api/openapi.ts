import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Collects the schemas of routes registered after it, and serves them at `/api/v1/openapi.json` and `/api/docs`. */
export async function registerOpenApi(fastify: FastifyInstance, version: string): Promise<void> {
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sluice',
        description:
          'Streams, sessions and the server itself. Every error is `{ "error": { "code", "message" } }`. Live status comes over the WebSocket /api/v1/live.',
        version,
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'the admin token' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'sluice_admin', description: 'set by /api/v1/login' },
        },
      },
      security: [{ token: [] }, { cookie: [] }],
    },
    hideUntagged: true,
    // OpenAPI has no wildcard: the name of a stream is shown as one parameter.
    transform: ({ schema, url }) => {
      if (!url.endsWith('/streams/*')) return { schema, url };
      return { schema: { ...schema, params: nameWildcard(schema.params) }, url: url.replace('*', ':name') };
    },
  });
  await fastify.register(swaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: { docExpansion: 'list', deepLinking: false, layout: 'BaseLayout' },
    theme: { title: 'Sluice API' },
  });
  fastify.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => fastify.swagger());
}

/** `{ properties: { '*': X } }` with the wildcard called `name`. */
function nameWildcard(params: unknown): unknown {
  const { properties } = params as { properties: Record<string, unknown> };
  return { type: 'object', required: ['name'], properties: { name: properties['*'] } };
}
