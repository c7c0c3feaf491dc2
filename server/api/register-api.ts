import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { requireAdmin } from './admin-guard.ts';
import { registerAdminLink } from './admin-link.ts';
import type { ApiDeps } from './api-deps.ts';
import { registerErrorHandler } from './error-handler.ts';
import { healthRoutes } from './health-routes.ts';
import { liveFeedRoute } from './live-feed-route.ts';
import { loginRoutes } from './login-routes.ts';
import { metricsRoute } from './metrics-route.ts';
import { registerNotFound } from './not-found.ts';
import { registerOpenApi } from './openapi.ts';
import { pages } from './pages.ts';
import { registerRequestChecks } from './request-checks.ts';
import { registerRequestGate } from './request-gate.ts';
import { requireKnownFields } from './require-known-fields.ts';
import { registerSecurityHeaders } from './security-headers.ts';
import { serverRoutes } from './server-routes.ts';
import { sessionsRoutes } from './sessions-routes.ts';
import { streamsRoutes } from './streams-routes.ts';

/**
 * Everything over HTTP but media: API, live feed, pages, metrics, health, and the error handler of all of it.
 * Call it on the root instance, made with `httpServerOptions` and with @fastify/websocket already registered,
 * before other routes are added, so that they get its headers and errors too.
 */
export async function registerApi(fastify: FastifyInstance, deps: ApiDeps): Promise<void> {
  registerErrorHandler(fastify, (code) => deps.metrics.countRefusal(code));
  registerNotFound(fastify, deps.publicDir);
  requireKnownFields(fastify);
  registerSecurityHeaders(fastify);
  registerRequestChecks(fastify);
  await fastify.register(cookie);
  registerRequestGate(fastify, deps);
  registerAdminLink(fastify, deps.auth);
  await registerOpenApi(fastify, deps.info().version);
  await fastify.register(loginRoutes, deps);
  await fastify.register(liveFeedRoute, deps);
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      requireAdmin(deps.auth, request);
    });
    await scope.register(serverRoutes, deps);
    await scope.register(streamsRoutes, deps);
    await scope.register(sessionsRoutes, deps);
  });
  await fastify.register(metricsRoute, deps);
  await fastify.register(healthRoutes, deps);
  await fastify.register(pages, deps);
}
