import type { FastifyInstance } from 'fastify';

/** blob: is what Media Source players hand to the video element and their workers. No inline script anywhere. */
const policy = [
  "default-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
];

/** The reader of the API description sets styles on its elements. */
const docsPolicy = [...policy, "style-src 'self' 'unsafe-inline'"];

/** Puts the browser's safeguards on every answer. Call it on the root instance, before any route. */
export function registerSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const mayBeFramed = path.startsWith('/embed/');
    const rules = path.startsWith('/api/docs') ? docsPolicy : policy;
    const framing = mayBeFramed ? 'frame-ancestors *' : "frame-ancestors 'self'";
    reply.headers({
      'content-security-policy': [...rules, framing].join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': request.id,
    });
    if (!mayBeFramed) reply.header('x-frame-options', 'SAMEORIGIN');
  });
}
