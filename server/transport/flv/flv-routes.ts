import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { type AdmitOptions, type AdmittedViewer, admitViewer } from './admit-viewer.ts';
import { flvHeaders } from './http-flv-sink.ts';
import { serveHttpViewer, serveRelay, serveWebSocketViewer } from './viewer-connection.ts';

export interface FlvRoutesOptions extends AdmitOptions {
  /** Gives a viewer to another process of this server. False: serve it here. */
  handOver?(viewer: AdmittedViewer, socket: Socket): boolean;
}

/**
 * `GET /{app}/{key}.flv` and its WebSocket twin. Expects @fastify/websocket to be registered.
 * A request that cannot be served is refused before the upgrade or the first byte, in the common error shape.
 */
export async function flvRoutes(fastify: FastifyInstance, options: FlvRoutesOptions): Promise<void> {
  const { hub } = options;
  const admitted = new WeakMap<FastifyRequest, AdmittedViewer>();
  const targetOf = (request: FastifyRequest) => {
    const target = admitted.get(request);
    if (!target) throw new Error('a handler ran before its hook');
    return { hub, ...target };
  };
  // The state of a TLS line cannot move to another process.
  const handOver = (viewer: AdmittedViewer, socket: Socket) =>
    !(socket instanceof TLSSocket) && (options.handOver?.(viewer, socket) ?? false);

  const media: Omit<RouteOptions, 'url' | 'preValidation'> = {
    method: ['GET', 'HEAD'],
    preHandler: async (request, reply) => {
      // Before the upgrade is answered, because another process cannot take over what this one has begun.
      if (request.ws && handOver(targetOf(request), request.raw.socket)) return reply.hijack();
    },
    handler: (request, reply) => {
      if (request.method === 'HEAD') return reply.headers(flvHeaders).send();
      if (!takeSocket(request, reply)) return reply;
      const { socket } = request.raw;
      const target = targetOf(request);
      if (target.peer.protocol === 'relay' && options.relay) serveRelay(socket, target, options.relay.secret);
      else if (!handOver(target, socket)) serveHttpViewer(socket, target);
      return reply;
    },
    wsHandler: (webSocket, request) => {
      serveWebSocketViewer(webSocket, request.raw.socket, targetOf(request));
    },
  };
  fastify.route({
    ...media,
    url: '/*',
    schema: { hide: true },
    preValidation: async (request, reply) => {
      const path = pathOf(request);
      if (!path.endsWith('.flv')) return reply.callNotFound();
      admitted.set(request, await admitViewer(request, path, options));
    },
  });
  if (options.preview) {
    const { prefix, requireOperator } = options.preview;
    fastify.route({
      ...media,
      url: `${prefix}/*`,
      schema: { hide: true, querystring: previewQuery },
      onRequest: async (request) => requireOperator(request),
      preValidation: async (request) => {
        const path = pathOf(request).slice(prefix.length);
        admitted.set(request, await admitViewer(request, path, options, true));
      },
    });
  }

  // Players of other sites may read media. Nothing else of this server is theirs to call.
  fastify.options('/*', { schema: { hide: true } }, (request, reply) => {
    if (!pathOf(request).endsWith('.flv')) return reply.callNotFound();
    return reply
      .code(204)
      .header('access-control-allow-origin', '*')
      .header('access-control-allow-methods', 'GET, HEAD, OPTIONS')
      .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
      .header('access-control-max-age', '86400')
      .send();
  });
}

/** As at the public address: the query is for players, and the API does not judge it. */
const previewQuery = { type: 'object', additionalProperties: true };

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** Takes the socket from the framework. False when it is not this request's to take. */
function takeSocket(request: FastifyRequest, reply: FastifyReply): boolean {
  reply.hijack();
  const { socket } = request.raw;
  if (reply.raw.socket === socket) return true;
  // Pipelined behind another request, which owns the connection for good.
  socket.destroy();
  return false;
}
