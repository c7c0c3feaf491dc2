import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import websocket from '@fastify/websocket';
import { type FastifyInstance, fastify } from 'fastify';
import type { ServerInfo } from '../../shared/contract/server-info.ts';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { httpServerOptions } from '../api/http-server-options.ts';
import { registerApi } from '../api/register-api.ts';
import { defaultConfig } from '../config/load.ts';
import { HttpConnections } from '../http/http-connections.ts';
import { InFlight } from '../http/in-flight.ts';
import { type AdminAuth, createAdminAuth } from '../ops/admin-auth.ts';
import { createHealth, type Health } from '../ops/health.ts';
import { createLogger } from '../ops/log.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
import { createNotices, type Notices } from '../ops/notices.ts';
import { createVisitorCookies } from '../ops/visitor-cookie.ts';
import { FakeHub } from './fake-hub.ts';

export const TOKEN = 'right-token';
export const bearer = { authorization: `Bearer ${TOKEN}` };

/** The whole HTTP side around a hub filled by hand. */
export interface ApiFixture {
  readonly app: FastifyInstance;
  readonly hub: FakeHub;
  readonly auth: AdminAuth;
  readonly notices: Notices;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: ManualClock;
  readonly publicDir: string;
  readonly logLines: string[];
  close(): Promise<void>;
}

interface FixtureOptions {
  /** Settings by path. */
  readonly config?: Record<string, unknown>;
  /** Whether the web app looks built. */
  readonly built?: boolean;
  /** Routes of the test's own. */
  readonly addRoutes?: (app: FastifyInstance) => void;
}

export async function startApi(options: FixtureOptions = {}): Promise<ApiFixture> {
  const logLines: string[] = [];
  const log = createLogger({
    level: 'debug',
    format: 'json',
    isTerminal: false,
    write: (line) => logLines.push(line),
  });
  const config = defaultConfig(options.config);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  const publicDir = join(folder, 'public');
  if (options.built !== false) buildPages(publicDir);
  const clock = new ManualClock();
  const hub = new FakeHub();
  const auth = createAdminAuth(TOKEN, clock);
  const notices = createNotices();
  const health = createHealth();
  const metrics = createMetrics({ hub, version: '1.2.3' });
  const inFlight = new InFlight({ max: config.http.maxRequestsInFlight, limitReached: () => {} });
  const limits = { maxConnections: 0, maxConnectionsPerAddress: 0, isProxy: () => false };
  const connections = new HttpConnections({ ...limits, limitReached: () => {} });
  const app: FastifyInstance = fastify(httpServerOptions(log, config, inFlight));
  await app.register(websocket, { options: { maxPayload: 4096 } });
  await registerApi(app, {
    hub,
    config,
    auth,
    notices,
    metrics,
    health,
    visitors: createVisitorCookies(TOKEN),
    publicDir,
    guards: { connections, isInternal: () => false, nowMs: () => clock.monotonicMs() },
    info: () => anInfo(health),
  });
  options.addRoutes?.(app);
  await app.ready();
  const close = async () => {
    metrics.close();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { app, hub, auth, notices, health, metrics, clock, publicDir, logLines, close };
}

function buildPages(publicDir: string): void {
  mkdirSync(join(publicDir, 'assets'), { recursive: true });
  writeFileSync(join(publicDir, 'index.html'), '<title>list</title>');
  writeFileSync(join(publicDir, 'player.html'), '<title>player</title>');
  writeFileSync(join(publicDir, 'favicon.ico'), 'icon');
  writeFileSync(join(publicDir, 'assets', 'index-abc.js'), 'console.log(1)');
}

function anInfo(health: Health): ServerInfo {
  return {
    name: 'sluice',
    version: '1.2.3',
    node: '20.0.0',
    startedAt: '2026-01-01T00:00:00.000Z',
    state: health.state,
    rtmpPort: 1935,
    rtmpsPort: null,
    httpPort: 8080,
    httpsPort: null,
    streams: 0,
    publishers: 0,
    viewers: 0,
    kbpsIn: 0,
    kbpsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    publishNeedsLogin: false,
    kickPause: { publisherSeconds: 30, viewerSeconds: 300 },
    load: { busy: 0.1, paceMs: 0, overloaded: false, workers: [] },
  };
}
