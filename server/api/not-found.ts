import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../../shared/contract/errors.ts';
import { encodeStreamPath, parseStreamPath } from '../../shared/media/stream-name.ts';
import { answerRefusal } from './error-handler.ts';
import { KnownRoutes } from './known-routes.ts';
import { sendListDocument } from './page-documents.ts';
import { isForPeople, pathOf, queryOf } from './request-path.ts';

/**
 * Answers what no route takes. A program is told in JSON; a person, whose browser asks for a page, gets one, and whoever types
 * the name of a stream is sent to its watch page. Call it on the root instance before any route is added.
 */
export function registerNotFound(fastify: FastifyInstance, publicDir: string): void {
  const routes = new KnownRoutes();
  fastify.addHook('onRoute', (route) => routes.add(route));
  fastify.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const allowed = routes.methodsAt(path);
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', allowed.join(', '));
      const { method } = request;
      const values = { path, method, allowed: allowed.join(', ') };
      return answerRefusal(request, reply, refuse('method-not-allowed', values));
    }
    return isForPeople(request)
      ? sendPerson(request, reply, publicDir)
      : answerRefusal(request, reply, refuse('not-found', { path }));
  });
}

async function sendPerson(
  request: FastifyRequest,
  reply: FastifyReply,
  publicDir: string,
): Promise<FastifyReply> {
  const stream = parseStreamPath(pathOf(request.url));
  if (stream.ok) {
    const to = `/watch/${encodeStreamPath(stream.name)}${queryOf(request.url)}`;
    return reply.header('cache-control', 'no-store').redirect(to);
  }
  return sendListDocument(reply.code(404), publicDir);
}
