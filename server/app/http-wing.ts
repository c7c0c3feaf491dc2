import type { SecureContextOptions } from 'node:tls';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyRequest } from 'fastify';
import { previewPrefix } from '../../shared/contract/preview-path.ts';
import type { ServerInfo } from '../../shared/contract/server-info.ts';
import { requireAdmin } from '../api/admin-guard.ts';
import { httpServerOptions } from '../api/http-server-options.ts';
import { createHttpsServer } from '../api/https-server.ts';
import { registerApi } from '../api/register-api.ts';
import type { Config } from '../config/schema.ts';
import { parseTrustedProxies } from '../config/trusted-proxies.ts';
import { HttpConnections, type HttpConnectionsOptions } from '../http/http-connections.ts';
import { InFlight } from '../http/in-flight.ts';
import { listenEverywhere } from '../http/listen-everywhere.ts';
import { stopperOf } from '../http/stopper.ts';
import type { Hub } from '../hub/hub.ts';
import type { createLogger } from '../ops/log.ts';
import { isSameText } from '../ops/same-text.ts';
import { systemClock } from '../ops/system-clock.ts';
import { VISITOR_COOKIE } from '../ops/visitor-cookie.ts';
import type { Admission } from '../transport/admission.ts';
import { flvRoutes } from '../transport/flv/flv-routes.ts';
import type { WaitingRoom } from '../transport/waiting-room.ts';
import { type DeliveryWing, MAX_WEBSOCKET_MESSAGE_BYTES } from './delivery-wing.ts';
import type { OpsWing } from './ops-wing.ts';

/** All that is served over HTTP, on one port or two: API, pages, and media for players. */
export interface HttpWing {
  /** Resolves with the port that is really listened on. */
  listen(at: { port: number; host: string | undefined }): Promise<number>;
  /** The same over TLS; only with a certificate. */
  listenTls(at: { port: number; host: string | undefined }): Promise<number>;
  setSecureContext(tls: SecureContextOptions): void;
  close(): Promise<void>;
}

interface HttpOptions {
  readonly config: Config;
  readonly hub: Hub;
  readonly log: ReturnType<typeof createLogger>;
  readonly admission: Admission;
  readonly waitingRoom: WaitingRoom;
  readonly ops: OpsWing;
  readonly delivery: Pick<DeliveryWing, 'view' | 'relay' | 'handOver'>;
  readonly tls: SecureContextOptions | undefined;
  readonly publicDir: string;
  /** On all ports together. */
  readonly maxConnections: number;
  info(): ServerInfo;
}

export async function createHttp(options: HttpOptions): Promise<HttpWing> {
  const { config, hub, log, admission, waitingRoom, ops, delivery, tls, publicDir, maxConnections, info } =
    options;
  const limitReached = (limit: string) => ops.metrics.countLimit(limit);
  const inFlight = new InFlight({
    max: config.http.maxRequestsInFlight,
    limitReached: () => limitReached('maxRequestsInFlight'),
  });
  const connections = new HttpConnections({ ...connectionLimits(config, maxConnections), limitReached });
  ops.metrics.watchHttp(connections);
  const http = Fastify(httpServerOptions(log, config, inFlight));
  await http.register(websocket, {
    options: { maxPayload: MAX_WEBSOCKET_MESSAGE_BYTES, perMessageDeflate: false },
  });
  const guards = { connections, isInternal: isRelay(delivery.relay), nowMs: systemClock.monotonicMs };
  await registerApi(http, { ...ops, hub: delivery.view, config, info, publicDir, guards });
  await http.register(flvRoutes, {
    hub,
    admission,
    waitingRoom,
    maxWaitSeconds: config.viewer.maxWaitSeconds,
    relay: delivery.relay,
    visitorOf: (request) => ops.visitors?.read(request.cookies[VISITOR_COOKIE]),
    preview: { prefix: previewPrefix, requireOperator: (request) => requireAdmin(ops.auth, request) },
    handOver: delivery.handOver,
  });
  connections.watch(http.server);
  const stopHttp = stopperOf(http.server);
  const https = tls && createHttpsServer(http, tls, config, inFlight);
  if (https) connections.watch(https.server);
  const acceptFailed = (error: Error) => log.error({ error: error.message }, 'HTTP accept failed');
  return {
    listen: (at) => listenEverywhere(http.server, { ...at, acceptFailed }, (where) => http.listen(where)),
    listenTls(at) {
      if (!https) throw new Error('TLS needs a certificate');
      return listenEverywhere(https.server, { ...at, acceptFailed });
    },
    setSecureContext: (identity) => https?.server.setSecureContext(identity),
    async close() {
      await Promise.all([stopHttp(() => http.close()), https?.close()]);
    },
  };
}

/** One address never holds so many that it keeps all others out. */
function connectionLimits(
  { http }: Config,
  maxConnections: number,
): Omit<HttpConnectionsOptions, 'limitReached'> {
  const half = Number.isFinite(maxConnections) ? Math.ceil(maxConnections / 2) : 0;
  const own = http.maxConnectionsPerAddress;
  const trust = parseTrustedProxies(http.trustProxy);
  return {
    maxConnections: Number.isFinite(maxConnections) ? maxConnections : 0,
    maxConnectionsPerAddress: own === 0 || half === 0 ? own : Math.min(own, half),
    isProxy: (address) => trust?.(address, 0) ?? false,
  };
}

/** Whether a delivery worker of this server asks. */
const isRelay =
  ({ header, secret }: HttpOptions['delivery']['relay']) =>
  ({ headers }: FastifyRequest): boolean =>
    headers[header] !== undefined && isSameText(String(headers[header]), secret);
