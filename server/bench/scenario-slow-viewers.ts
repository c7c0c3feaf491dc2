import { interleave, type Scenario } from './bench.ts';
import { type FanOutRun, fanOutRun } from './fan-out-run.ts';
import { faultsOf } from './fan-out-table.ts';
import { medianOf, ratio } from './statistics.ts';
import { formatMedian, formatPair, formatRatio, type Table } from './table.ts';

const VIEWERS = 1000;
const QUICK_VIEWERS = 50;
const SHARE = 0.05;
const JOINS_PER_SECOND = 400;
/** The kernel holds megabytes for a viewer that does not read: it takes a while until the server notices. */
const LONGER = 8;

interface Case {
  readonly name: string;
  readonly share: number;
}

const cases: readonly Case[] = [
  { name: 'all steady', share: 0 },
  { name: '5 % at 16 KB/s, 5 % stopped', share: SHARE },
];

/** Some read slowly, some not at all: the others must not notice, and memory must not follow. */
export const slowViewers: Scenario = {
  name: 'slow-viewers',
  run: async (bench) => {
    const { options, ours } = bench;
    const tables: Table[] = [];
    const all: FanOutRun[] = [];
    for (const viewers of options.viewers ?? [options.quick ? QUICK_VIEWERS : VIEWERS]) {
      const results = await interleave(bench, cases, ({ name, share }, run) => {
        bench.say(`slow viewers, ${viewers} viewers, ${name}, run ${run + 1}`);
        return fanOutRun(bench, {
          system: ours,
          transport: 'http',
          viewers,
          slow: Math.round(viewers * share),
          stopped: Math.round(viewers * share),
          joinsPerSecond: JOINS_PER_SECOND,
          warmupSeconds: options.warmupSeconds,
          seconds: options.seconds * LONGER,
        });
      });
      tables.push(slowTable(viewers, results));
      all.push(...[...results.values()].flat());
    }
    return { tables, runs: all };
  },
};

function slowTable(viewers: number, results: ReadonlyMap<Case, readonly FanOutRun[]>): Table {
  const p99 = (runs: readonly FanOutRun[]) => medianOf(runs, (run) => run.latencyMs.p99);
  const steadyP99 = p99(results.get(cases[0]!) ?? []);
  const megabytes = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes / 1e6);
  return {
    title: `${viewers} viewers over HTTP; latency and faults are those of the steady ones`,
    columns: [
      'viewers',
      'latency p50 / p99 ms',
      'p99 to all steady',
      'faults',
      'memory grown MB',
      'queued MB',
      'frames left out',
      'ended as too slow',
      'CPU-s/GB',
    ],
    rows: [...results].map(([{ name }, runs]) => [
      name,
      formatPair(
        medianOf(runs, (run) => run.latencyMs.p50),
        p99(runs),
        2,
      ),
      formatRatio(ratio(p99(runs), steadyP99)),
      faultsOf(runs),
      formatMedian(runs, (run) => megabytes(run.grownBytes), 0),
      formatMedian(runs, (run) => megabytes(run.queuedBytes), 1),
      formatMedian(runs, (run) => run.droppedFrames, 0),
      formatMedian(runs, (run) => run.slowEnded, 0),
      formatMedian(runs, (run) => run.cpuPerGb, 2),
    ]),
  };
}
