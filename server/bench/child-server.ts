import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hasProc, readProcUsage, type Usage } from './process-usage.ts';
import { HOST, type StartOptions } from './system.ts';

const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 15_000;
const KEPT_LINES = 20;

export interface ChildOptions extends StartOptions {
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Looks at each line of its output until it gives something: then it is ready. */
  readonly ready: (line: string) => boolean;
}

/** Those that run now: none outlives this process. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server in a Node process of its own. */
export class ChildServer {
  readonly #child: ChildProcess;
  readonly #lastLines: string[] = [];

  private constructor({ script, args, cwd, cpus, profileDir }: ChildOptions) {
    const node = [
      ...(profileDir ? ['--cpu-prof', '--cpu-prof-dir', profileDir, '--cpu-prof-interval', '250'] : []),
      ...(hasProc ? [] : ['--import', new URL('./usage-reporter.js', import.meta.url).href]),
      script,
      ...args,
    ];
    const [command, argv] = cpus
      ? ['taskset', ['-c', cpus, process.execPath, ...node]]
      : [process.execPath, node];
    this.#child = spawn(command, argv, {
      cwd,
      env: withoutSettings(process.env),
      stdio: ['ignore', 'pipe', 'pipe', ...(hasProc ? [] : (['ipc'] as const))],
    });
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
  }

  /** Rejects with what it printed when it ends instead. */
  static async start(options: ChildOptions): Promise<ChildServer> {
    const server = new ChildServer(options);
    await server.#untilReady(options.ready);
    return server;
  }

  async usage(): Promise<Usage> {
    const pid = this.#child.pid ?? 0;
    if (hasProc) return readProcUsage(pid);
    const answer = once(this.#child, 'message');
    this.#child.send('usage');
    return (await answer)[0] as Usage;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const guard = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exit;
    clearTimeout(guard);
  }

  #untilReady(ready: (line: string) => boolean): Promise<void> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        reject(new Error(`${reason}\n${this.#lastLines.join('\n')}`));
        child.kill('SIGKILL');
      };
      const guard = setTimeout(() => fail('the server did not get ready'), START_LIMIT_MS);
      const take = (line: string) => {
        this.#lastLines.push(line);
        if (this.#lastLines.length > KEPT_LINES) this.#lastLines.shift();
        if (!ready(line)) return;
        clearTimeout(guard);
        resolve();
      };
      // Read to the end: a server whose output nobody takes would come to a halt.
      for (const output of [child.stdout, child.stderr]) {
        if (output) createInterface({ input: output }).on('line', take);
      }
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code, signal) => {
        clearTimeout(guard);
        fail(`the server ended (${signal ?? `exit code ${code}`})`);
      });
    });
  }
}

/** The operator's own settings are not what is measured. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith('SLUICE_') && name !== 'NODE_OPTIONS'),
  );
}

/** A port that was free a moment ago, for servers that cannot take any by themselves. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Compiled, this file lies in dist/server/bench. */
export const packageRoot: string = join(import.meta.dirname, '../../..');
