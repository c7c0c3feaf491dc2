import { type Bench, interleave, type Scenario } from './bench.ts';
import { type FanOutRun, fanOutRun } from './fan-out-run.ts';
import { type Contender, contenderName, contendersOf, fanOutTable } from './fan-out-table.ts';
import { sizingTable, type ViewerCost, viewerCost } from './sizing.ts';
import type { Table } from './table.ts';

const VIEWERS = [100, 500, 1000, 2000, 4000];
const QUICK_VIEWERS = [50];
/** Above it the peer is past what one core can do, and its figures say nothing. */
const MOST_FOR_PEER = 1000;
/** Above it only HTTP is measured: the other two send the same number of the same writes. */
const MOST_FOR_ALL_TRANSPORTS = 500;
const JOINS_PER_SECOND = 400;

/** One stream to many viewers: what a byte costs, and how late it comes. */
export const fanOut: Scenario = {
  name: 'fan-out',
  run: async (bench) => {
    const { options } = bench;
    const tables: Table[] = [];
    const all: FanOutRun[] = [];
    const costs: ViewerCost[] = [];
    for (const viewers of options.viewers ?? (options.quick ? QUICK_VIEWERS : VIEWERS)) {
      const results = await interleave(bench, contendersFor(bench, viewers), async (contender, run) => {
        bench.say(`fan-out, ${viewers} viewers, ${contenderName(contender)}, run ${run + 1}`);
        return fanOutRun(bench, {
          ...contender,
          viewers,
          joinsPerSecond: JOINS_PER_SECOND,
          warmupSeconds: options.warmupSeconds,
          seconds: options.seconds,
        });
      });
      tables.push(fanOutTable(`${viewers} viewers of one stream`, results));
      all.push(...[...results.values()].flat());
      const ours = [...results].find(
        ([{ system, transport }]) => system === bench.ours && transport === 'http',
      );
      const cost = viewerCost(ours?.[1] ?? []);
      if (cost) costs.push(cost);
    }
    const derived = new Map([['sizing', sizingTable(costs)]]);
    return { tables, derived, runs: all };
  },
};

function contendersFor({ ours, variants, peer, floors }: Bench, viewers: number): Contender[] {
  const transports =
    viewers <= MOST_FOR_ALL_TRANSPORTS ? (['http', 'ws', 'rtmp'] as const) : (['http'] as const);
  const systems = [ours, ...variants, ...floors, ...(peer && viewers <= MOST_FOR_PEER ? [peer] : [])];
  return contendersOf(systems, transports);
}
