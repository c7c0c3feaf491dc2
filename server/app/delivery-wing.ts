import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { FederatedView } from '../cluster/federated-view.ts';
import { relayHeader } from '../cluster/origin-pull.ts';
import { WorkerPool } from '../cluster/worker-pool.ts';
import type { Config } from '../config/schema.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubView } from '../hub/hub-view.ts';
import { KickedViewers } from '../hub/kicked-viewers.ts';
import type { Peer } from '../hub/snapshot.ts';
import { hubLimits } from '../ops/hub-limits.ts';
import { tickHub } from '../ops/hub-ticker.ts';
import { watchLoad } from '../ops/load-watcher.ts';
import type { createLogger } from '../ops/log.ts';
import type { ServerLoad } from '../ops/server-load.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { FlvRoutesOptions } from '../transport/flv/flv-routes.ts';

/** Twice a second, while the process is too busy to serve all: enough to help soon, not so much as to empty the house. */
const SHED_SHARE = 0.05;
/** What a viewer may send over a WebSocket, here and in workers. */
export const MAX_WEBSOCKET_MESSAGE_BYTES = 4096;

/** Delivery workers, all processes as one hub, and how busy they are. */
export interface DeliveryWing extends Required<Pick<FlvRoutesOptions, 'relay' | 'handOver'>> {
  /** This process's hub and those of the workers as one. */
  readonly view: HubView;
  load(): ServerLoad;
  /** Whether new viewers are refused; asked for each. */
  isOverloaded(): boolean;
  /** How long somebody may not watch a stream, because the operator ended that; 0: not at all. */
  keptOutMs(stream: string, peer: Peer): number;
  /** Starts the workers. The HTTP port has to be known by then. */
  start(): void;
  /** Ends the workers and their viewers. */
  stop(): Promise<void>;
  /** Stops the clock of the hub; nothing is delivered any more. */
  close(): void;
}

interface DeliveryOptions {
  readonly config: Config;
  readonly hub: Hub;
  readonly log: ReturnType<typeof createLogger>;
  httpPort(): number;
}

export function createDelivery({ config, hub, log, httpPort }: DeliveryOptions): DeliveryWing {
  const relay = { header: relayHeader, secret: randomBytes(24).toString('base64url') };
  const maxPaceMs = config.delivery.maxPace * 1000;
  const pool = new WorkerPool({
    count: config.workers === 'auto' ? availableParallelism() - 1 : config.workers,
    program: join(import.meta.dirname, '../delivery-worker.js'),
    init: () => ({
      type: 'init',
      limits: hubLimits(config),
      origin: { host: loopbackOf(config.host), port: httpPort(), secret: relay.secret },
      maxPaceMs,
      maxWebSocketMessageBytes: MAX_WEBSOCKET_MESSAGE_BYTES,
    }),
    onEvent: (event) => view.emit(event),
    onReady: (worker, pid) => log.info({ worker, pid }, 'a delivery worker is ready'),
    onFault: (worker, reason) => log.error({ worker, reason }, 'a delivery worker could not serve a viewer'),
    onCrash: (worker, reason) => log.error({ worker, reason }, 'a delivery worker died; another one starts'),
  });
  const kicked = new KickedViewers(config.viewer.kickPause * 1000, systemClock);
  const view = new FederatedView(hub, pool, (session) => kicked.add(session));
  const watcher = watchLoad(maxPaceMs, (decision) => {
    hub.paceMs = decision.paceMs;
    if (decision.shed) hub.shedSlowest(SHED_SHARE);
  });
  const stopTicking = tickHub(hub);
  const isOverloaded = () => watcher.decision.full || pool.full;
  return {
    view,
    relay,
    isOverloaded,
    keptOutMs: (stream, peer) => kicked.waitMs(stream, peer),
    load: () => ({
      utilization: watcher.utilization,
      paceMs: watcher.decision.paceMs,
      full: watcher.decision.full,
      overloaded: isOverloaded(),
      workers: pool.loads,
      workerCrashes: pool.crashes,
    }),
    handOver: ({ stream, peer, pick, upgrade }, socket) =>
      pool.hand({ type: 'viewer', stream, peer, pick, upgrade }, socket),
    start: () => pool.start(),
    stop: () => pool.stop(),
    close() {
      stopTicking();
      watcher.close();
    },
  };
}

/** Where a process of this machine reaches the server. */
const loopbackOf = (host: string): string => (['', '::', '0.0.0.0'].includes(host) ? '127.0.0.1' : host);
