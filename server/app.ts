import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { refuse } from '../shared/contract/errors.ts';
import type { ServerInfo } from '../shared/contract/server-info.ts';
import { httpServerOptions } from './api/http-server-options.ts';
import { registerApi } from './api/register-api.ts';
import type { Config } from './config/schema.ts';
import { Hub, type HubLimits } from './hub/hub.ts';
import { defaultTrackMonitorLimits } from './hub/track-monitor.ts';
import { createAdminAuth } from './ops/admin-auth.ts';
import { loadAdminToken } from './ops/admin-token.ts';
import { logEvents } from './ops/event-log.ts';
import { createHealth, type Health } from './ops/health.ts';
import { watchLoad } from './ops/load-watcher.ts';
import { createLogger } from './ops/log.ts';
import { createMetrics, type Metrics } from './ops/metrics.ts';
import { createNotices, type Notices } from './ops/notices.ts';
import { systemClock } from './ops/system-clock.ts';
import type { Admission } from './transport/admission.ts';
import { flvRoutes } from './transport/flv-routes.ts';
import { RtmpListener } from './transport/rtmp-listener.ts';
import type { RtmpObserver } from './transport/rtmp-observer.ts';

/** A running server. */
export interface App {
  readonly rtmpPort: number;
  readonly httpPort: number;
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
/** How exact a delivery that waits is. */
const HUB_TICK_MS = 10;
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
  const metrics = createMetrics({ hub, version });
  notices.watch(hub);
  logEvents(hub, log);

  const load = watchLoad(config.delivery.maxPace * 1000, (decision) => {
    hub.paceMs = decision.paceMs;
    if (decision.shed) hub.shedSlowest(SHED_SHARE);
  });
  metrics.watchLoad(load);
  const admission: Admission = ({ action }) => {
    if (health.state === 'draining') return refuse('draining');
    return action === 'play' && load.decision.full ? refuse('overloaded') : undefined;
  };
  const rtmp = new RtmpListener({
    hub,
    admission,
    observer: observe(metrics, notices),
    log,
    timeouts: {
      handshakeMs: config.rtmp.handshakeTimeout * 1000,
      idleMs: config.rtmp.idleTimeout * 1000,
    },
    maxConnectionsPerAddress: config.rtmp.maxConnectionsPerAddress,
  });
  const ports = { rtmp: 0, http: 0 };
  const startedAt = new Date(systemClock.wallMs()).toISOString();
  const http = Fastify(httpServerOptions(log, config));
  await http.register(websocket, {
    options: { maxPayload: MAX_WEBSOCKET_MESSAGE_BYTES, perMessageDeflate: false },
  });
  await registerApi(http, {
    hub,
    config,
    auth,
    notices,
    metrics,
    health,
    info: () => serverInfo({ hub, health, version, startedAt, ports }),
    publicDir: join(packageRoot, 'dist/public'),
  });
  await http.register(flvRoutes, { hub, admission, maxWaitSeconds: config.viewer.maxWaitSeconds });

  const ticker = setInterval(() => hub.tick(), HUB_TICK_MS);
  const close = async (lingerMs = 0) => {
    health.drain();
    rtmp.drain();
    hub.drain();
    await Promise.all([rtmp.close(), delay(lingerMs)]);
    await http.close();
    clearInterval(ticker);
    load.close();
    metrics.close();
  };
  try {
    const host = config.host === '' ? undefined : config.host;
    ports.rtmp = await rtmp.listen({ port: config.rtmp.port, host });
    ports.http = await listenHttp(http, config.http.port, host);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    rtmpPort: ports.rtmp,
    httpPort: ports.http,
    log,
    adminUrl: () => `http://localhost:${ports.http}/admin?token=${encodeURIComponent(auth.token)}`,
    close,
  };
}

function hubLimits({ stream, gop, viewer }: Config): HubLimits {
  return {
    stream: {
      gop: { maxBytes: gop.maxBytes, maxDurationMs: gop.maxSeconds * 1000 },
      tracks: defaultTrackMonitorLimits,
      graceMs: stream.grace * 1000,
    },
    viewer: {
      queueBytes: viewer.queueBytes,
      queueSeconds: viewer.queueSeconds,
      stallMs: viewer.stallSeconds * 1000,
    },
    silentTakeoverMs: stream.silentTakeover * 1000,
    publisherTimeoutMs: stream.publisherTimeout * 1000,
  };
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
    failed: ({ address }, stream, { code, reason }) => {
      metrics.countProtocolError(code);
      notices.failed({ stream, address, message: reason });
    },
  };
}

function serverInfo(of: {
  hub: Hub;
  health: Health;
  version: string;
  startedAt: string;
  ports: { rtmp: number; http: number };
}): ServerInfo {
  const totals = of.hub.totals();
  const streams = of.hub.streams();
  const sum = (rate: 'kbpsIn' | 'kbpsOut') => streams.reduce((total, stream) => total + stream[rate], 0);
  const { viewers } = totals;
  return {
    name: 'Sluice',
    version: of.version,
    node: process.versions.node,
    startedAt: of.startedAt,
    state: of.health.state,
    rtmpPort: of.ports.rtmp,
    httpPort: of.ports.http,
    streams: totals.streams,
    publishers: totals.publishers,
    viewers: viewers.rtmp + viewers['http-flv'] + viewers['ws-flv'],
    kbpsIn: sum('kbpsIn'),
    kbpsOut: sum('kbpsOut'),
    bytesIn: totals.bytesIn,
    bytesOut: totals.bytesOut,
  };
}

/** Listens on all interfaces of both families where there are both. Gives the port that is really listened on. */
async function listenHttp(http: FastifyInstance, port: number, host: string | undefined): Promise<number> {
  try {
    await http.listen({ port, host: host ?? '::' });
  } catch (error) {
    const noIpv6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (host !== undefined || !noIpv6) throw error;
    await http.listen({ port, host: '0.0.0.0' });
  }
  return (http.server.address() as AddressInfo).port;
}
