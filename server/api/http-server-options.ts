import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyBaseLogger, type FastifyServerOptions, LogController } from 'fastify';
import { refuse } from '../../shared/contract/errors.ts';
import type { Config } from '../config/schema.ts';
import { parseTrustedProxies } from '../config/trusted-proxies.ts';
import type { InFlight } from '../http/in-flight.ts';
import { rawRefusal } from '../http/raw-refusal.ts';
import { answerFrameworkError } from './error-handler.ts';

/** 64 KB: the largest body that any route takes is a token. */
const BODY_LIMIT = 64 * 1024;

/** Longer than the 60 s of usual proxies, which must be the first to let go of a connection. */
export const KEEP_ALIVE_MS = 72_000;

/** Whoever takes no byte of an answer for so long is gone. Whoever waits for a stream hears nothing for as long as he asked for. */
export const silenceMs = ({ viewer }: Pick<Config, 'viewer'>): number =>
  Math.max(120, viewer.maxWaitSeconds + 60) * 1000;

/** Node looks for what is over time this often; its own 30 s would let everything stay for that much longer. */
const TIMEOUT_CHECK_MS = 1_000;

/** What the HTTP parser is held to, on every port. */
export const httpLimits = ({ http }: Pick<Config, 'http'>) => ({
  headersTimeout: http.headerTimeout * 1000,
  requestTimeout: http.requestTimeout * 1000,
  connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  maxHeaderSize: 16 * 1024,
});

/** How the one Fastify instance of the process is made: limits, and errors before routing in our shape. */
export function httpServerOptions(
  log: FastifyBaseLogger,
  config: Pick<Config, 'http' | 'viewer'>,
  inFlight: InFlight,
) {
  return {
    loggerInstance: log,
    // One line a request would drown the rest: pages and players ask often. Failures are logged where they are made.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    trustProxy: parseTrustedProxies(config.http.trustProxy) ?? false,
    bodyLimit: BODY_LIMIT,
    serverFactory: (handle) => {
      const server = createServer(httpLimits(config), inFlight.guard(handle));
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      server.setTimeout(silenceMs(config));
      inFlight.guardUpgrades(server);
      return server;
    },
    // While draining, health routes answer in our shape; Fastify's own 503 would not.
    return503OnClosing: false,
    genReqId: () => randomBytes(6).toString('hex'),
    requestIdHeader: false,
    // Every fault of a request is named at once, and nothing that it holds is dropped without a word.
    ajv: { customOptions: { allErrors: true, removeAdditional: false } },
    // 6 segments of 128 characters, each up to 12 characters when percent-encoded.
    routerOptions: { maxParamLength: 10_000 },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
  } satisfies FastifyServerOptions;
}

/** Bytes that are no HTTP: an answer by hand, for there is no request to reply to. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  // Something was already sent: another answer in the middle of it would be read as its content.
  if (socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [status, reason]: [number, string] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'the headers are too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'it took too long to arrive']
        : [400, 'it is not HTTP'];
  socket.end(rawRefusal(refuse('bad-request', { reason }), { status }));
}
