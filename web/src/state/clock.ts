import { type ReadonlySignal, signal } from '@preact/signals';

const now = signal(Date.now());
let aheadMs = 0;

/** The server's time in milliseconds since 1970, once a second: every running figure ticks together. */
export const clock: ReadonlySignal<number> = now;

/** Tells how far the server's clock is ahead of this one, so that uptimes are right on both. */
export function setClockAhead(ms: number): void {
  // The server states whole seconds: less than that is no difference.
  aheadMs = Math.abs(ms) < 1500 ? 0 : ms;
  now.value = Date.now() + aheadMs;
}

setInterval(() => {
  now.value = Date.now() + aheadMs;
}, 1000);
