import { interleave, type Scenario } from './bench.ts';
import { type FanOutRun, fanOutRun } from './fan-out-run.ts';
import { type Contender, contenderName, contendersOf, faultsOf } from './fan-out-table.ts';
import { medianOf, ratio } from './statistics.ts';
import { formatFigure, formatRatio, type Table } from './table.ts';

const VIEWERS = 500;
const QUICK_VIEWERS = 50;
const JOINS_PER_SECOND = 400;
const AFTER_SECONDS = 1;
/** These join and leave first: the first hundred requests of a process compile it, on both sides. */
const REHEARSAL = 100;

/** Many come at once: how long each waits for its first picture. */
export const joins: Scenario = {
  name: 'joins',
  run: async (bench) => {
    const { options, ours, variants, peer } = bench;
    const tables: Table[] = [];
    const all: FanOutRun[] = [];
    for (const viewers of options.viewers ?? [options.quick ? QUICK_VIEWERS : VIEWERS]) {
      const contenders = contendersOf([ours, ...variants, ...(peer ? [peer] : [])], ['http', 'ws', 'rtmp']);
      const results = await interleave(bench, contenders, (contender, run) => {
        bench.say(`joins, ${viewers} viewers, ${contenderName(contender)}, run ${run + 1}`);
        return fanOutRun(bench, {
          ...contender,
          viewers,
          rehearsal: REHEARSAL,
          joinsPerSecond: JOINS_PER_SECOND,
          warmupSeconds: options.warmupSeconds,
          seconds: AFTER_SECONDS,
        });
      });
      tables.push(joinTable(viewers, results));
      all.push(...[...results.values()].flat());
    }
    return { tables, runs: all };
  },
};

function joinTable(viewers: number, results: ReadonlyMap<Contender, readonly FanOutRun[]>): Table {
  const p50 = (runs: readonly FanOutRun[]) => medianOf(runs, (run) => run.joinMs.p50);
  const p99 = (runs: readonly FanOutRun[]) => medianOf(runs, (run) => run.joinMs.p99);
  const peerRuns = ({ transport }: Contender) =>
    [...results].find(([other]) => other.system.role === 'peer' && other.transport === transport)?.[1] ?? [];
  return {
    title: `${viewers} viewers, ${JOINS_PER_SECOND} joins a second: socket opened to first keyframe read`,
    columns: ['server', 'p50 ms', 'p99 ms', 'p50 to peer', 'p99 to peer', 'faults'],
    rows: [...results].map(([contender, runs]) => [
      contenderName(contender),
      formatFigure(p50(runs), 2),
      formatFigure(p99(runs), 2),
      formatRatio(ratio(p50(runs), p50(peerRuns(contender)))),
      formatRatio(ratio(p99(runs), p99(peerRuns(contender)))),
      faultsOf(runs),
    ]),
  };
}
