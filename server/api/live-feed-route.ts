import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { WebSocket } from '@fastify/websocket';
import Type from 'typebox';
import { requireAdmin } from './admin-guard.ts';
import type { ApiDeps } from './api-deps.ts';
import { LiveFeed } from './live-feed.ts';
import { RefusalError } from './refusal-error.ts';
import { requireStreamName } from './stream-name-param.ts';

const FeedQuery = Type.Object({
  scope: Type.Union([Type.Literal('public'), Type.Literal('admin')], { default: 'public' }),
  stream: Type.Optional(Type.String()),
});

const TICK_MS = 1000;
/** Browsers answer by themselves; a page that missed two is gone. hardening.md section 2: ping each 20 s. */
const PING_MS = 20_000;

type LiveFeedRouteDeps = Pick<ApiDeps, 'hub' | 'notices' | 'info' | 'config' | 'auth'>;

/** The WebSocket `/api/v1/live`. Expects @fastify/websocket on the root instance, with maxPayload 4 KB. */
export const liveFeedRoute: FastifyPluginAsyncTypebox<LiveFeedRouteDeps> = async (fastify, deps) => {
  const feed = new LiveFeed({ ...deps, serverId: randomBytes(8).toString('hex') });
  const ticking = setInterval(() => feed.tick(), TICK_MS);
  ticking.unref();
  fastify.addHook('onClose', async () => {
    clearInterval(ticking);
    feed.close();
  });

  fastify.route({
    method: 'GET',
    url: '/api/v1/live',
    schema: { hide: true, querystring: FeedQuery },
    preHandler: async (request) => {
      if (request.query.scope === 'admin') requireAdmin(deps.auth, request);
      if (request.query.stream !== undefined) requireStreamName(request.query.stream);
    },
    handler: async () => {
      throw new RefusalError('bad-request', { reason: 'this address speaks WebSocket only' });
    },
    wsHandler: (socket, request) => {
      keepAlive(socket);
      if (request.query.scope === 'admin') feed.addAdmin(socket);
      else
        feed.addPublic(
          socket,
          request.query.stream === undefined ? null : requireStreamName(request.query.stream),
        );
    },
  });
};

/** Whatever goes wrong on a socket ends that socket and nothing else; what it sends is ignored. */
function keepAlive(socket: WebSocket): void {
  let missed = 0;
  const pinging = setInterval(() => {
    if (missed >= 2) socket.terminate();
    else socket.ping();
    missed++;
  }, PING_MS);
  pinging.unref();
  socket.on('pong', () => {
    missed = 0;
  });
  socket.on('error', () => socket.terminate());
  socket.once('close', () => clearInterval(pinging));
}
