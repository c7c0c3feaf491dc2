import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/** Connections that each kind of listener may hold. */
export interface ConnectionBudget {
  readonly http: number;
  readonly rtmp: number;
  /** The system allows less than half of what the settings do: somebody should know. */
  readonly isCut: boolean;
}

/** Open files of our own: listeners, pipes to workers, files that are served. */
const OWN = 64;
/** Connections above a limit that are let in to be told why, over HTTP and over RTMP. */
const RESERVES = 128;
/** Whatever viewers do, this share is left for encoders. */
const HTTP_SHARE = 0.75;
const LEAST = 16;

/**
 * Each connection is an open file, and a process that has no more closes whoever comes, encoders too, without a word. So where the
 * system allows less than the settings, they are cut to fit, and HTTP is never given all. A setting of 0 means no limit.
 */
export function connectionBudget(wanted: { http: number; rtmp: number }, files: number): ConnectionBudget {
  const usable = Math.max(2 * LEAST, files - OWN - RESERVES);
  const most = (limit: number, limitOfSystem: number) =>
    Math.min(limit === 0 ? Number.POSITIVE_INFINITY : limit, Math.max(LEAST, Math.floor(limitOfSystem)));
  const http = most(wanted.http, usable * HTTP_SHARE);
  const rtmp = most(wanted.rtmp, usable - http);
  const isLess = (given: number, limit: number) => given < limit / 2;
  return { http, rtmp, isCut: isLess(http, wanted.http) || isLess(rtmp, wanted.rtmp) };
}

interface Report {
  readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } };
}

/** How many files this process may have open; infinity where the system does not say. */
export function allowedFiles(): number {
  const { userLimits } = process.report.getReport() as Report;
  const soft = Number(userLimits?.open_files?.soft);
  return soft > 0 ? soft : Number.POSITIVE_INFINITY;
}

const LOOK_MS = 1_000;

/**
 * Looks each second whether one more file can be opened. Without one, the system closes new connections before this process hears
 * of them, so nothing else would tell.
 */
export function watchDescriptors(
  on: { missing(): void; free(): void },
  look = canOpenOne,
): { close(): void } {
  let isMissing = false;
  const timer = setInterval(() => {
    const wasMissing = isMissing;
    isMissing = !look();
    if (isMissing) on.missing();
    else if (wasMissing) on.free();
  }, LOOK_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

function canOpenOne(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'EMFILE' && code !== 'ENFILE';
  }
}
