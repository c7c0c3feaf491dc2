import type { FanOutRun } from './fan-out-run.ts';
import { medianOf } from './statistics.ts';
import { formatFigure, type Table } from './table.ts';

/** A core that is fuller than this has nothing left for joins, keyframes and other programs. */
const CORE_FILL = 0.7;
/** The same for a network link. */
const LINK_FILL = 0.8;
const LINK_GBIT = 10;

/** What one steady viewer costs, by a measurement with many. */
export interface ViewerCost {
  readonly viewers: number;
  /** Of one core. */
  readonly coreShare: number;
  readonly gbitPerSecond: number;
  readonly residentBytes: number;
}

/** `undefined` when there is no run to go by. */
export function viewerCost(runs: readonly FanOutRun[]): ViewerCost | undefined {
  const viewers = runs[0]?.viewers;
  const coreShare = medianOf(runs, (run) => run.cpuSeconds / run.seconds / run.viewers);
  const gbitPerSecond = medianOf(runs, (run) => (run.bytes * 8) / run.seconds / run.viewers / 1e9);
  const residentBytes = medianOf(runs, (run) => run.grownBytes / run.viewers);
  if (viewers === undefined || !coreShare || !gbitPerSecond || residentBytes === undefined) return undefined;
  return { viewers, coreShare, gbitPerSecond, residentBytes };
}

export interface Need {
  readonly cores: number;
  readonly gbitPerSecond: number;
  readonly links: number;
  readonly gigabytes: number;
}

/** What so many viewers need, if each costs the same. */
export function needOf(viewers: number, cost: ViewerCost): Need {
  const gbitPerSecond = viewers * cost.gbitPerSecond;
  return {
    cores: Math.ceil((viewers * cost.coreShare) / CORE_FILL),
    gbitPerSecond,
    links: Math.ceil(gbitPerSecond / (LINK_GBIT * LINK_FILL)),
    gigabytes: (viewers * cost.residentBytes) / 1e9,
  };
}

export const viewersPerCore = ({ coreShare }: ViewerCost): number => Math.floor(CORE_FILL / coreShare);

/** Plans for larger audiences, from each number of viewers that was measured. */
export function sizingTable(costs: readonly ViewerCost[]): Table {
  return {
    title: `What follows, with cores filled to ${CORE_FILL * 100} % and links to ${LINK_FILL * 100} %`,
    columns: [
      'by the cost at',
      'core share per viewer %',
      'viewers per core',
      'Gbit/s per core',
      '10,000: cores',
      '10,000: Gbit/s',
      '10,000: memory GB',
      '1,000,000: cores',
      `1,000,000: links of ${LINK_GBIT} Gbit/s`,
    ],
    rows: costs.map((cost) => {
      const [many, most] = [needOf(10_000, cost), needOf(1_000_000, cost)];
      return [
        `${cost.viewers} viewers`,
        formatFigure(cost.coreShare * 100, 4),
        String(viewersPerCore(cost)),
        formatFigure(viewersPerCore(cost) * cost.gbitPerSecond, 1),
        String(many.cores),
        formatFigure(many.gbitPerSecond, 1),
        formatFigure(many.gigabytes, 1),
        String(most.cores),
        String(most.links),
      ];
    }),
  };
}
