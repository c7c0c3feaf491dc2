import type { FastifyInstance } from 'fastify';

const strict = (schema: unknown = { type: 'object', properties: {} }): object => ({
  additionalProperties: false,
  ...(schema as object),
});

/**
 * Makes every route of the API refuse what it does not know in a query or a body: a parameter with a typing mistake would otherwise
 * do nothing and say nothing. Call it on the root instance before the routes are added.
 */
export function requireKnownFields(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/v1/')) return;
    const { schema = {} } = route;
    const body = schema.body === undefined ? {} : { body: strict(schema.body) };
    route.schema = { ...schema, querystring: strict(schema.querystring), ...body };
  });
}
