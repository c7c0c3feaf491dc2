import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { type Refusal, refuse } from '../../shared/contract/errors.ts';
import { parseStreamPath } from '../../shared/media/stream-name.ts';
import type { Container } from '../hub/container.ts';
import type { Hub } from '../hub/hub.ts';
import type { EndReason, Sink } from '../hub/sink.ts';
import type { Peer, Protocol } from '../hub/snapshot.ts';
import { httpFlvContainer, wsFlvContainer } from '../output/flv-container.ts';
import type { Admission } from './admission.ts';
import { newConnectionId } from './connection-id.ts';
import { flvHeaders, HttpFlvSink } from './http-flv-sink.ts';
import { plainAddress } from './plain-address.ts';
import { waitUntilLive } from './wait-until-live.ts';
import { keepAlive } from './websocket-keep-alive.ts';
import { WsFlvSink } from './ws-flv-sink.ts';

export interface FlvRoutesOptions {
  readonly hub: Hub;
  readonly admission: Admission;
  /** Upper limit of ?wait=SECONDS. */
  readonly maxWaitSeconds: number;
}

/** Error that Fastify's error handler answers with the refusal's status and sentence. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
  readonly refusal: Refusal;
  readonly statusCode: number;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
    this.statusCode = refusal.httpStatus;
  }
}

/**
 * `GET /{app}/{key}.flv` and its WebSocket twin. Expects @fastify/websocket to be registered.
 * A request that cannot be served is refused before the upgrade or the first byte, in the common error shape.
 */
export async function flvRoutes(fastify: FastifyInstance, options: FlvRoutesOptions): Promise<void> {
  const streams = new WeakMap<FastifyRequest, string>();

  fastify.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    schema: { hide: true },
    preValidation: async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '';
      if (!path.endsWith('.flv')) return reply.callNotFound();
      streams.set(request, await admit(request, path, options));
    },
    handler: (request, reply) => serveHttp(request, reply, streams.get(request) ?? '', options.hub),
    wsHandler: (webSocket, request) => {
      serveWebSocket(webSocket, request, streams.get(request) ?? '', options.hub);
    },
  });

  fastify.options('/*', { schema: { hide: true } }, (request, reply) => {
    reply
      .code(204)
      .header('access-control-allow-origin', '*')
      .header('access-control-allow-methods', 'GET, HEAD, OPTIONS')
      .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
      .header('access-control-max-age', '86400')
      .send();
  });
}

/** The name of the live stream that the request may have; anything else throws a refusal. */
async function admit(
  request: FastifyRequest,
  path: string,
  { hub, admission, maxWaitSeconds }: FlvRoutesOptions,
): Promise<string> {
  const name = parseStreamPath(path);
  if (!name.ok) throw new RefusalError(refuse('name-invalid', { reason: name.reason }));
  const query = new Map(Object.entries(request.query as Record<string, string>));
  const refusal = await admission({
    action: 'play',
    stream: name.name,
    peer: peerOf(request, request.ws ? 'ws-flv' : 'http-flv'),
    query,
  });
  if (refusal) throw new RefusalError(refusal);
  const left = new AbortController();
  request.raw.socket.once('close', () => left.abort());
  if (!(await waitUntilLive(hub, name.name, waitMs(query.get('wait'), maxWaitSeconds), left.signal))) {
    throw new RefusalError(refuse('stream-not-live', { stream: name.name }));
  }
  return name.name;
}

function waitMs(wait: string | undefined, maxSeconds: number): number {
  if (wait === undefined) return 0;
  if (!/^\d{1,4}$/.test(wait) || Number(wait) > maxSeconds) {
    throw new RefusalError(
      refuse('bad-request', { reason: `wait is a number of seconds up to ${maxSeconds}` }),
    );
  }
  return Number(wait) * 1000;
}

function peerOf(request: FastifyRequest, protocol: Protocol): Peer {
  const userAgent = request.headers['user-agent'];
  return {
    id: newConnectionId(),
    protocol,
    address: plainAddress(request.ip),
    userAgent: userAgent?.slice(0, 256) ?? null,
  };
}

function serveHttp(request: FastifyRequest, reply: FastifyReply, stream: string, hub: Hub): FastifyReply {
  if (request.method === 'HEAD') return reply.headers(flvHeaders).send();
  reply.hijack();
  const { socket } = request.raw;
  // A request that was pipelined behind another one has no connection to answer on yet: the other one owns it for good.
  if (reply.raw.socket !== socket) {
    socket.destroy();
    return reply;
  }
  socket.setNoDelay(true);
  socket.setTimeout(0);
  const sink = new HttpFlvSink(socket, (reason) => answerEndedBeforeStart(reply, stream, reason));
  view({
    request,
    hub,
    stream,
    sink,
    container: httpFlvContainer,
    onClose: (left) => socket.once('close', left),
  });
  return reply;
}

function answerEndedBeforeStart(reply: FastifyReply, stream: string, reason: EndReason): void {
  const refusal = reason === 'draining' ? refuse('draining') : refuse('stream-not-live', { stream });
  const body = JSON.stringify({ error: { code: refusal.code, message: refusal.message } });
  reply.raw.writeHead(refusal.httpStatus, {
    'content-type': 'application/json; charset=utf-8',
    'access-control-allow-origin': '*',
    connection: 'close',
  });
  reply.raw.end(body);
}

function serveWebSocket(webSocket: WebSocket, request: FastifyRequest, stream: string, hub: Hub): void {
  const { socket } = request.raw;
  socket.setNoDelay(true);
  keepAlive(webSocket);
  const sink = new WsFlvSink(webSocket, socket);
  view({
    request,
    hub,
    stream,
    sink,
    container: wsFlvContainer,
    onClose: (left) => webSocket.once('close', left),
  });
}

function view(options: {
  request: FastifyRequest;
  hub: Hub;
  stream: string;
  sink: Sink;
  container: Container;
  onClose: (left: () => void) => void;
}): void {
  const { request, hub, stream, sink, container } = options;
  const peer = peerOf(request, container.protocol);
  const viewing = hub.watch(stream, { peer, container, sink });
  // It was live when it was admitted; the upgrade may have taken longer than the stream.
  if (!viewing) sink.end('stream-ended');
  else options.onClose(() => viewing.leave());
}
