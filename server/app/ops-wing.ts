import { type Refusal, refuse } from '../../shared/contract/errors.ts';
import type { Config } from '../config/schema.ts';
import type { HubView } from '../hub/hub-view.ts';
import { type AdminAuth, createAdminAuth, isStrongToken, SESSION_SECONDS } from '../ops/admin-auth.ts';
import { loadAdminToken } from '../ops/admin-token.ts';
import { watchDescriptors } from '../ops/descriptors.ts';
import { logEvents } from '../ops/event-log.ts';
import { createHealth, type Health } from '../ops/health.ts';
import type { createLogger } from '../ops/log.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
import { createNotices, type Notices } from '../ops/notices.ts';
import { PublisherTally } from '../ops/publisher-tally.ts';
import { loadRevokedSessions } from '../ops/revoked-sessions.ts';
import { isOpenToAll, secretFiles } from '../ops/secret-files.ts';
import type { ServerLoad } from '../ops/server-load.ts';
import { systemClock } from '../ops/system-clock.ts';
import { createVisitorCookies, type VisitorCookies } from '../ops/visitor-cookie.ts';

/** What is there for whoever runs the server: who the operator is, health, metrics, notices, and the log of what happens. */
export interface OpsWing {
  readonly auth: AdminAuth;
  readonly health: Health;
  readonly notices: Notices;
  readonly metrics: Metrics;
  /** Undefined: nothing needs to know who watches. */
  readonly visitors: VisitorCookies | undefined;
  /** Why an address may not publish one more stream, if it may not. */
  refusePublish(stream: string, address: string): Refusal | undefined;
  close(): void;
}

interface OpsOptions {
  readonly config: Config;
  readonly view: HubView;
  readonly version: string;
  readonly log: ReturnType<typeof createLogger>;
  load(): ServerLoad;
}

export function createOps({ config, view, version, log, load }: OpsOptions): OpsWing {
  const auth = createAuth(config, log);
  const health = createHealth();
  const metrics = createMetrics({ hub: view, version });
  metrics.watchLoad(load);
  const notices = createNotices();
  notices.watch(view);
  logEvents(view, log);
  const descriptors = watchDescriptors({
    missing: () => {
      metrics.countOutOfFiles();
      log.error(
        'no file is left for new connections: let this process open more, or lower the limits of connections',
      );
    },
    free: () => log.info('there are files for new connections again'),
  });
  const close = () => {
    descriptors.close();
    metrics.close();
  };
  const visitors = config.viewer.kickPause > 0 ? createVisitorCookies(auth.token) : undefined;
  const publishers = new PublisherTally();
  publishers.watch(view);
  const { maxPublishersPerAddress: most } = config.rtmp;
  const refusePublish = (stream: string, address: string) => {
    if (most === 0 || publishers.othersOf(address, stream) < most) return undefined;
    metrics.countRtmpLimit('maxPublishersPerAddress');
    return refuse('too-many-publishers', { address });
  };
  return { auth, health, notices, metrics, visitors, refusePublish, close };
}

function createAuth(config: Config, log: OpsOptions['log']): AdminAuth {
  const token = loadAdminToken(config);
  for (const file of secretFiles(config).filter(isOpenToAll)) {
    log.warn(
      { file },
      'everybody on this machine can read a file that holds a secret: chmod o= takes that away',
    );
  }
  if (!isStrongToken(token)) {
    log.warn(
      'admin.token is short enough to be guessed: take 24 characters or more, or leave it out to have one made',
    );
  }
  const revoked = loadRevokedSessions({
    dir: config.data.dir,
    nextExpiry: Math.floor(systemClock.wallMs() / 1000) + SESSION_SECONDS,
    failed: (reason) => log.warn({ reason }, 'logouts could not be kept in data.dir'),
  });
  return createAdminAuth(token, systemClock, revoked);
}
