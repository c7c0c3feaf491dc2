/** Every figure on a page is written here, so that the same quantity looks the same everywhere. */

/** A number and its unit apart: units are drawn smaller. */
export interface Figure {
  readonly value: string;
  readonly unit: string;
}

/** Shown where a value is not known. */
export const unknownFigure: Figure = { value: '–', unit: '' };

export function formatBitrate(kbps: number): Figure {
  if (kbps >= 1_000_000) return { value: (kbps / 1_000_000).toFixed(2), unit: 'Gbps' };
  if (kbps >= 100_000) return { value: (kbps / 1000).toFixed(0), unit: 'Mbps' };
  if (kbps >= 1000) return { value: (kbps / 1000).toFixed(1), unit: 'Mbps' };
  return { value: kbps.toFixed(0), unit: 'kbps' };
}

export function formatBytes(bytes: number): Figure {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return {
    value: unit === 0 ? String(value) : value.toFixed(value >= 100 ? 0 : 1),
    unit: units[unit] ?? 'B',
  };
}

/** Digits in groups of three with a narrow space: 12 345. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** 01:12:44, with days in front when there are any. */
export function formatUptime(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const pad = (n: number): string => String(n).padStart(2, '0');
  const days = Math.floor(total / 86_400);
  const clock = `${pad(Math.floor(total / 3600) % 24)}:${pad(Math.floor(total / 60) % 60)}:${pad(total % 60)}`;
  return days > 0 ? `${days}d ${clock}` : clock;
}

/** "just now", "40 s ago", "2 min ago", "3 h ago", "2 d ago". */
export function formatAgo(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Seconds with one decimal: 0.4, 12.0. */
export function formatSeconds(seconds: number): string {
  return seconds.toFixed(1);
}

/** A measured rate is never quite whole: near a whole number it is shown as that. */
export function formatFrameRate(framesPerSecond: number): string {
  const rounded = Math.round(framesPerSecond);
  return Math.abs(framesPerSecond - rounded) < 0.2 ? String(rounded) : framesPerSecond.toFixed(1);
}

/** "1 viewer", "12 viewers". */
export function formatPlural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Hours and minutes as the reader writes them, the minute that is not over yet: at that time it is certainly so. */
export function formatClock(atMs: number, locale?: string, timeZone?: string): string {
  const minute = 60_000;
  const at = new Date(Math.ceil(atMs / minute) * minute);
  return at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', timeZone });
}
