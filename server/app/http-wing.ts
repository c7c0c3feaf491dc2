import type { SecureContextOptions } from 'node:tls';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import type { ServerInfo } from '../../shared/contract/server-info.ts';
import { httpServerOptions } from '../api/http-server-options.ts';
import { createHttpsServer } from '../api/https-server.ts';
import { registerApi } from '../api/register-api.ts';
import type { Config } from '../config/schema.ts';
import { InFlight } from '../http/in-flight.ts';
import { listenEverywhere } from '../http/listen-everywhere.ts';
import { stopperOf } from '../http/stopper.ts';
import type { Hub } from '../hub/hub.ts';
import type { createLogger } from '../ops/log.ts';
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
  info(): ServerInfo;
}

export async function createHttp(options: HttpOptions): Promise<HttpWing> {
  const { config, hub, log, admission, waitingRoom, ops, delivery, tls, publicDir, info } = options;
  const inFlight = new InFlight({
    max: config.http.maxRequestsInFlight,
    limitReached: () => ops.metrics.countLimit('maxRequestsInFlight'),
  });
  const http = Fastify(httpServerOptions(log, config, inFlight));
  await http.register(websocket, {
    options: { maxPayload: MAX_WEBSOCKET_MESSAGE_BYTES, perMessageDeflate: false },
  });
  await registerApi(http, { ...ops, hub: delivery.view, config, info, publicDir });
  await http.register(flvRoutes, {
    hub,
    admission,
    waitingRoom,
    maxWaitSeconds: config.viewer.maxWaitSeconds,
    relay: delivery.relay,
    handOver: delivery.handOver,
  });
  const stopHttp = stopperOf(http.server);
  const https = tls && createHttpsServer(http, tls, config, inFlight);
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
