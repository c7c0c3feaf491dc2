import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HubView } from '../hub/hub-view.ts';
import { registerHubMetrics } from './hub-metrics.ts';
import { registerLoadMetrics } from './load-metrics.ts';
import type { ServerLoad } from './server-load.ts';

/** Counts what no snapshot of the hub shows, and renders everything for Prometheus. */
export interface Metrics {
  readonly contentType: string;
  /** `namesStreams` false: without the figures of each stream, which name it. */
  text(options?: { readonly namesStreams: boolean }): Promise<string>;
  /** A publish, play, connection or request was turned away; `code` is one of the refusal table. */
  countRefusal(code: string): void;
  rtmpConnectionOpened(): void;
  rtmpConnectionClosed(): void;
  countHandshake(kind: 'simple' | 'digest'): void;
  /** A limit of RTMP was reached, by its name. */
  countRtmpLimit(limit: string): void;
  /** Something on an RTMP connection was taken otherwise than it was sent, dropped, or not obeyed; `code` is one of the session notes. */
  countRtmpNote(code: string): void;
  /** A limit of HTTP or of viewers was reached, by its name. */
  countLimit(limit: string): void;
  /** A peer broke the protocol; `code` is a ProtocolErrorCode. */
  countProtocolError(code: string): void;
  /** Shows the memory of half-received messages. */
  watchRtmp(rtmp: { readonly partialBytes: number }): void;
  /** Shows how many wait for streams that are not live. */
  watchWaiting(room: { readonly size: number }): void;
  /** Shows how many HTTP connections are open. */
  watchHttp(connections: { readonly size: number }): void;
  /** No file was left for a new connection, for about a second. */
  countOutOfFiles(): void;
  /** Shows how busy the processes are and what they do about it. */
  watchLoad(load: () => ServerLoad): void;
  /** Stops what measures and counts. */
  close(): void;
}

interface MetricsOptions {
  readonly hub: HubView;
  readonly version: string;
}

/** Each call has its own registry, so that several servers can live in one process. */
export function createMetrics({ hub, version }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const streams = new Registry();
  registerHubMetrics(registry, streams, hub);
  const refusals = new Counter({
    name: 'sluice_refusals_total',
    help: 'Publishes, plays, connections and requests that were turned away, by code.',
    labelNames: ['code'],
    registers,
  });
  const connections = new Counter({
    name: 'sluice_rtmp_connections_total',
    help: 'RTMP connections accepted.',
    registers,
  });
  const openConnections = new Gauge({
    name: 'sluice_rtmp_connections',
    help: 'RTMP connections open now.',
    registers,
  });
  const handshakes = new Counter({
    name: 'sluice_rtmp_handshakes_total',
    help: 'RTMP handshakes that were completed, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const rtmpLimits = new Counter({
    name: 'sluice_rtmp_limits_reached_total',
    help: 'How often a limit of RTMP ended a connection, turned it away or left something of it out, by its name.',
    labelNames: ['limit'],
    registers,
  });
  const rtmpNotes = new Counter({
    name: 'sluice_rtmp_notes_total',
    help: 'Connections on which something was taken otherwise than it was sent, dropped, or not obeyed, by code.',
    labelNames: ['code'],
    registers,
  });
  const limits = new Counter({
    name: 'sluice_limits_reached_total',
    help: 'How often a limit of HTTP, of viewers or of logins turned somebody away, by its name.',
    labelNames: ['limit'],
    registers,
  });
  const outOfFiles = new Counter({
    name: 'sluice_out_of_files_seconds_total',
    help: 'Seconds in which no file was left for a new connection, which the system then closes at once.',
    registers,
  });
  const protocolErrors = new Counter({
    name: 'sluice_protocol_errors_total',
    help: 'Connections closed because the peer broke the protocol, by code.',
    labelNames: ['code'],
    registers,
  });
  new Gauge({ name: 'sluice_build_info', help: 'Always 1.', labelNames: ['version', 'node'], registers }).set(
    { version, node: process.versions.node },
    1,
  );
  const stopCountingLeavers = countLeavers(registry, hub);
  const stopLoopDelay = measureLoopDelay(registry);
  collectDefaultMetrics({ register: registry, prefix: 'sluice_' });

  return {
    contentType: registry.contentType,
    text: ({ namesStreams } = { namesStreams: true }) =>
      (namesStreams ? Registry.merge([registry, streams]) : registry).metrics(),
    countRefusal: (code) => refusals.inc({ code }),
    rtmpConnectionOpened: () => {
      connections.inc();
      openConnections.inc();
    },
    rtmpConnectionClosed: () => openConnections.dec(),
    countHandshake: (kind) => handshakes.inc({ kind }),
    countRtmpLimit: (limit) => rtmpLimits.inc({ limit }),
    countRtmpNote: (code) => rtmpNotes.inc({ code }),
    countLimit: (limit) => limits.inc({ limit }),
    countProtocolError: (code) => protocolErrors.inc({ code }),
    watchRtmp: (rtmp) => registerUnfinishedBytes(registry, rtmp),
    watchWaiting: (room) =>
      registerSize(
        registry,
        'sluice_waiting_viewers',
        'Viewers that wait for a stream that is not live.',
        room,
      ),
    watchHttp: (open) =>
      registerSize(registry, 'sluice_http_connections', 'HTTP and HTTPS connections open now.', open),
    countOutOfFiles: () => outOfFiles.inc(),
    watchLoad: (load) => registerLoadMetrics(registry, load),
    close: () => {
      stopCountingLeavers();
      stopLoopDelay();
    },
  };
}

/** Viewers that are gone, by why. Those who were shed for the others' sake are among them. */
function countLeavers(registry: Registry, hub: HubView): () => void {
  const left = new Counter({
    name: 'sluice_viewers_left_total',
    help: 'Viewers that are gone, by reason: disconnected by themselves, or ended by the server.',
    labelNames: ['reason'],
    registers: [registry],
  });
  return hub.subscribeEvents((event) => {
    if (event.type === 'viewer-left' && event.session.protocol !== 'relay')
      left.inc({ reason: event.reason });
  });
}

function registerUnfinishedBytes(registry: Registry, rtmp: { readonly partialBytes: number }): void {
  new Gauge({
    name: 'sluice_rtmp_unfinished_bytes',
    help: 'Memory of half-received RTMP messages, all connections together.',
    registers: [registry],
    collect() {
      this.set(rtmp.partialBytes);
    },
  });
}

function registerSize(registry: Registry, name: string, help: string, of: { readonly size: number }): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(of.size);
    },
  });
}

const LOOP_SAMPLE_MS = 100;

/** How late a timer of 100 ms comes: what every socket of this process waits as well. */
function measureLoopDelay(registry: Registry): () => void {
  const histogram = new Histogram({
    name: 'sluice_event_loop_delay_seconds',
    help: 'How much later than planned the event loop ran a timer, sampled ten times a second.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers: [registry],
  });
  let plannedMs = performance.now() + LOOP_SAMPLE_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    histogram.observe(Math.max(0, nowMs - plannedMs) / 1000);
    plannedMs = nowMs + LOOP_SAMPLE_MS;
  }, LOOP_SAMPLE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
