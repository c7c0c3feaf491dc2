import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { refuse } from '../../shared/contract/errors.ts';
import { RefusalError } from '../http/refusal-error.ts';
import { keepAlive } from '../http/websocket-keep-alive.ts';
import { isOperator, requireAdmin } from './admin-guard.ts';
import type { ApiDeps } from './api-deps.ts';
import { LiveFeed } from './live-feed.ts';
import { requireStreamName } from './stream-name-param.ts';

const FeedQuery = Type.Object({
  scope: Type.Union([Type.Literal('public'), Type.Literal('admin')], { default: 'public' }),
  stream: Type.Optional(Type.String()),
});

const TICK_MS = 1000;

type LiveFeedRouteDeps = Pick<ApiDeps, 'hub' | 'notices' | 'info' | 'config' | 'auth' | 'health'>;

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
      // What it would be told, that nothing is live, is not what it has to know.
      if (deps.health.state === 'draining') throw new RefusalError(refuse('draining'));
      if (request.query.scope === 'admin') requireAdmin(deps.auth, request);
      if (request.query.stream !== undefined) requireStreamName(request.query.stream);
    },
    handler: async () => {
      throw new RefusalError(refuse('bad-request', { reason: 'this address speaks WebSocket only' }));
    },
    wsHandler: (socket, request) => {
      keepAlive(socket);
      const { scope, stream } = request.query;
      if (scope === 'admin') {
        feed.addAdmin(socket);
      } else {
        const only = stream === undefined ? null : requireStreamName(stream);
        feed.addPublic(socket, only, isOperator(deps.auth, request));
      }
    },
  });
};
