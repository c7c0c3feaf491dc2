import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LatencyHistogram } from './latency-histogram.ts';
import type { LoadState } from './media-check.ts';
import { monotonicUs } from './monotonic-us.ts';
import { type Pace, Viewer } from './viewer.ts';
import type { ViewerFigures, ViewerWorkerData } from './viewer-load.ts';

// A thread that holds viewers. It is told when the measured window begins and ends, then gives its figures.

const { target, steady, slow, stopped, rehearsal, joinsPerSecond } = workerData as ViewerWorkerData;
const REST_MS = 300;
const load: LoadState = { nowUs: 0, measuring: false, latency: new LatencyHistogram() };
let viewers: Viewer[] = [];

parentPort?.on('message', (message: 'begin' | 'end' | 'stop') => {
  if (message === 'begin') begin();
  else if (message === 'end') end();
  else stop();
});

if (rehearsal > 0) {
  await open(mix(rehearsal, 0, 0));
  await sleep(REST_MS);
  for (const viewer of viewers) viewer.close();
  viewers = [];
  await sleep(REST_MS);
}
await open(mix(steady, slow, stopped));
parentPort?.postMessage('opened');

/** Opens viewers one after the other, as many a second as was asked for. */
function open(paces: readonly Pace[]): Promise<void> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const opener = setInterval(() => {
      const due = Math.floor(((performance.now() - startMs) * joinsPerSecond) / 1000) + 1;
      while (viewers.length < Math.min(due, paces.length)) {
        viewers.push(new Viewer(target, paces[viewers.length]!, load));
      }
      if (viewers.length < paces.length) return;
      clearInterval(opener);
      resolve();
    }, 1);
  });
}

function begin(): void {
  const nowUs = monotonicUs();
  for (const viewer of viewers) viewer.beginWindow(nowUs);
  load.measuring = true;
}

function end(): void {
  load.measuring = false;
  const nowUs = monotonicUs();
  for (const viewer of viewers) viewer.endWindow(nowUs);
  parentPort?.postMessage(figures());
}

function stop(): void {
  for (const viewer of viewers) viewer.close();
  parentPort?.close();
}

function figures(): ViewerFigures {
  const joins = new LatencyHistogram();
  const steadyOnes = viewers.filter(({ pace }) => pace === 'steady');
  for (const { check, openedUs } of steadyOnes) {
    if (check.firstKeyframeUs > 0) joins.add(check.firstKeyframeUs - openedUs);
  }
  const sum = (of: readonly Viewer[], figure: (viewer: Viewer) => number) =>
    of.reduce((total, viewer) => total + figure(viewer), 0);
  return {
    bytes: sum(viewers, (viewer) => viewer.bytes),
    reads: sum(steadyOnes, (viewer) => viewer.reads),
    latency: load.latency.counts,
    joins: joins.counts,
    watching: sum(steadyOnes, (viewer) => Number(viewer.watching)),
    notStarted: sum(steadyOnes, ({ check }) => Number(check.firstKeyframeUs === 0)),
    closedEarly: sum(steadyOnes, ({ check, failure }) =>
      Number(check.firstKeyframeUs > 0 && failure !== undefined),
    ),
    malformed: sum(viewers, ({ isMalformed }) => Number(isMalformed)),
    regressions: sum(viewers, ({ check }) => check.regressions),
    gaps: sum(steadyOnes, ({ check }) => check.gaps),
    stalled: sum(steadyOnes, ({ stalled }) => Number(stalled)),
    slowEnded: sum(viewers, ({ pace, failure }) => Number(pace !== 'steady' && failure !== undefined)),
    failure: viewers.find(({ pace, failure }) => pace === 'steady' && failure !== undefined)?.failure,
  };
}

/** The slow ones spread among the others. */
function mix(steadyCount: number, slowCount: number, stoppedCount: number): Pace[] {
  const total = steadyCount + slowCount + stoppedCount;
  const all: Pace[] = new Array<Pace>(total).fill('steady');
  const special = slowCount + stoppedCount;
  for (let i = 0; i < special; i++) {
    const isSlow = Math.floor(((i + 1) * slowCount) / special) > Math.floor((i * slowCount) / special);
    all[Math.floor((i * total) / special)] = isSlow ? 'slow' : 'stopped';
  }
  return all;
}
