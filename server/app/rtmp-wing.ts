import { parseAddressList } from '../config/address-list.ts';
import type { Config } from '../config/schema.ts';
import type { Hub } from '../hub/hub.ts';
import type { createLogger } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Notices } from '../ops/notices.ts';
import { PublisherAuth } from '../rtmp/publisher-auth.ts';
import type { Admission } from '../transport/admission.ts';
import type { RtmpObserver } from '../transport/connection/rtmp-observer.ts';
import { RtmpListener } from '../transport/listener/rtmp-listener.ts';
import { nodeCrypto } from '../transport/node-crypto.ts';
import type { WaitingRoom } from '../transport/waiting-room.ts';
import type { OpsWing } from './ops-wing.ts';
import { rtmpLimitsOf } from './rtmp-limits.ts';

interface RtmpOptions {
  readonly config: Config;
  readonly hub: Hub;
  readonly log: ReturnType<typeof createLogger>;
  readonly admission: Admission;
  readonly waitingRoom: WaitingRoom;
  /** On all ports together. */
  readonly maxConnections: number;
  readonly ops: Pick<OpsWing, 'metrics' | 'notices'>;
}

/** The RTMP listener with its limits from the settings; what happens in it is counted, and told to the dashboard. */
export function createRtmp({
  config,
  hub,
  log,
  admission,
  waitingRoom,
  ops,
  maxConnections,
}: RtmpOptions): RtmpListener {
  const rtmp = new RtmpListener({
    hub,
    admission,
    waitingRoom,
    observer: observe(ops.metrics, ops.notices),
    log,
    timeouts: {
      handshakeMs: config.rtmp.handshakeTimeout * 1000,
      idleMs: config.rtmp.idleTimeout * 1000,
      pingMs: config.rtmp.pingTimeout * 1000,
    },
    connects: {
      ...config.rtmp,
      maxConnections: Number.isFinite(maxConnections) ? maxConnections : 0,
    },
    publishAuth: publishAuthOf(config),
    isProxy: parseAddressList(config.rtmp.proxyProtocolFrom),
    limits: rtmpLimitsOf(config),
    maxPartialBytesOfAll: config.rtmp.maxUnfinishedBytes,
  });
  ops.metrics.watchRtmp(rtmp);
  return rtmp;
}

function publishAuthOf({ rtmp }: Config): PublisherAuth | undefined {
  if (rtmp.publishUser === '') return undefined;
  return new PublisherAuth({ user: rtmp.publishUser, password: rtmp.publishPassword }, nodeCrypto);
}

function observe(metrics: Metrics, notices: Notices): RtmpObserver {
  return {
    opened: () => metrics.rtmpConnectionOpened(),
    closed(client) {
      metrics.rtmpConnectionClosed();
      notices.left(client);
    },
    handshakeDone: (kind) => metrics.countHandshake(kind),
    connected: (client) => notices.connecting(client),
    playAsked: ({ id }) => notices.settled(id),
    refused: ({ id, address }, stream, { code, forOperator: message }) => {
      metrics.countRefusal(code);
      notices.settled(id);
      notices.refused({ stream, address, message });
    },
    limitReached: (_client, limit) => metrics.countRtmpLimit(limit),
    noted: ({ address }, stream, { code, weight, message }) => {
      metrics.countRtmpNote(code);
      if (weight === 'worth-knowing') notices.dropped({ stream, address, message });
    },
    failed: ({ id, address }, stream, { code, reason }) => {
      metrics.countProtocolError(code);
      notices.settled(id);
      notices.failed({ stream, address, message: reason });
    },
  };
}
