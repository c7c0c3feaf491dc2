import { type FanOutRun, faultNames } from './fan-out-run.ts';
import { median, medianOf, ratio } from './statistics.ts';
import type { System } from './system.ts';
import { formatMedian, formatPair, formatRatio, formatSpread, type Table } from './table.ts';
import type { Transport } from './viewer.ts';

export interface Contender {
  readonly system: System;
  readonly transport: Transport;
}

/** Every system over each transport that it has and that is wanted. */
export function contendersOf(systems: readonly System[], transports: readonly Transport[]): Contender[] {
  return systems.flatMap((system) =>
    transports
      .filter((transport) => system.transports.includes(transport))
      .map((transport) => ({ system, transport })),
  );
}

export const contenderName = ({ system, transport }: Contender): string =>
  system.role === 'floor' ? system.name : `${system.name} ${transport}`;

type Results = ReadonlyMap<Contender, readonly FanOutRun[]>;

/** Costs and delays side by side, with ratios to the peer over the same transport and to the bare loop. */
export function fanOutTable(title: string, results: Results): Table {
  const rows = [...results].map(([contender, runs]) => {
    const cost = medianOf(runs, (run) => run.cpuPerGb);
    const costs = runs.map((run) => run.cpuPerGb);
    return [
      contenderName(contender),
      formatMedian(runs, (run) => (run.bytes * 8) / run.seconds / 1e6, 0),
      formatMedian(runs, (run) => (run.cpuSeconds / run.seconds) * 100, 1),
      formatSpread(cost, costs, 2),
      formatRatio(ratio(cost, nearestFloorCost(results, contender, runs))),
      formatRatio(ratio(cost, peerCost(results, contender.transport))),
      formatRatio(ratio(cost, ownHttpCost(results, contender))),
      formatPair(
        medianOf(runs, (run) => run.latencyMs.p50),
        medianOf(runs, (run) => run.latencyMs.p99),
        2,
      ),
      formatMedian(runs, (run) => run.grownBytes / run.viewers / 1024, 0),
      formatMedian(runs, (run) => run.readsPerSecond, 1),
      faultsOf(runs),
      formatMedian(runs, (run) => run.loadShare * 100, 0),
    ];
  });
  return {
    title,
    columns: [
      'server',
      'Mbit/s',
      'CPU %',
      'CPU-s/GB',
      'to floor',
      'to peer',
      'to own http',
      'latency p50 / p99 ms',
      'KB/viewer',
      'reads/s',
      'faults',
      'load CPU %',
    ],
    rows,
  };
}

/** What went wrong in the worst run, in words; 0 when nothing did. */
export function faultsOf(runs: readonly FanOutRun[]): string {
  if (runs.length === 0) return 'did not run';
  const names = faultNames
    .map((name) => ({ name, worst: Math.max(0, ...runs.map((run) => run.faults[name])) }))
    .filter(({ worst }) => worst > 0)
    .map(({ name, worst }) => `${worst} ${name}`);
  return names.length === 0 ? '0' : names.join(', ');
}

/** Over HTTP, what another transport or other settings of the same program are held against. */
function ownHttpCost(results: Results, { system, transport }: Contender): number | undefined {
  const base = [...results.keys()].find(
    (other) => other.system.role === system.role && other.transport === 'http',
  );
  if (!base || system.role === 'floor' || (base.system === system && transport === 'http')) return undefined;
  return medianOf(results.get(base) ?? [], (run) => run.cpuPerGb);
}

function peerCost(results: Results, transport: Transport): number | undefined {
  const peer = [...results].find(
    ([{ system, transport: its }]) => system.role === 'peer' && its === transport,
  );
  return medianOf(peer?.[1] ?? [], (run) => run.cpuPerGb);
}

/** The bare loop that cuts its stream about as finely: the same number of writes is the same work. */
function nearestFloorCost(
  results: Results,
  contender: Contender,
  runs: readonly FanOutRun[],
): number | undefined {
  if (contender.system.role === 'floor') return undefined;
  const reads = medianOf(runs, (run) => run.readsPerSecond) ?? 0;
  let nearest: { distance: number; cost: number | undefined } | undefined;
  for (const [other, itsRuns] of results) {
    if (other.system.role !== 'floor') continue;
    const itsReads = median(itsRuns.map((run) => run.readsPerSecond)) ?? 0;
    const distance = Math.abs(Math.log((reads + 1) / (itsReads + 1)));
    if (!nearest || distance < nearest.distance)
      nearest = { distance, cost: medianOf(itsRuns, (run) => run.cpuPerGb) };
  }
  return nearest?.cost;
}
