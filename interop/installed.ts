import { spawnSync } from 'node:child_process';

/** How each program is asked for its version, and where in the answer it stands. */
const versionQuestions: Readonly<
  Record<string, { args: readonly string[]; pattern: RegExp; label: string }>
> = {
  ffmpeg: { args: ['-version'], pattern: /version (\S+)/, label: 'FFmpeg' },
  ffprobe: { args: ['-version'], pattern: /version (\S+)/, label: 'ffprobe' },
  ffplay: { args: ['-version'], pattern: /version (\S+)/, label: 'ffplay' },
  'gst-launch-1.0': { args: ['--version'], pattern: /GStreamer (\S+)/, label: 'GStreamer' },
  obs: { args: ['--version'], pattern: /OBS Studio - (\S+)/, label: 'OBS Studio' },
  rtmpdump: { args: ['-h'], pattern: /RTMPDump (\S+)/, label: 'rtmpdump (librtmp)' },
  chromium: { args: ['--version'], pattern: /Chromium (\S+)/, label: 'Chromium' },
};

/** A need of trials in which a program has files of the system changed for itself alone; asks for root. */
export const privateMounts = 'private mounts';

const found = new Map<string, boolean>();

/** What is not there of programs, GStreamer elements (`gst:rtmpsink`) and the right to `private mounts`. */
export function missing(needs: readonly string[]): string[] {
  return needs.filter((need) => !isInstalled(need));
}

/** Label and version of every client that is installed. */
export function clientVersions(): { label: string; version: string }[] {
  return Object.entries(versionQuestions).flatMap(([name, { args, pattern, label }]) => {
    if (!isInstalled(name)) return [];
    const { stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', timeout: 10_000 });
    return [{ label, version: pattern.exec(stdout + stderr)?.[1] ?? 'unknown' }];
  });
}

/** Full path of a program that is installed. */
export function programPath(name: string): string {
  return spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
}

function isInstalled(need: string): boolean {
  const known = found.get(need);
  if (known !== undefined) return known;
  const [program, args] = questionFor(need);
  const isThere = spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  found.set(need, isThere);
  return isThere;
}

function questionFor(need: string): [string, string[]] {
  if (need === privateMounts) return ['unshare', ['-m', 'true']];
  const element = /^gst:(.+)$/.exec(need)?.[1];
  return element ? ['gst-inspect-1.0', ['--exists', element]] : ['which', [need]];
}
