import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { refuse } from '../../shared/contract/errors.ts';
import { ErrorBody } from '../../shared/contract/server-info.ts';
import { clientAddress } from '../http/client-address.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { ApiDeps } from './api-deps.ts';
import { giveSession, sessionOf, takeSession } from './session-cookie.ts';
import { NoContent } from './shared-schemas.ts';

const LoginBody = Type.Object({ token: Type.String({ minLength: 1, maxLength: 1024 }) });

/** `/api/v1/login` and `/logout`: the token for a cookie, so that a page need not keep the token. */
export const loginRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'auth'>> = async (fastify, { auth }) => {
  fastify.post(
    '/api/v1/login',
    {
      schema: {
        tags: ['login'],
        summary: 'Exchange the admin token for a session cookie',
        security: [],
        body: LoginBody,
        response: { 204: NoContent, 400: ErrorBody, 401: ErrorBody, 403: ErrorBody, 429: ErrorBody },
      },
    },
    async (request, reply) => {
      const result = auth.login({ address: clientAddress(request), token: request.body.token });
      if (!result.ok) {
        request.log.warn({ address: clientAddress(request), code: result.code }, 'a login was refused');
        throw new RefusalError(refuse(result.code));
      }
      giveSession(request, reply, result.session);
      return reply.code(204).send(null);
    },
  );

  fastify.post(
    '/api/v1/logout',
    {
      schema: {
        tags: ['login'],
        summary: 'End the session of the cookie',
        security: [],
        response: { 204: NoContent, 403: ErrorBody },
      },
    },
    async (request, reply) => {
      const session = sessionOf(request);
      if (session !== undefined) auth.logout(session);
      takeSession(request, reply);
      return reply.code(204).send(null);
    },
  );
};
