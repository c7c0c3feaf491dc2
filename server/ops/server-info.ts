import type { ServerInfo } from '../../shared/contract/server-info.ts';
import type { HubView } from '../hub/hub-view.ts';
import type { Health } from './health.ts';
import type { ServerLoad } from './server-load.ts';

/** The server as the API and the dashboard show it. */
export function serverInfo(of: {
  hub: HubView;
  health: Health;
  load: ServerLoad;
  version: string;
  startedAt: string;
  kickPause: ServerInfo['kickPause'];
  publishNeedsLogin: boolean;
  ports: { rtmp: number; rtmps: number | null; http: number; https: number | null };
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
    rtmpsPort: of.ports.rtmps,
    httpPort: of.ports.http,
    httpsPort: of.ports.https,
    streams: totals.streams,
    publishers: totals.publishers,
    viewers: viewers.rtmp + viewers['http-flv'] + viewers['ws-flv'],
    kbpsIn: sum('kbpsIn'),
    kbpsOut: sum('kbpsOut'),
    bytesIn: totals.bytesIn,
    bytesOut: totals.bytesOut,
    publishNeedsLogin: of.publishNeedsLogin,
    kickPause: of.kickPause,
    load: {
      busy: of.load.utilization,
      paceMs: of.load.paceMs,
      overloaded: of.load.overloaded,
      workers: of.load.workers.map(({ worker, viewers, utilization, paceMs }) => ({
        worker,
        viewers,
        busy: utilization,
        paceMs,
      })),
    },
  };
}
