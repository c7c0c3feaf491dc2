import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { refuse } from '../../shared/contract/errors.ts';
import { ErrorBody } from '../../shared/contract/server-info.ts';
import { Stream } from '../../shared/contract/streams.ts';
import { clientAddress } from '../http/client-address.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { ApiDeps } from './api-deps.ts';
import { adminErrors, NoContent } from './shared-schemas.ts';
import { requireStreamName } from './stream-name-param.ts';
import { toStream } from './to-contract.ts';

const StreamPage = Type.Object({ total: Type.Integer(), items: Type.Array(Stream) });

/** A name has slashes, which may be written as they are or as %2F; a wildcard takes both. */
const NameParams = Type.Object({
  '*': Type.String({ description: 'name of the stream, for example live/main' }),
});

const notLive = (stream: string) => new RefusalError(refuse('stream-not-live', { stream }, 'in-api'));

/** `/api/v1/streams`: what is on air. */
export const streamsRoutes: FastifyPluginAsyncTypebox<Pick<ApiDeps, 'hub'>> = async (fastify, { hub }) => {
  fastify.get(
    '/api/v1/streams',
    {
      schema: {
        tags: ['streams'],
        summary: 'All streams that are live or held for their publisher',
        response: { 200: StreamPage, ...adminErrors },
      },
    },
    async () => {
      const items = hub.streams().map(toStream);
      return { total: items.length, items };
    },
  );

  fastify.get(
    '/api/v1/streams/*',
    {
      schema: {
        tags: ['streams'],
        summary: 'One stream',
        params: NameParams,
        response: { 200: Stream, 400: ErrorBody, 404: ErrorBody, ...adminErrors },
      },
    },
    async (request) => {
      const name = requireStreamName(request.params['*']);
      const stream = hub.stream(name);
      if (!stream) throw notLive(name);
      return toStream(stream);
    },
  );

  fastify.delete(
    '/api/v1/streams/*',
    {
      schema: {
        tags: ['streams'],
        summary: 'End a stream: its publisher and all its viewers',
        params: NameParams,
        response: { 204: NoContent, 400: ErrorBody, 404: ErrorBody, ...adminErrors },
      },
    },
    async (request, reply) => {
      const name = requireStreamName(request.params['*']);
      if (!hub.kickStream(name)) throw notLive(name);
      request.log.info({ stream: name, address: clientAddress(request) }, 'the operator ended a stream');
      return reply.code(204).send(null);
    },
  );
};
