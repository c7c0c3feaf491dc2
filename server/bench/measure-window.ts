import { setTimeout as sleep } from 'node:timers/promises';
import type { Window } from './bench.ts';
import { monotonicUs } from './monotonic-us.ts';
import type { Usage } from './process-usage.ts';
import type { RunningSystem } from './system.ts';

/** What the server cost during the window, and what the load did. */
export interface WindowFigures<T> {
  readonly window: Window;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly userSeconds: number;
  readonly before: Usage;
  readonly after: Usage;
  /** CPU time of this process, which makes the load, as a share of the window. Near 1 the load is what limits. */
  readonly loadShare: number;
  readonly load: T;
}

/** Lets the load count for so many seconds and reads the server's account at both ends. */
export async function measureWindow<T>(
  running: RunningSystem,
  seconds: number,
  load: { begin(): void; end(): Promise<T> },
): Promise<WindowFigures<T>> {
  const before = await running.usage();
  const fromUs = monotonicUs();
  const loadBefore = process.cpuUsage();
  load.begin();
  await sleep(seconds * 1000);
  const after = await running.usage();
  const toUs = monotonicUs();
  const loadCost = process.cpuUsage(loadBefore);
  const figures = await load.end();
  const userSeconds = after.userSeconds - before.userSeconds;
  return {
    window: { fromUs, toUs },
    seconds: (toUs - fromUs) / 1e6,
    cpuSeconds: userSeconds + after.systemSeconds - before.systemSeconds,
    userSeconds,
    before,
    after,
    loadShare: (loadCost.user + loadCost.system) / (toUs - fromUs),
    load: figures,
  };
}
