import type { FastifyInstance } from 'fastify';
import { refuse } from '../../shared/contract/errors.ts';
import { RefusalError } from '../http/refusal-error.ts';
import { isForeign, isHost } from '../http/same-origin.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What every request is held to before anything else looks at it. Whatever changes something must come from a page of this server,
 * or from a program, and be JSON: a browser sends the cookie along whoever asks, and forms of any page without asking first.
 * Call it on the root instance, before any route.
 */
export function registerRequestChecks(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', async (request) => {
    // Programs of HTTP/1.0 may leave it out.
    if (request.host && !isHost(request.host)) {
      throw new RefusalError(refuse('bad-request', { reason: 'its Host header is none' }));
    }
    if (!READING.has(request.method) && isForeign(request)) {
      throw new RefusalError(refuse('forbidden-origin'));
    }
  });
}
