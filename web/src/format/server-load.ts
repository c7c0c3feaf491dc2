import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import type { Figure } from './numbers.ts';

type Load = ServerInfo['load'];

const percent = (share: number): string => String(Math.round(Math.min(1, share) * 100));

/** How busy the busiest process is. */
export function formatBusy({ busy, workers }: Load): Figure {
  return { value: percent(Math.max(busy, ...workers.map((worker) => worker.busy))), unit: '% busy' };
}

/** The same of each process. */
export function describeBusy({ busy, workers }: Load): string {
  const each = workers.map((worker) => `${percent(worker.busy)} %`);
  if (each.length === 0) return 'Share of its time that the server is busy';
  return `Takes streams in: ${percent(busy)} %. ${each.length === 1 ? 'Worker' : 'Workers'}: ${each.join(', ')}`;
}

/** What the server does because it is busy; null while it does nothing. */
export function describeRelief({ paceMs, overloaded, workers }: Load): string | null {
  if (overloaded) return 'The server has as many viewers as it can serve. New ones are refused.';
  const widestMs = Math.max(paceMs, ...workers.map((worker) => worker.paceMs));
  if (widestMs === 0) return null;
  return `The server is busy: pictures leave every ${widestMs} ms and not each by itself.`;
}
