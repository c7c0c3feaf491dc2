import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, interleave, type Scenario, type Window, withServer } from './bench.ts';
import { measureWindow } from './measure-window.ts';
import { PublisherLoad } from './publisher-load.ts';
import { medianOf, ratio } from './statistics.ts';
import type { SyntheticOptions } from './synthetic-stream.ts';
import { APP, HOST, type System } from './system.ts';
import { formatMedian, formatRatio, formatSpread, type Table } from './table.ts';

const PUBLISHERS = [50, 200];
const QUICK_PUBLISHERS = [20];
const options1Mbps: SyntheticOptions = { videoKbps: 1000, fps: 30, gop: 60, audioKbps: 128 };

interface IngestRun {
  readonly system: string;
  readonly publishers: number;
  readonly window: Window;
  readonly seconds: number;
  readonly bytes: number;
  readonly cpuSeconds: number;
  readonly cpuPerGb: number | undefined;
  readonly mostBuffered: number;
  readonly closed: number;
  readonly loadShare: number;
}

/** Many publishers and no viewers: what a byte costs on its way in. */
export const ingest: Scenario = {
  name: 'ingest',
  run: async (bench) => {
    const { options, ours, variants, peer, floorIngest } = bench;
    const systems = [ours, ...variants, floorIngest, peer].filter((system) => system !== undefined);
    const tables: Table[] = [];
    const all: IngestRun[] = [];
    for (const publishers of options.viewers ?? (options.quick ? QUICK_PUBLISHERS : PUBLISHERS)) {
      const results = await interleave(bench, systems, (system, run) => {
        bench.say(`ingest, ${publishers} publishers, ${system.name}, run ${run + 1}`);
        return ingestRun(bench, system, publishers);
      });
      tables.push(ingestTable(publishers, results));
      all.push(...[...results.values()].flat());
    }
    return { tables, runs: all };
  },
};

function ingestRun(bench: Bench, system: System, publishers: number): Promise<IngestRun> {
  return withServer(bench, system, async ({ rtmpPort, ...running }) => {
    const load = await PublisherLoad.open({
      target: { host: HOST, port: rtmpPort, app: APP },
      streams: Array.from({ length: publishers }, (_, i) => `b${i}`),
      options: options1Mbps,
    });
    try {
      await sleep(bench.options.warmupSeconds * 1000);
      const measured = await measureWindow({ rtmpPort, ...running }, bench.options.seconds, load);
      const { window, seconds, cpuSeconds, loadShare } = measured;
      return {
        ...measured.load,
        system: system.name,
        publishers,
        window,
        seconds,
        cpuSeconds,
        loadShare,
        cpuPerGb: ratio(cpuSeconds, measured.load.bytes / 1e9),
      };
    } finally {
      await load.stop();
    }
  });
}

function ingestTable(publishers: number, results: ReadonlyMap<System, readonly IngestRun[]>): Table {
  const cost = (runs: readonly IngestRun[] | undefined) => medianOf(runs ?? [], (run) => run.cpuPerGb);
  const costOf = (role: System['role']) => cost([...results].find(([system]) => system.role === role)?.[1]);
  return {
    title: `${publishers} publishers of 1 Mbps video and 128 kbps sound, no viewers`,
    columns: [
      'server',
      'Mbit/s in',
      'CPU %',
      'CPU-s/GB',
      'to floor',
      'to peer',
      'ms per stream-second',
      'closed',
      'unsent KB',
      'load CPU %',
    ],
    rows: [...results].map(([system, runs]) => [
      system.name,
      formatMedian(runs, (run) => (run.bytes * 8) / run.seconds / 1e6, 0),
      formatMedian(runs, (run) => (run.cpuSeconds / run.seconds) * 100, 1),
      formatSpread(
        cost(runs),
        runs.map((run) => run.cpuPerGb),
        2,
      ),
      formatRatio(system.role === 'floor' ? undefined : ratio(cost(runs), costOf('floor'))),
      formatRatio(ratio(cost(runs), costOf('peer'))),
      formatMedian(runs, (run) => (run.cpuSeconds * 1000) / run.seconds / publishers, 2),
      String(Math.max(0, ...runs.map((run) => run.closed))),
      formatMedian(runs, (run) => run.mostBuffered / 1024, 0),
      formatMedian(runs, (run) => run.loadShare * 100, 0),
    ]),
  };
}
