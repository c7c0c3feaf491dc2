import { Counter, Gauge, type Registry } from 'prom-client';
import type { HubTotals, HubView } from '../hub/hub-view.ts';
import type { StreamSnapshot } from '../hub/snapshot.ts';

const protocols = ['rtmp', 'http-flv', 'ws-flv'] as const;

/** Totals of the hub that only grow. Read when Prometheus asks, so that the hot path counts once. */
const totalCounters: readonly (readonly [name: string, help: string, read: (totals: HubTotals) => number])[] =
  [
    ['sluice_received_bytes_total', 'Media bytes received from publishers.', (t) => t.bytesIn],
    ['sluice_sent_bytes_total', 'Media bytes given to viewers.', (t) => t.bytesOut],
    ['sluice_received_packets_total', 'Media packets received from publishers.', (t) => t.packetsIn],
    ['sluice_publishes_total', 'Publishes that were accepted.', (t) => t.publishesTotal],
    ['sluice_views_total', 'Viewers that were accepted.', (t) => t.viewsTotal],
  ];

const totalGauges: typeof totalCounters = [
  ['sluice_streams', 'Streams that exist now.', (t) => t.streams],
  ['sluice_publishers', 'Publishers connected now.', (t) => t.publishers],
  ['sluice_queued_bytes', 'Bytes waiting for viewers to take them.', (t) => t.queuedBytes],
];

/** Figures of a live stream; they go when it goes. The label is its public name, which never holds a secret. */
const streamGauges: readonly (readonly [
  name: string,
  help: string,
  read: (stream: StreamSnapshot) => number | null,
])[] = [
  [
    'sluice_stream_live',
    '1 while live, 0 while starting, silent or interrupted.',
    (s) => Number(s.state === 'live'),
  ],
  [
    'sluice_stream_start_time_seconds',
    'When it started, in seconds since 1970.',
    (s) => s.startedAtMs / 1000,
  ],
  ['sluice_stream_received_bytes', 'Media bytes received since it started.', (s) => s.bytesIn],
  ['sluice_stream_sent_bytes', 'Media bytes given to its viewers since it started.', (s) => s.bytesOut],
  ['sluice_stream_gop_cache_bytes', 'Bytes kept for new viewers.', (s) => s.gopCacheBytes],
  ['sluice_stream_frame_rate', 'Video frames per second, measured.', (s) => s.frameRate],
  [
    'sluice_stream_keyframe_interval_seconds',
    'Last measured time between keyframes.',
    (s) => (s.keyframeIntervalMs === null ? null : s.keyframeIntervalMs / 1000),
  ],
];

/** Registers everything that can be read from the hub at the moment of a scrape; what names streams in a registry of its own. */
export function registerHubMetrics(registry: Registry, streams: Registry, hub: HubView): void {
  const registers = [registry];
  for (const [name, help, read] of totalCounters) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read(hub.totals()));
      },
    });
  }
  for (const [name, help, read] of totalGauges) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(hub.totals()));
      },
    });
  }
  registerDropped(registry, hub);
  registerViewers(registry, hub);
  registerStreamViewers(streams, hub);
  for (const [name, help, read] of streamGauges) {
    new Gauge({
      name,
      help,
      labelNames: ['stream'],
      registers: [streams],
      collect() {
        this.reset();
        for (const stream of hub.streams()) {
          const value = read(stream);
          if (value !== null) this.set({ stream: stream.name }, value);
        }
      },
    });
  }
}

function registerDropped(registry: Registry, hub: HubView): void {
  new Counter({
    name: 'sluice_dropped_frames_total',
    help: 'Frames left out for viewers that were too slow, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      const totals = hub.totals();
      this.reset();
      this.inc({ kind: 'video' }, totals.droppedVideo);
      this.inc({ kind: 'audio' }, totals.droppedAudio);
    },
  });
}

function registerViewers(registry: Registry, hub: HubView): void {
  new Gauge({
    name: 'sluice_viewers',
    help: 'Viewers connected now, by protocol.',
    labelNames: ['protocol'],
    registers: [registry],
    collect() {
      const { viewers } = hub.totals();
      for (const protocol of protocols) this.set({ protocol }, viewers[protocol]);
    },
  });
}

function registerStreamViewers(registry: Registry, hub: HubView): void {
  new Gauge({
    name: 'sluice_stream_viewers',
    help: 'Viewers of a stream, by protocol.',
    labelNames: ['stream', 'protocol'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, viewers } of hub.streams()) {
        for (const protocol of protocols) this.set({ stream: name, protocol }, viewers[protocol]);
      }
    },
  });
}
