import { type Bench, interleave, type Scenario } from './bench.ts';
import { type FanOutRun, fanOutRun } from './fan-out-run.ts';
import { faultsOf } from './fan-out-table.ts';
import { medianOf, ratio } from './statistics.ts';
import type { System } from './system.ts';
import { formatMedian, formatPair, formatRatio, type Table } from './table.ts';

const VIEWERS = 1000;
const QUICK_VIEWERS = 50;
const SHARE = 0.05;
const JOINS_PER_SECOND = 400;
/** The kernel holds megabytes for a viewer that does not read: it takes a while until the server notices. */
const LONGER = 8;

interface Case {
  readonly system: System;
  readonly share: number;
}

/** The bare loop has the same slow viewers: what they cost the steady ones there is the kernel's doing. */
function casesFor({ ours, floors }: Bench): Case[] {
  const systems = [ours, ...floors.slice(0, 1)];
  return systems.flatMap((system) => [0, SHARE].map((share) => ({ system, share })));
}

const viewersName = (share: number): string => (share === 0 ? 'all steady' : '5 % at 16 KB/s, 5 % stopped');

/** Some read slowly, some not at all: the others must not notice, and memory must not follow. */
export const slowViewers: Scenario = {
  name: 'slow-viewers',
  run: async (bench) => {
    const { options } = bench;
    const tables: Table[] = [];
    const all: FanOutRun[] = [];
    for (const viewers of options.viewers ?? [options.quick ? QUICK_VIEWERS : VIEWERS]) {
      const results = await interleave(bench, casesFor(bench), ({ system, share }, run) => {
        bench.say(`slow viewers, ${system.name}, ${viewers} viewers, ${viewersName(share)}, run ${run + 1}`);
        return fanOutRun(bench, {
          system,
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
  const steadyP99 = (system: System) =>
    p99([...results].find(([one]) => one.system === system && one.share === 0)?.[1] ?? []);
  const megabytes = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes / 1e6);
  return {
    title: `${viewers} viewers over HTTP; latency and faults are those of the steady ones`,
    columns: [
      'server',
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
    rows: [...results].map(([{ system, share }, runs]) => [
      system.name,
      viewersName(share),
      formatPair(
        medianOf(runs, (run) => run.latencyMs.p50),
        p99(runs),
        2,
      ),
      formatRatio(ratio(p99(runs), steadyP99(system))),
      faultsOf(runs),
      formatMedian(runs, (run) => megabytes(run.grownBytes), 0),
      formatMedian(runs, (run) => megabytes(run.queuedBytes), 1),
      formatMedian(runs, (run) => run.droppedFrames, 0),
      formatMedian(runs, (run) => run.slowEnded, 0),
      formatMedian(runs, (run) => run.cpuPerGb, 2),
    ]),
  };
}
