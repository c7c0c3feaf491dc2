import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which cores the server and the load run on. */
export interface CpuPlan {
  /** Lists as `taskset` takes them; `undefined` when nothing is pinned. */
  readonly server: string | undefined;
  readonly load: string | undefined;
  readonly sentence: string;
  /** Threads that viewers are spread over. */
  readonly viewerThreads: number;
}

/** Pins this process, all threads that it starts later included. `serverCpus` overrides the first core. */
export function planCpus(serverCpus: string | undefined): CpuPlan {
  const cpus = allowedCpus();
  const server = serverCpus ? expandCpuList(serverCpus) : cpus.slice(0, 1);
  const load = cpus.filter((cpu) => !server.includes(cpu));
  if (load.length === 0 || spawnSync('taskset', ['-acp', load.join(','), `${process.pid}`]).status !== 0) {
    const threads = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
    const why = cpus.length === 0 ? 'taskset is not there' : 'there are too few cores';
    return {
      server: undefined,
      load: undefined,
      sentence: `not pinned: ${why}`,
      viewerThreads: threads,
    };
  }
  const viewerThreads = Math.max(1, Math.min(4, load.length - 1));
  const sentence = `server on core ${server.join(',')}, load on core ${load.join(',')} (taskset)`;
  return { server: server.join(','), load: load.join(','), sentence, viewerThreads };
}

function allowedCpus(): number[] {
  const { status, stdout } = spawnSync('taskset', ['-cp', `${process.pid}`], { encoding: 'utf8' });
  return status === 0 ? expandCpuList(stdout.slice(stdout.lastIndexOf(':') + 1)) : [];
}

/** `0,2-4` becomes 0, 2, 3, 4. */
export function expandCpuList(list: string): number[] {
  return list
    .trim()
    .split(',')
    .flatMap((part) => {
      const [first = Number.NaN, last = first] = part.split('-').map(Number);
      if (!Number.isInteger(first) || !Number.isInteger(last) || last < first) return [];
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}
