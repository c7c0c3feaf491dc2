import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a process and its children have cost so far. */
export interface Usage {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly residentBytes: number;
}

export const hasProc: boolean = existsSync('/proc/self/stat');

let ticksPerSecond: number | undefined;

/** From the operating system's accounts: no question is put to the process, so it does not work for the answer. */
export function readProcUsage(pid: number): Usage {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100;
  let userTicks = 0;
  let systemTicks = 0;
  let residentBytes = 0;
  for (const member of familyOf(pid)) {
    const stat = tryRead(`/proc/${member}/stat`);
    const status = tryRead(`/proc/${member}/status`);
    if (stat === undefined || status === undefined) continue;
    const ticks = parseStat(stat);
    userTicks += ticks.user;
    systemTicks += ticks.system;
    residentBytes += Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  }
  return {
    userSeconds: userTicks / ticksPerSecond,
    systemSeconds: systemTicks / ticksPerSecond,
    residentBytes,
  };
}

/** proc(5): utime and stime are fields 14 and 15; the name in field 2 may hold anything, brackets too. */
export function parseStat(stat: string): { parent: number; user: number; system: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), user: Number(fields[11]), system: Number(fields[12]) };
}

/** The process, its children and theirs. */
function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? tryRead(`/proc/${name}/stat`) : undefined;
    if (stat === undefined) continue;
    const { parent } = parseStat(stat);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [pid];
  for (let i = 0; i < family.length; i++) family.push(...(children.get(family[i]!) ?? []));
  return family;
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
