import type { Hub } from '../hub/hub.ts';

export interface WaitOptions {
  readonly ms: number;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** Asked again after each event of the stream. */
  isReady(): boolean;
}

/** Resolves true when the stream is live, at once or within `ms`; false when the time or the caller's patience is over. */
export const waitUntilLive = (hub: Hub, stream: string, ms: number, signal: AbortSignal): Promise<boolean> =>
  waitForStream(hub, stream, { ms, signal, isReady: () => hub.isLive(stream) });

/** The same for anything else that a stream may come to. */
export function waitForStream(
  hub: Hub,
  stream: string,
  { ms, signal, isReady }: WaitOptions,
): Promise<boolean> {
  if (isReady()) return Promise.resolve(true);
  if (ms <= 0 || signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const finish = (ready: boolean) => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', leave);
      resolve(ready);
    };
    const leave = () => finish(false);
    const timer = setTimeout(leave, ms);
    const unsubscribe = hub.subscribeEvents((event) => {
      if (event.stream === stream && isReady()) finish(true);
    });
    signal.addEventListener('abort', leave);
  });
}
