import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { seconds, until } from './until.ts';

interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<Program>();

/** A child process whose output is kept, and which never outlives this one. */
export class Program {
  readonly name: string;
  readonly startedMs = performance.now();
  readonly #child: ChildProcess;
  #output = '';
  #ended = false;

  constructor(name: string, args: readonly string[], options: ProgramOptions = {}) {
    this.name = name;
    this.#child = spawn(name, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    running.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    // `close` comes after the last byte of output, also when the program could not be started.
    this.#child.once('error', (error) => {
      this.#output += error.message;
    });
    this.#child.once('close', () => {
      this.#ended = true;
      running.delete(this);
    });
  }

  /** What it wrote so far, both streams, one line per line. */
  get output(): string {
    return this.#output.replaceAll('\r', '\n');
  }

  /** The end of the output: what a report of a failure needs. */
  get lastWords(): string {
    return this.output.trim().split('\n').slice(-4).join(' / ').slice(-600);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True when it ended by itself in time. */
  async endsWithin(ms: number): Promise<boolean> {
    return await until(() => this.#ended, ms).then(
      () => true,
      () => false,
    );
  }

  /** Waits until the output holds `text`. */
  async says(text: string | RegExp, ms: number): Promise<void> {
    const found = () => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output));
    await until(() => found() || this.#ended, ms).catch(() => {});
    if (!found())
      throw new Error(`${this.name} did not say ${text} within ${seconds(ms)}: ${this.lastWords}`);
  }

  /** Sends a signal and waits for the end; whoever does not listen is killed. */
  async end(signal: NodeJS.Signals, patienceMs = 5000): Promise<void> {
    if (this.#ended) return;
    this.#child.kill(signal);
    if (signal !== 'SIGKILL' && (await this.endsWithin(patienceMs))) return;
    if (this.#ended) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
  }
}

/** Kills whatever still runs, or what is chosen of it. */
export async function endAllPrograms(isChosen = (_program: Program) => true): Promise<void> {
  await Promise.all([...running].filter(isChosen).map((program) => program.end('SIGKILL')));
}

/** Runs a program to its end and gives what it wrote. */
export async function runProgram(name: string, args: readonly string[], ms = 20_000): Promise<Program> {
  const program = new Program(name, args);
  if (await program.endsWithin(ms)) return program;
  await program.end('SIGKILL');
  throw new Error(`${name} did not end within ${seconds(ms)}: ${program.lastWords}`);
}
