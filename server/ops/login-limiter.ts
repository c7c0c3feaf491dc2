/** Slows down guessing: so many wrong tokens in a minute per address, then every further one is turned away unread. */
export interface LoginLimiter {
  isBlocked(address: string): boolean;
  countWrong(address: string): void;
}

const WINDOW_MS = 60_000;
const MAX_WRONG = 10;
/** Bounds memory when wrong tokens come from very many addresses; the oldest are forgotten. */
const MAX_ADDRESSES = 10_000;

export function createLoginLimiter(monotonicMs: () => number): LoginLimiter {
  /** Address -> times of its wrong tokens, oldest first. */
  const wrong = new Map<string, number[]>();

  function recent(address: string): number[] {
    const since = monotonicMs() - WINDOW_MS;
    return (wrong.get(address) ?? []).filter((timeMs) => timeMs > since);
  }

  return {
    isBlocked: (address) => recent(address).length >= MAX_WRONG,
    countWrong(address) {
      const times = [...recent(address), monotonicMs()].slice(-MAX_WRONG);
      wrong.delete(address);
      wrong.set(address, times);
      const oldest = wrong.keys().next().value;
      if (wrong.size > MAX_ADDRESSES && oldest !== undefined) wrong.delete(oldest);
    },
  };
}
