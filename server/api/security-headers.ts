import type { FastifyInstance } from 'fastify';
import { isHost } from '../http/same-origin.ts';

/** blob: is what Media Source players hand to the video element and their workers. No inline script anywhere. */
const policy = [
  "default-src 'self'",
  "media-src 'self' blob:",
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
    const connect = `connect-src 'self'${webSocketSources(request.host)}`;
    const framing = mayBeFramed ? 'frame-ancestors *' : "frame-ancestors 'self'";
    reply.headers({
      'content-security-policy': [...rules, connect, framing].join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': request.id,
    });
    if (!mayBeFramed) reply.header('x-frame-options', 'SAMEORIGIN');
  });
}

/**
 * This server over WebSocket, by the name that the browser uses for it: not every browser counts that as 'self'. No other host, so that a page
 * that is led to one asks it nothing. An IPv6 address cannot be written there, and is left to 'self'.
 */
function webSocketSources(host: string | undefined): string {
  if (!host || !isHost(host) || host.startsWith('[') || !/^[\x21-\x7e]+$/.test(host)) return '';
  return ` ws://${host} wss://${host}`;
}
