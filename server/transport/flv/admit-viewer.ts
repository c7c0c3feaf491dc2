import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { refuse } from '../../../shared/contract/errors.ts';
import { parseStreamPath } from '../../../shared/media/stream-name.ts';
import { clientAddress } from '../../http/client-address.ts';
import { RefusalError } from '../../http/refusal-error.ts';
import type { TrackPick } from '../../hub/container.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Peer, Visitor } from '../../hub/snapshot.ts';
import type { Admission } from '../admission.ts';
import { newConnectionId } from '../connection-id.ts';
import { parseTrackId, pickTracks } from '../pick-tracks.ts';
import type { WaitingRoom } from '../waiting-room.ts';

/** A request that was let in. */
export interface AdmittedViewer {
  readonly stream: string;
  readonly peer: Peer;
  /** Other tracks than the default ones, if it asked for them. */
  readonly pick: TrackPick | undefined;
  /** The headers of an upgrade request that nobody has answered yet. */
  readonly upgrade: Readonly<Record<string, string>> | undefined;
}

export interface AdmitOptions {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly waitingRoom: WaitingRoom;
  /** Upper limit of ?wait=SECONDS. */
  readonly maxWaitSeconds: number;
  /** Who a browser is, if it shows that. */
  visitorOf?(request: FastifyRequest): Visitor | undefined;
  /** Media of the dashboard: at `/{prefix}/{app}/{key}.flv`, for those whom `requireOperator` does not throw out. */
  readonly preview?: { readonly prefix: string; requireOperator(request: FastifyRequest): void };
  /** Who shows this in the header gets the relay form: another process of this server. */
  readonly relay?: { readonly header: string; readonly secret: string };
}

/** Connections of which a request waits. What is pipelined behind it could not be answered before it. */
const waiting = new WeakSet<Socket>();

/** Lets a request in when its stream is live and nobody objects; anything else throws a refusal. */
export async function admitViewer(
  request: FastifyRequest,
  path: string,
  options: AdmitOptions,
  isPreview = false,
): Promise<AdmittedViewer> {
  const { admission, relay } = options;
  const parsed = parseStreamPath(path);
  if (!parsed.ok) throw new RefusalError(refuse('name-invalid', { reason: parsed.reason }));
  const stream = parsed.name;
  const isRelay = relay !== undefined && isSecret(request.headers[relay.header], relay.secret);
  const visitor = options.visitorOf?.(request);
  const peer: Peer = {
    ...peerOf(request, isRelay),
    ...(isPreview && { isPreview }),
    ...(visitor && { visitor }),
  };
  const query = new Map(Object.entries(request.query as Record<string, string>));
  const refusal = isRelay ? undefined : await admission({ action: 'play', stream, peer, query });
  if (refusal) throw new RefusalError(refusal);
  const track = isRelay ? undefined : parseTrackId(query.get('track'));
  const ms = waitMs(query.get('wait'), options.maxWaitSeconds);
  const { address } = peer;
  const pick = await whileConnected(request, async (signal) => {
    // A process of ours whose line to here was cut has viewers who are held, as those here are: it waits with them.
    if (isRelay && options.hub.isHeld(stream)) return undefined;
    if (!(await options.waitingRoom.wait({ stream, until: 'published', address, ms, signal }))) {
      throw new RefusalError(refuse('stream-not-live', { stream }));
    }
    return track === undefined ? undefined : pickTracks(options, { stream, id: track, address, signal });
  });
  return { stream, peer, pick, upgrade: request.ws ? plainHeaders(request) : undefined };
}

/** Runs what may take long, with a signal that is aborted when the connection closes. Leaves nothing behind at the socket. */
async function whileConnected<T>(
  { ws, raw: { socket } }: FastifyRequest,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (waiting.has(socket)) throw new RefusalError(refuse('too-many-requests-at-once'));
  const left = new AbortController();
  const leave = () => left.abort();
  socket.once('close', leave);
  const stopListening = ws ? listenForEnd(socket) : () => {};
  waiting.add(socket);
  try {
    return await run(left.signal);
  } finally {
    waiting.delete(socket);
    stopListening();
    socket.off('close', leave);
  }
}

/**
 * Once a request asks for an upgrade Node reads no more of its connection, so nobody would notice that the client is gone.
 * Clients say nothing before the upgrade is answered; who does is cut.
 */
function listenForEnd(socket: Socket): () => void {
  const hangUp = () => socket.destroy();
  const look = () => {
    if (socket.read() !== null) hangUp();
  };
  socket.on('readable', look);
  socket.once('end', hangUp);
  return () => {
    socket.off('readable', look);
    socket.off('end', hangUp);
  };
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
    address: clientAddress(request),
    userAgent: request.headers['user-agent']?.slice(0, 256) ?? null,
  };
}
