import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { refuse } from '../shared/contract/errors.ts';
import { createDelivery } from './app/delivery-wing.ts';
import { createHttp } from './app/http-wing.ts';
import { createOps } from './app/ops-wing.ts';
import { createRtmp } from './app/rtmp-wing.ts';
import type { Config } from './config/schema.ts';
import { Hub } from './hub/hub.ts';
import { allowedFiles, type ConnectionBudget, connectionBudget } from './ops/descriptors.ts';
import { hubLimits } from './ops/hub-limits.ts';
import { createLogger } from './ops/log.ts';
import { serverInfo } from './ops/server-info.ts';
import { systemClock } from './ops/system-clock.ts';
import { describeCertificate } from './ops/tls-files.ts';
import { loadTlsIdentity, watchTlsFiles } from './ops/tls-identity.ts';
import type { Admission } from './transport/admission.ts';
import { WaitingRoom } from './transport/waiting-room.ts';

/** A running server. */
export interface App {
  readonly rtmpPort: number;
  /** Null: no RTMP over TLS. */
  readonly rtmpsPort: number | null;
  readonly httpPort: number;
  readonly httpsPort: number | null;
  readonly log: ReturnType<typeof createLogger>;
  /** The dashboard's address on this machine; it lets whoever opens it in for ten minutes from the start. For the operator's eyes only. */
  adminUrl(): string;
  /**
   * Ends everybody cleanly and stops. HTTP answers for `lingerMs` more, so that whoever asks /readyz learns of it
   * before connections are refused.
   */
  close(lingerMs?: number): Promise<void>;
}

export interface StartOptions {
  /** How many files the process may have open, if it is not for the system to say. */
  readonly files?: number;
  readonly config: Config;
  /** Takes each log line instead of standard output. */
  readonly writeLog?: (line: string) => void;
}

/** Compiled, this file lies in dist/server. */
const packageRoot = join(import.meta.dirname, '../..');

/** Puts the wings together and listens. With the files of `app/`, the only one that knows every layer. */
export async function startApp({ config, writeLog, files = allowedFiles() }: StartOptions): Promise<App> {
  const version = readVersion();
  const startedAt = new Date(systemClock.wallMs()).toISOString();
  const isTerminal = process.stdout.isTTY === true;
  const log = createLogger({ ...config.log, isTerminal, ...(writeLog && { write: writeLog }) });
  const hub = new Hub(hubLimits(config), systemClock);
  const ports = { rtmp: 0, rtmps: null as number | null, http: 0, https: null as number | null };
  const wantsTls = config.rtmps.port !== 'off' || config.https.port !== 'off';
  const tls = wantsTls ? await loadTlsIdentity(config, systemClock.wallMs()) : undefined;
  if (tls) log.info(describeCertificate(tls.cert), 'certificate for TLS');

  const delivery = createDelivery({ config, hub, log, httpPort: () => ports.http });
  const { view, load } = delivery;
  const ops = createOps({ config, view, version, log, load });
  const { health } = ops;
  const admission: Admission = ({ action, stream, peer }) => {
    if (health.state === 'draining') return refuse('draining');
    if (action === 'publish') return ops.refusePublish(stream, peer.address);
    const keptOutMs = delivery.keptOutMs(stream, peer);
    if (keptOutMs > 0) return refuse('viewer-kicked', { stream, seconds: Math.ceil(keptOutMs / 1000) });
    return delivery.isOverloaded() ? refuse('overloaded') : undefined;
  };
  const waitingRoom = new WaitingRoom(hub, config.viewer, (limit) => ops.metrics.countLimit(limit));
  ops.metrics.watchWaiting(waitingRoom);
  const budget = budgetOf(config, files, log);
  const rtmp = createRtmp({ config, hub, log, admission, waitingRoom, ops, maxConnections: budget.rtmp });
  const settings = {
    kickPause: { publisherSeconds: config.stream.kickPause, viewerSeconds: config.viewer.kickPause },
    publishNeedsLogin: config.rtmp.publishUser !== '',
  };
  const info = () => serverInfo({ hub: view, health, load: load(), version, startedAt, ports, ...settings });
  const publicDir = join(packageRoot, 'dist/public');
  const http = await createHttp({
    config,
    hub,
    log,
    admission,
    waitingRoom,
    ops,
    delivery,
    tls,
    info,
    publicDir,
    maxConnections: budget.http,
  });
  const tlsFiles =
    tls &&
    watchTlsFiles(config, log, (identity) => {
      rtmp.setSecureContext(identity);
      http.setSecureContext(identity);
    });

  const close = async (lingerMs = 0) => {
    health.drain();
    rtmp.drain();
    const workersStopped = delivery.stop();
    hub.drain();
    await Promise.all([workersStopped, rtmp.close(), delay(lingerMs)]);
    tlsFiles?.close();
    await http.close();
    delivery.close();
    ops.close();
  };
  try {
    const host = config.host === '' ? undefined : config.host;
    ports.rtmp = await rtmp.listen({ port: config.rtmp.port, host });
    ports.http = await http.listen({ port: config.http.port, host });
    if (tls && config.rtmps.port !== 'off') {
      ports.rtmps = await rtmp.listen({ port: config.rtmps.port, host, tls });
    }
    if (config.https.port !== 'off') ports.https = await http.listenTls({ port: config.https.port, host });
    delivery.start();
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
    adminUrl: () => `http://localhost:${ports.http}/admin?token=${ops.auth.startCode}`,
    close,
  };
}

function budgetOf({ http, rtmp }: Config, files: number, log: App['log']): ConnectionBudget {
  const budget = connectionBudget({ http: http.maxConnections, rtmp: rtmp.maxConnections }, files);
  if (budget.isCut) {
    const fields = { files, http: budget.http, rtmp: budget.rtmp };
    log.warn(
      fields,
      'the system allows fewer open files than the settings allow connections; the limits are lowered to fit',
    );
  }
  return budget;
}

function readVersion(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
