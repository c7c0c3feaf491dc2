import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, type Window, withServer } from './bench.ts';
import { measureWindow } from './measure-window.ts';
import { PublisherLoad } from './publisher-load.ts';
import { ratio } from './statistics.ts';
import { oneStream } from './synthetic-stream.ts';
import { APP, HOST, type RunningSystem, STREAM, type System } from './system.ts';
import type { Transport } from './viewer.ts';
import { ViewerLoad } from './viewer-load.ts';

export interface FanOutSetup {
  readonly system: System;
  readonly transport: Transport;
  readonly viewers: number;
  /** Of the viewers, how many take 16 KB/s. */
  readonly slow?: number;
  /** Of the viewers, how many stop to read. */
  readonly stopped?: number;
  /** Viewers who join and leave before the others come. */
  readonly rehearsal?: number;
  readonly joinsPerSecond: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
}

export interface FanOutRun {
  readonly system: string;
  readonly transport: Transport;
  readonly viewers: number;
  readonly window: Window;
  readonly seconds: number;
  /** Received by all viewers in the window. */
  readonly bytes: number;
  readonly cpuSeconds: number;
  readonly userSeconds: number;
  readonly cpuPerGb: number | undefined;
  readonly latencyMs: { readonly p50: number | undefined; readonly p99: number | undefined };
  /** From opening the socket to the last byte of the first keyframe. */
  readonly joinMs: { readonly p50: number | undefined; readonly p99: number | undefined };
  /** Resident memory that came with the viewers. */
  readonly grownBytes: number;
  /** Reads of a steady viewer in a second: how finely the server cuts what it sends. */
  readonly readsPerSecond: number;
  readonly loadShare: number;
  /** Each should be 0. */
  readonly faults: Readonly<Record<FaultName, number>>;
  readonly failure: string | undefined;
  readonly slowEnded: number;
  /** The server's own metrics at the end of the window. */
  readonly queuedBytes: number | undefined;
  readonly droppedFrames: number | undefined;
  readonly paceMs: number | undefined;
}

export const faultNames = [
  'malformed',
  'regressions',
  'gaps',
  'stalled',
  'closedEarly',
  'notStarted',
] as const;
export type FaultName = (typeof faultNames)[number];

/** How long the stream runs before the first viewer comes. */
const LEAD_MS = 1000;

/** One stream, many viewers, one new server process. */
export function fanOutRun(bench: Bench, setup: FanOutSetup): Promise<FanOutRun> {
  return withServer(bench, setup.system, async (running) => {
    const publisher = setup.system.takesStreams ? await publish(running) : undefined;
    try {
      await sleep(LEAD_MS);
      return await watch(bench, setup, running);
    } finally {
      await publisher?.stop();
    }
  });
}

function publish(running: RunningSystem): Promise<PublisherLoad> {
  const target = { host: HOST, port: running.rtmpPort, app: APP };
  return PublisherLoad.open({ target, streams: [STREAM], options: oneStream });
}

async function watch(bench: Bench, setup: FanOutSetup, running: RunningSystem): Promise<FanOutRun> {
  const { transport, viewers, slow = 0, stopped = 0, rehearsal = 0, joinsPerSecond } = setup;
  const { httpPort, rtmpPort } = running;
  const idle = await running.usage();
  const target = { transport, host: HOST, httpPort, rtmpPort, stream: `${APP}/${STREAM}` };
  const steady = viewers - slow - stopped;
  const threads = Math.min(bench.cpus.viewerThreads, viewers);
  const load = new ViewerLoad({ target, steady, slow, stopped, rehearsal, joinsPerSecond }, threads);
  try {
    await load.opened();
    await sleep(setup.warmupSeconds * 1000);
    const measured = await measureWindow(running, setup.seconds, load);
    const metrics = await running.metrics();
    const { load: seen, window, seconds, cpuSeconds, userSeconds, loadShare, after } = measured;
    const pace = metrics.get('sluice_delivery_pace_seconds');
    const droppedOf = (kind: string) => metrics.get(`sluice_dropped_frames_total{kind="${kind}"}`);
    return {
      system: setup.system.name,
      transport,
      viewers,
      window,
      seconds,
      bytes: seen.bytes,
      cpuSeconds,
      userSeconds,
      cpuPerGb: ratio(cpuSeconds, seen.bytes / 1e9),
      latencyMs: { p50: seen.latency.percentileMs(0.5), p99: seen.latency.percentileMs(0.99) },
      joinMs: { p50: seen.joins.percentileMs(0.5), p99: seen.joins.percentileMs(0.99) },
      grownBytes: after.residentBytes - idle.residentBytes,
      readsPerSecond: seen.reads / Math.max(1, steady) / seconds,
      loadShare,
      faults: {
        malformed: seen.malformed,
        regressions: seen.regressions,
        gaps: seen.gaps,
        stalled: seen.stalled,
        closedEarly: seen.closedEarly,
        notStarted: seen.notStarted,
      },
      failure: seen.failure,
      slowEnded: seen.slowEnded,
      queuedBytes: metrics.get('sluice_queued_bytes'),
      droppedFrames: sumOf(droppedOf('video'), droppedOf('audio')),
      paceMs: pace === undefined ? undefined : pace * 1000,
    };
  } finally {
    await load.stop();
  }
}

const sumOf = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
