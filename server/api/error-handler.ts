import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../../shared/contract/errors.ts';
import type { ErrorBody } from '../../shared/contract/server-info.ts';
import { retryAfterOf } from '../http/refusal-error.ts';
import { isForPeople, pathOf } from './request-path.ts';
import { describeSchemaFaults, type RequestPart } from './schema-faults.ts';

/** What an answer to a failed request needs: every error over HTTP comes from the one table. */
interface Failure {
  readonly refusal: Refusal;
  /** As the refusal's, but where HTTP has a more exact one (413, 431...). */
  readonly status: number;
}

/** Gives every error the JSON shape of `ErrorBody`. Call it on the root instance. */
export function registerErrorHandler(fastify: FastifyInstance, countRefusal: (code: string) => void): void {
  fastify.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error, request);
    if (failure.status >= 500 && failure.refusal.code === 'internal') {
      request.log.error({ err: error, req: request }, 'a request failed by our own fault');
    } else {
      request.log.debug({ req: request, code: failure.refusal.code }, 'a request was refused');
    }
    countRefusal(failure.refusal.code);
    return sendFailure(request, reply, failure);
  });
}

/** Answers with a refusal that nobody threw. */
export function answerRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  return sendFailure(request, reply, { refusal, status: refusal.httpStatus });
}

/**
 * For requests that Fastify gives up on before any route or hook: addresses that cannot be decoded, such as a link that was cut
 * within a letter. Somebody who sees it in a browser is sent to the page that says so.
 */
export function answerFrameworkError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (isForPeople(request)) void reply.redirect('/watch');
  else void sendFailure(request, reply, failureOf(error, request));
}

/** The body of every error. */
export function errorBody(refusal: Refusal): ErrorBody {
  return { error: { code: refusal.code, message: refusal.message } };
}

function sendFailure(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  // A player on another site may read media, so it may also read why there is none.
  if (pathOf(request.url).endsWith('.flv')) {
    reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'retry-after');
  }
  const retryAfter = retryAfterOf(failure.refusal, failure.status);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply
    .code(failure.status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(errorBody(failure.refusal));
}

function failureOf(error: unknown, request: FastifyRequest): Failure {
  const refusal = refusalOf(error);
  if (refusal) return { refusal, status: refusal.httpStatus };
  const { statusCode = 500, validation, validationContext } = error as Partial<FastifyError>;
  if (validation) return badRequest(400, faultsOf(request, validation, validationContext as RequestPart));
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

function faultsOf(
  request: FastifyRequest,
  errors: NonNullable<FastifyError['validation']>,
  part: RequestPart,
): string {
  const given = {
    body: request.body,
    querystring: request.query,
    params: request.params,
    headers: request.headers,
  };
  return describeSchemaFaults({
    part,
    errors,
    schema: request.routeOptions.schema?.[part],
    given: given[part],
  });
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
