import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../../../shared/contract/errors.ts';
import { parseStreamPath } from '../../../shared/media/stream-name.ts';
import { RefusalError } from '../../http/refusal-error.ts';
import type { TrackPick } from '../../hub/container.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Peer } from '../../hub/snapshot.ts';
import type { Admission } from '../admission.ts';
import { newConnectionId } from '../connection-id.ts';
import { parseTrackId, pickTracks } from '../pick-tracks.ts';
import { plainAddress } from '../plain-address.ts';
import { waitUntilLive } from '../wait-until-live.ts';
import { flvHeaders } from './http-flv-sink.ts';
import { serveHttpViewer, serveRelay, serveWebSocketViewer } from './viewer-connection.ts';

export interface FlvRoutesOptions {
  readonly hub: Hub;
  readonly admission: Admission;
  /** Upper limit of ?wait=SECONDS. */
  readonly maxWaitSeconds: number;
  /** Gives a viewer to another process of this server. False: serve it here. */
  handOver?(viewer: AdmittedViewer, socket: Socket): boolean;
  /** Who shows this in the header gets the relay form: another process of this server. */
  readonly relay?: { readonly header: string; readonly secret: string };
}

/** A request that was let in. */
export interface AdmittedViewer {
  readonly stream: string;
  readonly peer: Peer;
  /** Other tracks than the default ones, if it asked for them. */
  readonly pick: TrackPick | undefined;
  /** The headers of an upgrade request that nobody has answered yet. */
  readonly upgrade: Readonly<Record<string, string>> | undefined;
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

  fastify.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    schema: { hide: true },
    preValidation: async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '';
      if (!path.endsWith('.flv')) return reply.callNotFound();
      admitted.set(request, await admit(request, path, options));
    },
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

/** Takes the socket from the framework. False when it is not this request's to take. */
function takeSocket(request: FastifyRequest, reply: FastifyReply): boolean {
  reply.hijack();
  const { socket } = request.raw;
  if (reply.raw.socket === socket) return true;
  // Pipelined behind another request, which owns the connection for good.
  socket.destroy();
  return false;
}

/** Lets a request in when its stream is live and nobody objects; anything else throws a refusal. */
async function admit(
  request: FastifyRequest,
  path: string,
  { hub, admission, maxWaitSeconds, relay }: FlvRoutesOptions,
): Promise<AdmittedViewer> {
  const parsed = parseStreamPath(path);
  if (!parsed.ok) throw new RefusalError(refuse('name-invalid', { reason: parsed.reason }));
  const stream = parsed.name;
  const isRelay = relay !== undefined && isSecret(request.headers[relay.header], relay.secret);
  const peer = peerOf(request, isRelay);
  const query = new Map(Object.entries(request.query as Record<string, string>));
  const refusal = isRelay ? undefined : await admission({ action: 'play', stream, peer, query });
  if (refusal) throw new RefusalError(refusal);
  const track = isRelay ? undefined : parseTrackId(query.get('track'));
  const left = new AbortController();
  request.raw.socket.once('close', () => left.abort());
  if (!(await waitUntilLive(hub, stream, waitMs(query.get('wait'), maxWaitSeconds), left.signal))) {
    throw new RefusalError(refuse('stream-not-live', { stream }));
  }
  const pick = track === undefined ? undefined : await pickTracks(hub, stream, track, left.signal);
  return { stream, peer, pick, upgrade: request.ws ? plainHeaders(request) : undefined };
}

/** Compares in constant time. */
function isSecret(given: string | string[] | undefined, secret: string): boolean {
  if (typeof given !== 'string' || given.length !== secret.length) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(secret));
}

function plainHeaders(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === 'string') headers[name] = value;
  return headers;
}

function waitMs(wait: string | undefined, maxSeconds: number): number {
  if (wait === undefined) return 0;
  if (!/^\d{1,4}$/.test(wait) || Number(wait) > maxSeconds) {
    const reason = `wait is a number of seconds up to ${maxSeconds}`;
    throw new RefusalError(refuse('bad-request', { reason }));
  }
  return Number(wait) * 1000;
}

function peerOf(request: FastifyRequest, isRelay: boolean): Peer {
  return {
    id: newConnectionId(),
    protocol: isRelay ? 'relay' : request.ws ? 'ws-flv' : 'http-flv',
    address: plainAddress(request.ip),
    userAgent: request.headers['user-agent']?.slice(0, 256) ?? null,
  };
}
