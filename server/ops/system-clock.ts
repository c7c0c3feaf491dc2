import type { Clock } from '../hub/clock.ts';

/** The real time. Tests pass their own. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  soon: (run) => {
    setImmediate(run);
  },
};
