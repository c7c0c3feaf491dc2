import { Worker } from 'node:worker_threads';
import { LatencyHistogram } from './latency-histogram.ts';
import type { ViewerTarget } from './viewer.ts';

export interface ViewerWorkerData {
  readonly target: ViewerTarget;
  readonly steady: number;
  readonly slow: number;
  readonly stopped: number;
  /** Viewers who join and leave before the others come. */
  readonly rehearsal: number;
  readonly joinsPerSecond: number;
}

/** What the viewers of one thread saw. Counts are of steady viewers, unless said otherwise. */
export interface ViewerFigures {
  /** Received in the window, by all viewers. */
  readonly bytes: number;
  readonly reads: number;
  readonly latency: Float64Array;
  readonly joins: Float64Array;
  readonly watching: number;
  readonly notStarted: number;
  readonly closedEarly: number;
  /** Of all viewers: bytes that are no FLV or no RTMP. */
  readonly malformed: number;
  /** Of all viewers. */
  readonly regressions: number;
  readonly gaps: number;
  readonly stalled: number;
  /** Slow and stopped viewers that the server ended. */
  readonly slowEnded: number;
  readonly failure: string | undefined;
}

export interface ViewerTotals extends Omit<ViewerFigures, 'latency' | 'joins'> {
  readonly latency: LatencyHistogram;
  readonly joins: LatencyHistogram;
}

/** Viewers in threads of this process, so that the server's process has itself alone to account for. */
export class ViewerLoad {
  readonly #workers: readonly Worker[];
  readonly #opened: Promise<unknown>;

  constructor(data: ViewerWorkerData, threads: number) {
    const share = (count: number, i: number) =>
      Math.floor((count * (i + 1)) / threads) - Math.floor((count * i) / threads);
    this.#workers = Array.from({ length: threads }, (_, i) => {
      const workerData: ViewerWorkerData = {
        target: data.target,
        steady: share(data.steady, i),
        slow: share(data.slow, i),
        stopped: share(data.stopped, i),
        rehearsal: share(data.rehearsal, i),
        joinsPerSecond: data.joinsPerSecond / threads,
      };
      return new Worker(new URL('./viewer-worker.js', import.meta.url), { workerData });
    });
    this.#opened = Promise.all(this.#workers.map((worker) => nextMessage(worker)));
  }

  /** Resolves when every viewer has been opened. */
  async opened(): Promise<void> {
    await this.#opened;
  }

  begin(): void {
    for (const worker of this.#workers) worker.postMessage('begin');
  }

  async end(): Promise<ViewerTotals> {
    const all = Promise.all(this.#workers.map((worker) => nextMessage(worker) as Promise<ViewerFigures>));
    for (const worker of this.#workers) worker.postMessage('end');
    return addUp(await all);
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#workers.map(
        (worker) =>
          new Promise((resolve) => {
            worker.once('exit', resolve);
            worker.postMessage('stop');
          }),
      ),
    );
  }
}

function nextMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function addUp(all: readonly ViewerFigures[]): ViewerTotals {
  const sum = (figure: (one: ViewerFigures) => number) => all.reduce((total, one) => total + figure(one), 0);
  const merged = (figure: (one: ViewerFigures) => Float64Array) => {
    const histogram = new LatencyHistogram();
    for (const one of all) histogram.merge(new LatencyHistogram(figure(one)));
    return histogram;
  };
  return {
    bytes: sum((one) => one.bytes),
    reads: sum((one) => one.reads),
    latency: merged((one) => one.latency),
    joins: merged((one) => one.joins),
    watching: sum((one) => one.watching),
    notStarted: sum((one) => one.notStarted),
    closedEarly: sum((one) => one.closedEarly),
    malformed: sum((one) => one.malformed),
    regressions: sum((one) => one.regressions),
    gaps: sum((one) => one.gaps),
    stalled: sum((one) => one.stalled),
    slowEnded: sum((one) => one.slowEnded),
    failure: all.find((one) => one.failure !== undefined)?.failure,
  };
}
