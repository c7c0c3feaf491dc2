import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { refuse } from '../shared/contract/errors.ts';
import { httpServerOptions } from './api/http-server-options.ts';
import { createHttpsServer } from './api/https-server.ts';
import { registerApi } from './api/register-api.ts';
import { FederatedView } from './cluster/federated-view.ts';
import { relayHeader } from './cluster/origin-pull.ts';
import { WorkerPool } from './cluster/worker-pool.ts';
import { parseAddressList } from './config/address-list.ts';
import type { Config } from './config/schema.ts';
import { listenEverywhere } from './http/listen-everywhere.ts';
import { stopperOf } from './http/stopper.ts';
import { Hub } from './hub/hub.ts';
import { createAdminAuth } from './ops/admin-auth.ts';
import { loadAdminToken } from './ops/admin-token.ts';
import { logEvents } from './ops/event-log.ts';
import { createHealth } from './ops/health.ts';
import { hubLimits } from './ops/hub-limits.ts';
import { tickHub } from './ops/hub-ticker.ts';
import { watchLoad } from './ops/load-watcher.ts';
import { createLogger } from './ops/log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { createNotices, type Notices } from './ops/notices.ts';
import { serverInfo } from './ops/server-info.ts';
import type { ServerLoad } from './ops/server-load.ts';
import { systemClock } from './ops/system-clock.ts';
import { describeCertificate } from './ops/tls-files.ts';
import { loadTlsIdentity, watchTlsFiles } from './ops/tls-identity.ts';
import type { RtmpLimits } from './rtmp/limits.ts';
import { PublisherAuth } from './rtmp/publisher-auth.ts';
import type { Admission } from './transport/admission.ts';
import type { RtmpObserver } from './transport/connection/rtmp-observer.ts';
import { flvRoutes } from './transport/flv/flv-routes.ts';
import { RtmpListener } from './transport/listener/rtmp-listener.ts';
import { nodeCrypto } from './transport/node-crypto.ts';

/** A running server. */
export interface App {
  readonly rtmpPort: number;
  /** Null: no RTMP over TLS. */
  readonly rtmpsPort: number | null;
  readonly httpPort: number;
  readonly httpsPort: number | null;
  readonly log: ReturnType<typeof createLogger>;
  /** The dashboard's address on this machine, with the token in it. For the operator's eyes only. */
  adminUrl(): string;
  /**
   * Ends everybody cleanly and stops. HTTP answers for `lingerMs` more, so that whoever asks /readyz learns of it
   * before connections are refused.
   */
  close(lingerMs?: number): Promise<void>;
}

export interface StartOptions {
  readonly config: Config;
  /** Takes each log line instead of standard output. */
  readonly writeLog?: (line: string) => void;
}

/** Compiled, this file lies in dist/server. */
const packageRoot = join(import.meta.dirname, '../..');
/** Twice a second, while the process is too busy to serve all: enough to help soon, not so much as to empty the house. */
const SHED_SHARE = 0.05;
const MAX_WEBSOCKET_MESSAGE_BYTES = 4096;

/** Puts all the parts together and listens. The only file that knows every layer. */
export async function startApp({ config, writeLog }: StartOptions): Promise<App> {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const log = createLogger({
    ...config.log,
    isTerminal: process.stdout.isTTY === true,
    ...(writeLog && { write: writeLog }),
  });
  const auth = createAdminAuth(loadAdminToken(config));
  const hub = new Hub(hubLimits(config), systemClock);
  const health = createHealth();
  const notices = createNotices();
  const ports = { rtmp: 0, rtmps: null as number | null, http: 0, https: null as number | null };
  const wantsTls = config.rtmps.port !== 'off' || config.https.port !== 'off';
  const tls = wantsTls ? await loadTlsIdentity(config, systemClock.wallMs()) : undefined;
  if (tls) log.info(describeCertificate(tls.cert), 'certificate for TLS');
  const relay = { header: relayHeader, secret: randomBytes(24).toString('base64url') };
  const pool = new WorkerPool({
    count: config.workers === 'auto' ? availableParallelism() - 1 : config.workers,
    program: join(import.meta.dirname, 'delivery-worker.js'),
    init: () => ({
      type: 'init',
      limits: hubLimits(config),
      origin: { host: loopbackOf(config.host), port: ports.http, secret: relay.secret },
      maxPaceMs: config.delivery.maxPace * 1000,
      maxWebSocketMessageBytes: MAX_WEBSOCKET_MESSAGE_BYTES,
    }),
    onEvent: (event) => view.emit(event),
    onReady: (worker, pid) => log.info({ worker, pid }, 'a delivery worker is ready'),
    onFault: (worker, reason) => log.error({ worker, reason }, 'a delivery worker could not serve a viewer'),
    onCrash: (worker, reason) => log.error({ worker, reason }, 'a delivery worker died; another one starts'),
  });
  const view = new FederatedView(hub, pool);
  const metrics = createMetrics({ hub: view, version });
  notices.watch(view);
  logEvents(view, log);

  const load = watchLoad(config.delivery.maxPace * 1000, (decision) => {
    hub.paceMs = decision.paceMs;
    if (decision.shed) hub.shedSlowest(SHED_SHARE);
  });
  const serverLoad = (): ServerLoad => ({
    utilization: load.utilization,
    paceMs: load.decision.paceMs,
    full: load.decision.full,
    overloaded: load.decision.full || pool.full,
    workers: pool.loads,
    workerCrashes: pool.crashes,
  });
  metrics.watchLoad(serverLoad);
  const admission: Admission = ({ action }) => {
    if (health.state === 'draining') return refuse('draining');
    return action === 'play' && (load.decision.full || pool.full) ? refuse('overloaded') : undefined;
  };
  const rtmp = new RtmpListener({
    hub,
    admission,
    observer: observe(metrics, notices),
    log,
    timeouts: {
      handshakeMs: config.rtmp.handshakeTimeout * 1000,
      idleMs: config.rtmp.idleTimeout * 1000,
      pingMs: config.rtmp.pingTimeout * 1000,
    },
    connects: config.rtmp,
    publishAuth: publishAuthOf(config),
    isProxy: parseAddressList(config.rtmp.proxyProtocolFrom),
    limits: rtmpLimitsOf(config),
    maxPartialBytesOfAll: config.rtmp.maxUnfinishedBytes,
  });
  metrics.watchRtmp(rtmp);
  const startedAt = new Date(systemClock.wallMs()).toISOString();
  const http = Fastify(httpServerOptions(log, config));
  await http.register(websocket, {
    options: { maxPayload: MAX_WEBSOCKET_MESSAGE_BYTES, perMessageDeflate: false },
  });
  await registerApi(http, {
    hub: view,
    config,
    auth,
    notices,
    metrics,
    health,
    info: () => serverInfo({ hub: view, health, load: serverLoad(), version, startedAt, ports }),
    publicDir: join(packageRoot, 'dist/public'),
  });
  await http.register(flvRoutes, {
    hub,
    admission,
    maxWaitSeconds: config.viewer.maxWaitSeconds,
    relay,
    handOver: ({ stream, peer, pick, upgrade }, socket) =>
      pool.hand({ type: 'viewer', stream, peer, pick, upgrade }, socket),
  });

  const stopHttp = stopperOf(http.server);
  const https = tls && createHttpsServer(http, tls, config);
  const tlsFiles =
    tls &&
    watchTlsFiles(config, log, (identity) => {
      rtmp.setSecureContext(identity);
      https?.server.setSecureContext(identity);
    });
  const stopTicking = tickHub(hub);
  const close = async (lingerMs = 0) => {
    health.drain();
    rtmp.drain();
    const workersStopped = pool.stop();
    hub.drain();
    await Promise.all([workersStopped, rtmp.close(), delay(lingerMs)]);
    tlsFiles?.close();
    await Promise.all([stopHttp(() => http.close()), https?.close()]);
    stopTicking();
    load.close();
    metrics.close();
  };
  try {
    const host = config.host === '' ? undefined : config.host;
    ports.rtmp = await rtmp.listen({ port: config.rtmp.port, host });
    const acceptFailed = (error: Error) => log.error({ error: error.message }, 'HTTP accept failed');
    const httpAt = { port: config.http.port, host, acceptFailed };
    ports.http = await listenEverywhere(http.server, httpAt, (at) => http.listen(at));
    if (tls && config.rtmps.port !== 'off') {
      ports.rtmps = await rtmp.listen({ port: config.rtmps.port, host, tls });
    }
    if (https && config.https.port !== 'off') {
      ports.https = await listenEverywhere(https.server, { port: config.https.port, host, acceptFailed });
    }
    pool.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    rtmpPort: ports.rtmp,
    rtmpsPort: ports.rtmps,
    httpPort: ports.http,
    httpsPort: ports.https,
    log,
    adminUrl: () => `http://localhost:${ports.http}/admin?token=${encodeURIComponent(auth.token)}`,
    close,
  };
}

/** What depends on a setting keeps its proportion to it. */
export function rtmpLimitsOf({ rtmp }: Config): Partial<RtmpLimits> {
  return {
    maxMediaBytes: rtmp.maxMessageBytes,
    maxDataBytes: rtmp.maxDataBytes,
    maxCommandBytes: rtmp.maxCommandBytes,
    maxPartialBytes: 2 * rtmp.maxMessageBytes,
    maxChunkStreams: rtmp.maxChunkStreams,
    maxMessageStreams: rtmp.maxMessageStreams,
    maxBytesBeforeConnect: rtmp.maxBytesBeforeConnect,
    maxCommandsPerSecond: rtmp.maxCommandsPerSecond,
    maxCommandBurst: 4 * rtmp.maxCommandsPerSecond,
    maxRequestsPerSecond: rtmp.maxRequestsPerSecond,
    maxRequestBurst: 20 * rtmp.maxRequestsPerSecond,
    maxDataPerSecond: rtmp.maxDataPerSecond,
    maxDataBurst: 5 * rtmp.maxDataPerSecond,
    maxPingsPerSecond: rtmp.maxPingsPerSecond,
    maxPingBurst: 20 * rtmp.maxPingsPerSecond,
    maxHeldBytes: rtmp.maxHeldBytes,
    maxHeldMessages: rtmp.maxHeldMessages,
    maxPendingOutputBytes: rtmp.maxUnreadBytes,
    maxAmfDepth: rtmp.maxAmfDepth,
    maxAmfValues: rtmp.maxAmfValues,
    maxAmfStringBytes: rtmp.maxCommandBytes,
    maxAmfTextBytes: 16 * rtmp.maxCommandBytes,
  };
}

function publishAuthOf({ rtmp }: Config): PublisherAuth | undefined {
  if (rtmp.publishUser === '') return undefined;
  return new PublisherAuth({ user: rtmp.publishUser, password: rtmp.publishPassword }, nodeCrypto);
}

function observe(metrics: Metrics, notices: Notices): RtmpObserver {
  return {
    opened: () => metrics.rtmpConnectionOpened(),
    closed: () => metrics.rtmpConnectionClosed(),
    handshakeDone: (kind) => metrics.countHandshake(kind),
    connected: ({ address, userAgent }) => notices.connecting({ address, userAgent }),
    refused: ({ address }, stream, { code, message }) => {
      metrics.countRefusal(code);
      notices.refused({ stream, address, message });
    },
    limitReached: (_client, limit) => metrics.countRtmpLimit(limit),
    failed: ({ address }, stream, { code, reason }) => {
      metrics.countProtocolError(code);
      notices.failed({ stream, address, message: reason });
    },
  };
}

/** Where a process of this machine reaches the server. */
const loopbackOf = (host: string): string => (['', '::', '0.0.0.0'].includes(host) ? '127.0.0.1' : host);
