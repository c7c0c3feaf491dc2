import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../../shared/contract/errors.ts';
import type { ErrorBody } from '../../shared/contract/server-info.ts';
import { RETRY_AFTER_SECONDS } from '../http/refusal-error.ts';

/** What an answer to a failed request needs: every error over HTTP comes from the one table. */
interface Failure {
  readonly refusal: Refusal;
  /** As the refusal's, but where HTTP has a more exact one (413, 431...). */
  readonly status: number;
}

/** Gives every error and every unknown address the JSON shape of `ErrorBody`. Call it on the root instance. */
export function registerErrorHandler(fastify: FastifyInstance, countRefusal: (code: string) => void): void {
  fastify.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error);
    if (failure.status >= 500 && failure.refusal.code === 'internal') {
      request.log.error({ err: error, req: request }, 'a request failed by our own fault');
    } else {
      request.log.debug({ req: request, code: failure.refusal.code }, 'a request was refused');
    }
    countRefusal(failure.refusal.code);
    return sendFailure(request, reply, failure);
  });
  fastify.setNotFoundHandler((request, reply) => {
    const refusal = refuse('not-found', { path: pathOf(request.url) });
    return sendFailure(request, reply, { refusal, status: refusal.httpStatus });
  });
}

/** For requests that Fastify gives up on before any route or hook: addresses that cannot be decoded. */
export function answerFrameworkError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  void sendFailure(request, reply, failureOf(error));
}

/** The body of every error. */
export function errorBody(refusal: Refusal): ErrorBody {
  return { error: { code: refusal.code, message: refusal.message } };
}

function sendFailure(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  // A player on another site may read media, so it may also read why there is none.
  if (pathOf(request.url).endsWith('.flv')) reply.header('access-control-allow-origin', '*');
  if (failure.status === 503 || failure.status === 429) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply
    .code(failure.status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(errorBody(failure.refusal));
}

function failureOf(error: unknown): Failure {
  const refusal = refusalOf(error);
  if (refusal) return { refusal, status: refusal.httpStatus };
  const { statusCode = 500, validation, message } = error as Partial<FastifyError>;
  if (validation) return badRequest(400, message ?? 'it does not have the described shape');
  if (statusCode === 413) return badRequest(413, 'the body is too large');
  if (statusCode === 415) return badRequest(415, 'the body must be application/json');
  if (statusCode >= 400 && statusCode < 500) return badRequest(statusCode, plainReason(error));
  const internal = refuse('internal');
  return { refusal: internal, status: internal.httpStatus };
}

/** Any error that carries a refusal, whichever layer made it. */
function refusalOf(error: unknown): Refusal | undefined {
  if (typeof error !== 'object' || error === null || !('refusal' in error)) return undefined;
  return error.refusal as Refusal;
}

function badRequest(status: number, reason: string): Failure {
  return { refusal: refuse('bad-request', { reason }), status };
}

/** Fastify's own sentences may repeat the URL, and with it a query. */
function plainReason(error: unknown): string {
  const { code } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_BAD_URL') return 'the address cannot be decoded';
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error instanceof SyntaxError) return 'the body is not JSON';
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'the body is empty';
  return 'it could not be read';
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
