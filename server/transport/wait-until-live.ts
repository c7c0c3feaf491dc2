import type { Hub } from '../hub/hub.ts';

/**
 * Resolves true when the stream is live, at once or within `ms`; false when the time or the caller's patience is over.
 * `signal` is aborted when the caller leaves.
 */
export function waitUntilLive(hub: Hub, stream: string, ms: number, signal: AbortSignal): Promise<boolean> {
  if (hub.isLive(stream)) return Promise.resolve(true);
  if (ms <= 0 || signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const finish = (live: boolean) => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', leave);
      resolve(live);
    };
    const leave = () => finish(false);
    const timer = setTimeout(leave, ms);
    const unsubscribe = hub.subscribeEvents((event) => {
      if (event.stream === stream && hub.isLive(stream)) finish(true);
    });
    signal.addEventListener('abort', leave);
  });
}
