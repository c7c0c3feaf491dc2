import { addressGroup } from '../../shared/net/address.ts';

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

  function recent(group: string): number[] {
    const since = monotonicMs() - WINDOW_MS;
    return (wrong.get(group) ?? []).filter((timeMs) => timeMs > since);
  }

  return {
    isBlocked: (address) => recent(addressGroup(address)).length >= MAX_WRONG,
    countWrong(address) {
      const group = addressGroup(address);
      const times = [...recent(group), monotonicMs()].slice(-MAX_WRONG);
      wrong.delete(group);
      wrong.set(group, times);
      const oldest = wrong.keys().next().value;
      if (wrong.size > MAX_ADDRESSES && oldest !== undefined) wrong.delete(oldest);
    },
  };
}
