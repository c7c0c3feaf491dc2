import type { ReadonlySignal } from '@preact/signals';
import { formatAgo, formatUptime } from '../format/numbers.ts';

interface SinceProps {
  /** ISO date and time. */
  readonly since: string;
  readonly now: ReadonlySignal<number>;
}

/** 01:12:44, ticking. */
export function Uptime({ since, now }: SinceProps) {
  return <time dateTime={since}>{formatUptime(now.value - Date.parse(since))}</time>;
}

/** "2 min ago", ticking. */
export function Ago({ since, now }: SinceProps) {
  return <time dateTime={since}>{formatAgo(now.value - Date.parse(since))}</time>;
}
