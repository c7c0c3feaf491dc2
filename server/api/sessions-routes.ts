import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { refuse } from '../../shared/contract/errors.ts';
import { ErrorBody } from '../../shared/contract/server-info.ts';
import { Role, Session, SessionPage } from '../../shared/contract/sessions.ts';
import { clientAddress } from '../http/client-address.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { ApiDeps } from './api-deps.ts';
import { adminErrors, NoContent } from './shared-schemas.ts';
import { requireStreamName } from './stream-name-param.ts';
import { roleOf, toSession } from './to-contract.ts';

const SessionQuery = Type.Object({
  role: Type.Optional(Role),
  stream: Type.Optional(Type.String({ description: 'only sessions of this stream' })),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  offset: Type.Integer({ minimum: 0, default: 0 }),
});

const IdParams = Type.Object({ id: Type.String() });

/** `/api/v1/sessions`: who publishes and who watches. */
export const sessionsRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'hub'>> = async (fastify, { hub }) => {
  fastify.get(
    '/api/v1/sessions',
    {
      schema: {
        tags: ['sessions'],
        summary: 'Publishers and viewers, filtered and in pages',
        querystring: SessionQuery,
        response: { 200: SessionPage, 400: ErrorBody, ...adminErrors },
      },
    },
    async (request) => {
      const { role, limit, offset } = request.query;
      const stream = request.query.stream === undefined ? undefined : requireStreamName(request.query.stream);
      const matching = hub
        .sessions()
        .filter((session) => role === undefined || roleOf(session) === role)
        .filter((session) => stream === undefined || session.stream === stream);
      return { total: matching.length, items: matching.slice(offset, offset + limit).map(toSession) };
    },
  );

  fastify.get(
    '/api/v1/sessions/:id',
    {
      schema: {
        tags: ['sessions'],
        summary: 'One publisher or viewer',
        params: IdParams,
        response: { 200: Session, 404: ErrorBody, ...adminErrors },
      },
    },
    async (request) => {
      const session = hub.session(request.params.id);
      if (!session) throw new RefusalError(refuse('session-not-found', { id: request.params.id }));
      return toSession(session);
    },
  );

  fastify.delete(
    '/api/v1/sessions/:id',
    {
      schema: {
        tags: ['sessions'],
        summary: 'End one publisher or viewer',
        params: IdParams,
        response: { 204: NoContent, 404: ErrorBody, ...adminErrors },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!hub.kickSession(id)) throw new RefusalError(refuse('session-not-found', { id }));
      request.log.info({ conn: id, address: clientAddress(request) }, 'the operator ended a session');
      return reply.code(204).send(null);
    },
  );

  fastify.post(
    '/api/v1/sessions/:id/reconnect',
    {
      schema: {
        tags: ['sessions'],
        summary: 'Ask a publisher to connect again',
        params: IdParams,
        response: { 204: NoContent, 404: ErrorBody, 409: ErrorBody, ...adminErrors },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const outcome = hub.requestReconnect(id);
      if (!outcome) throw new RefusalError(refuse('session-not-found', { id }));
      if (outcome === 'cannot') throw new RefusalError(refuse('cannot-reconnect', { id }));
      request.log.info(
        { conn: id, address: clientAddress(request) },
        'the operator asked a publisher to reconnect',
      );
      return reply.code(204).send(null);
    },
  );
};
