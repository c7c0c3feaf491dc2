import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { HubEvent } from '../hub/hub-event.ts';
import type { FromWorker, HandedViewer, ToWorker, WorkerReport } from './worker-message.ts';

/** A worker that dies at once again and again is started at this pace at most. */
const RESTART_MS = { first: 100, most: 5_000 } as const;
/** Time for viewers to be told and for their last bytes to leave, then workers are ended. */
const STOP_MS = 4_000;

export interface WorkerPoolOptions {
  readonly count: number;
  /** The compiled program of a worker. */
  readonly program: string;
  /** What each new worker is told first. Asked anew for each, because ports are known late. */
  init(): ToWorker & { type: 'init' };
  onEvent(event: HubEvent): void;
  onReady(worker: number, pid: number): void;
  onCrash(worker: number, reason: string): void;
}

interface Worker {
  readonly process: ChildProcess;
  ready: boolean;
  /** Viewers that it has, by its last report and what it was handed since. */
  viewers: number;
  report: WorkerReport | undefined;
}

/**
 * Node counts a socket that was handed to a process as a connection of its server for as long as that process says so. Once the
 * process is gone the count stays wrong and the server's `close` never ends (seen with Node 20). Without this link
 * Node does not count at all, and the shell that stays here is taken off when it is destroyed.
 */
function forgetServer(socket: Socket): void {
  Object.assign(socket, { server: undefined });
}

/** Delivery workers: keeps so many of them alive, hands them viewers, and knows what they report. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #workers: (Worker | undefined)[];
  readonly #restarts = new Set<NodeJS.Timeout>();
  #stopping = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#workers = new Array<Worker | undefined>(options.count).fill(undefined);
  }

  start(): void {
    for (let index = 0; index < this.#workers.length; index++) this.#start(index, RESTART_MS.first);
  }

  /** What the workers reported last. */
  get reports(): WorkerReport[] {
    return this.#alive().flatMap(({ report }) => report ?? []);
  }

  /** True when there are workers and each of them has all the viewers it can serve. */
  get full(): boolean {
    const alive = this.#alive();
    return alive.length > 0 && alive.every(({ report }) => report?.load.decision.full === true);
  }

  /** Gives a viewer and its socket to the worker that has the fewest. False: none is ready, serve it here. */
  hand(viewer: HandedViewer, socket: Socket): boolean {
    const worker = this.#alive().reduce<Worker | undefined>(
      (best, one) => (one.ready && (!best || one.viewers < best.viewers) ? one : best),
      undefined,
    );
    if (!worker) return false;
    worker.viewers++;
    forgetServer(socket);
    // Once it is sent, what is left here is an empty shell; destroying that tells everybody here that the socket is gone.
    worker.process.send(viewer satisfies ToWorker, socket, () => socket.destroy());
    return true;
  }

  /** Ends the viewer of this id. False when no worker has it. */
  kick(id: string): boolean {
    const worker = this.#alive().find(({ report }) => report?.sessions.some((session) => session.id === id));
    worker?.process.send({ type: 'kick', id } satisfies ToWorker);
    return worker !== undefined;
  }

  /** Ends every viewer and then the workers. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    await Promise.all(this.#alive().map((worker) => this.#stop(worker)));
  }

  #alive(): Worker[] {
    return this.#workers.filter((worker) => worker !== undefined);
  }

  #start(index: number, backoffMs: number): void {
    const child = fork(this.#options.program, [], { serialization: 'advanced' });
    const worker: Worker = { process: child, ready: false, viewers: 0, report: undefined };
    this.#workers[index] = worker;
    child.on('message', (message) => this.#receive(worker, message as FromWorker));
    child.on('error', () => child.kill('SIGKILL'));
    child.once('exit', (code, signal) => {
      this.#workers[index] = undefined;
      if (this.#stopping) return;
      this.#options.onCrash(index, signal ?? `exit code ${code}`);
      const nextMs = worker.ready ? RESTART_MS.first : Math.min(backoffMs * 2, RESTART_MS.most);
      const timer = setTimeout(() => {
        this.#restarts.delete(timer);
        this.#start(index, nextMs);
      }, nextMs);
      this.#restarts.add(timer);
    });
    child.send(this.#options.init());
  }

  #receive(worker: Worker, message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        worker.ready = true;
        this.#options.onReady(this.#workers.indexOf(worker), worker.process.pid ?? 0);
        return;
      case 'report':
        worker.report = message;
        worker.viewers = message.sessions.length;
        return;
      case 'event':
        this.#options.onEvent(message.event);
        return;
    }
  }

  #stop({ process: child }: Worker): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      if (child.connected) child.send({ type: 'drain' } satisfies ToWorker);
      else child.kill('SIGKILL');
    });
  }
}
