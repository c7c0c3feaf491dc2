import { type LoadDecision, PaceControl } from '../hub/pace-control.ts';

const SAMPLE_MS = 500;

export interface LoadWatcher {
  /** Share of the last half second that the event loop was busy, 0 to 1. */
  readonly utilization: number;
  readonly decision: LoadDecision;
  close(): void;
}

/** Measures how busy this process is and hands what follows from it to `apply`, twice a second. */
export function watchLoad(maxPaceMs: number, apply: (decision: LoadDecision) => void): LoadWatcher {
  const control = new PaceControl(maxPaceMs);
  let last = performance.eventLoopUtilization();
  let utilization = 0;
  let decision: LoadDecision = { paceMs: 0, full: false, shed: false };
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    utilization = performance.eventLoopUtilization(now, last).utilization;
    last = now;
    decision = control.sample(utilization);
    apply(decision);
  }, SAMPLE_MS);
  timer.unref();
  return {
    get utilization() {
      return utilization;
    },
    get decision() {
      return decision;
    },
    close: () => clearInterval(timer),
  };
}
