import { Counter, Gauge, type Registry } from 'prom-client';
import type { ServerLoad, WorkerStatus } from './server-load.ts';

type Row<Of> = readonly [name: string, help: string, read: (of: Of) => number];

const serverGauges: readonly Row<ServerLoad>[] = [
  [
    'sluice_event_loop_utilization',
    'Share of its time that the first process is busy, 0 to 1.',
    (load) => load.utilization,
  ],
  [
    'sluice_delivery_pace_seconds',
    'About the time between two deliveries of a stream; 0 while each picture leaves at once.',
    (load) => load.paceMs / 1000,
  ],
  ['sluice_overloaded', '1 while new viewers are refused.', (load) => Number(load.overloaded)],
  ['sluice_workers', 'Delivery workers that report.', (load) => load.workers.length],
];

const workerGauges: readonly Row<WorkerStatus>[] = [
  ['sluice_worker_viewers', 'Viewers that a delivery worker has.', (worker) => worker.viewers],
  [
    'sluice_worker_event_loop_utilization',
    'Share of its time that a delivery worker is busy, 0 to 1.',
    (worker) => worker.utilization,
  ],
  [
    'sluice_worker_delivery_pace_seconds',
    'About the time between two deliveries of a stream by a delivery worker.',
    (worker) => worker.paceMs / 1000,
  ],
  ['sluice_worker_full', '1 while a delivery worker has all it can serve.', (worker) => Number(worker.full)],
  ['sluice_worker_resident_memory_bytes', 'Memory of a delivery worker.', (worker) => worker.residentBytes],
  [
    'sluice_worker_cpu_seconds',
    'CPU time that a delivery worker has used since it started.',
    (worker) => worker.cpuSeconds,
  ],
];

/** Registers how busy the processes are, read at the moment of a scrape. */
export function registerLoadMetrics(registry: Registry, load: () => ServerLoad): void {
  const registers = [registry];
  for (const [name, help, read] of serverGauges) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(load()));
      },
    });
  }
  for (const [name, help, read] of workerGauges) {
    new Gauge({
      name,
      help,
      labelNames: ['worker'],
      registers,
      collect() {
        this.reset();
        for (const worker of load().workers) this.set({ worker: worker.worker }, read(worker));
      },
    });
  }
  new Counter({
    name: 'sluice_worker_crashes_total',
    help: 'Delivery workers that died or hung, each followed by another.',
    registers,
    collect() {
      this.reset();
      this.inc(load().workerCrashes);
    },
  });
}
