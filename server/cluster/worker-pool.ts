import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { HubEvent } from '../hub/hub-event.ts';
import { WorkerLedger } from './worker-ledger.ts';
import type { FromWorker, HandedViewer, ToWorker, WorkerLoad } from './worker-message.ts';

/** A worker that dies at once again and again is started at this pace at most. */
const RESTART_MS = { first: 100, most: 5_000 } as const;
/** Time for viewers to be told and for their last bytes to leave, then workers are ended. */
const STOP_MS = 4_000;
/**
 * A worker reports once a second. Silence is counted in looks and not by the clock, because a machine that slept, or this process when
 * it was busy, is late for all of them alike.
 */
const LOOK_MS = 1_000;
/** A worker that has been silent for so many looks gets no more viewers; after so many more it hangs and is ended. */
const SILENT_LOOKS = { doubted: 2, ended: 5, beforeReady: 30 } as const;

export interface WorkerPoolOptions {
  readonly count: number;
  /** The compiled program of a worker. */
  readonly program: string;
  /** What each new worker is told first. Asked anew for each, because ports are known late. */
  init(): ToWorker & { type: 'init' };
  onEvent(event: HubEvent): void;
  onReady(worker: number, pid: number): void;
  onCrash(worker: number, reason: string): void;
  /** It could not serve a viewer, and goes on with the others. */
  onFault(worker: number, reason: string): void;
}

interface Worker {
  readonly process: ChildProcess;
  readonly ledger: WorkerLedger;
  /** Viewers that wait to be sent: Node sends one socket at a time, when the one before has arrived. */
  readonly onTheWay: Map<Socket, HandedViewer>;
  /** The socket that was sent last, which may not have arrived. */
  lastSent: Handle | undefined;
  ready: boolean;
  /** Handed over, and not heard of since. */
  coming: number;
  silentLooks: number;
}

/** What Node has for a line below a socket. Closing it again does nothing. */
interface Handle {
  close(): void;
}

const handleOf = (socket: Socket): Handle | undefined =>
  (socket as Socket & { readonly _handle?: Handle | null })._handle ?? undefined;

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
  /** How often a worker died and another one was started. */
  crashes = 0;
  /** One for each worker, which its successors go on with. */
  readonly ledgers: readonly WorkerLedger[];
  readonly #options: WorkerPoolOptions;
  readonly #workers: (Worker | undefined)[];
  readonly #restarts = new Set<NodeJS.Timeout>();
  #looking: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.ledgers = Array.from({ length: options.count }, () => new WorkerLedger());
    this.#workers = new Array<Worker | undefined>(options.count).fill(undefined);
  }

  start(): void {
    for (let index = 0; index < this.#workers.length; index++) this.#start(index, RESTART_MS.first);
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#looking.unref();
  }

  /** What each worker serves, costs and does about it; those that have not reported are left out. */
  get loads(): ({ worker: number; viewers: number } & WorkerLoad)[] {
    return this.ledgers.flatMap(({ audience, report }, worker) =>
      report ? { worker, viewers: audience, ...report.load } : [],
    );
  }

  /** True when there are workers and each of them has all the viewers it can serve. */
  get full(): boolean {
    const alive = this.#alive();
    return alive.length > 0 && alive.every(({ ledger }) => ledger.report?.load.full === true);
  }

  /** Gives a viewer and its socket to the worker that has the fewest. False: none is ready, serve it here. */
  hand(viewer: HandedViewer, socket: Socket): boolean {
    const fit = this.#alive().filter(({ ready, silentLooks }) => ready && silentLooks < SILENT_LOOKS.doubted);
    const worker = fit.reduce<Worker | undefined>(
      (best, one) => (best && viewersOf(best) <= viewersOf(one) ? best : one),
      undefined,
    );
    if (!worker) return false;
    worker.coming++;
    worker.onTheWay.set(socket, viewer);
    forgetServer(socket);
    const handle = handleOf(socket);
    // Once it is sent, what is left here is an empty shell; destroying that tells everybody here that the socket is gone.
    worker.process.send(viewer satisfies ToWorker, socket, (error) => {
      if (!worker.onTheWay.delete(socket)) return;
      if (error) {
        this.#handAgain(viewer, socket);
      } else {
        worker.lastSent = handle;
        socket.destroy();
      }
    });
    return true;
  }

  /** A stream is over. */
  forget(stream: string): void {
    for (const ledger of this.ledgers) ledger.forget(stream);
  }

  /** Ends the viewer of this id. False when no worker has it. */
  kick(id: string): boolean {
    const worker = this.#alive().find(({ ledger }) => ledger.session(id));
    worker?.process.send({ type: 'kick', id } satisfies ToWorker);
    return worker !== undefined;
  }

  /** Ends every viewer and then the workers. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#looking);
    for (const timer of this.#restarts) clearTimeout(timer);
    await Promise.all(this.#alive().map((worker) => this.#stop(worker)));
  }

  #alive(): Worker[] {
    return this.#workers.filter((worker) => worker !== undefined);
  }

  #start(index: number, backoffMs: number): void {
    const child = fork(this.#options.program, [], { serialization: 'advanced' });
    const ledger = this.ledgers[index];
    if (!ledger) throw new Error(`there is no worker ${index}`);
    const worker: Worker = {
      process: child,
      ledger,
      onTheWay: new Map(),
      lastSent: undefined,
      ready: false,
      coming: 0,
      silentLooks: 0,
    };
    this.#workers[index] = worker;
    child.on('message', (message) => this.#receive(worker, message as FromWorker));
    const gone = (reason: string) => {
      this.#workers[index] = undefined;
      this.#bury(worker);
      if (this.#stopping) return;
      this.crashes++;
      this.#options.onCrash(index, reasonOf(worker, reason));
      const nextMs = worker.ready ? RESTART_MS.first : Math.min(backoffMs * 2, RESTART_MS.most);
      const timer = setTimeout(() => {
        this.#restarts.delete(timer);
        this.#start(index, nextMs);
      }, nextMs);
      this.#restarts.add(timer);
    };
    child.once('exit', (code, signal) => gone(signal ?? `exit code ${code}`));
    child.on('error', (error) => {
      // A process that could not be made has no exit either: there is no memory for it, or no free file.
      if (child.pid === undefined) gone(error.message);
      else child.kill('SIGKILL');
    });
    if (child.connected && child.pid !== undefined) child.send(this.#options.init());
  }

  #receive(worker: Worker, message: FromWorker): void {
    worker.silentLooks = 0;
    switch (message.type) {
      case 'ready':
        worker.ready = true;
        this.#options.onReady(this.#workers.indexOf(worker), worker.process.pid ?? 0);
        return;
      case 'report':
        // Those who have not come by now found their stream gone.
        worker.coming = 0;
        worker.ledger.takeReport(message);
        return;
      case 'event':
        worker.ledger.takeEvent(message.event);
        if (message.event.type === 'viewer-joined') worker.coming--;
        this.#options.onEvent(message.event);
        return;
      case 'fault':
        this.#options.onFault(this.#workers.indexOf(worker), message.reason);
        return;
    }
  }

  /** Ends workers that hang: their viewers see nothing, and would for ever. */
  #look(): void {
    for (const worker of this.#alive()) {
      worker.silentLooks++;
      if (hangs(worker)) worker.process.kill('SIGKILL');
    }
  }

  /** Settles what a worker leaves behind. */
  #bury({ ledger, onTheWay, lastSent }: Worker): void {
    // Node keeps it open for ever when the worker dies before it says that it has it (seen with Node 20).
    lastSent?.close();
    for (const session of ledger.bury()) {
      this.#options.onEvent({
        type: 'viewer-left',
        stream: session.stream,
        session,
        reason: this.#stopping ? 'draining' : 'disconnected',
      });
    }
    for (const [socket, viewer] of onTheWay) this.#handAgain(viewer, socket);
    onTheWay.clear();
  }

  /** For a viewer that its worker never took: nothing has been written to it. One that nobody takes is cut, and comes back. */
  #handAgain(viewer: HandedViewer, socket: Socket): void {
    if (socket.destroyed || this.#stopping || !this.hand(viewer, socket)) socket.destroy();
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

const viewersOf = ({ ledger, coming }: Worker): number => ledger.size + coming;

const hangs = ({ ready, silentLooks }: Worker): boolean =>
  silentLooks >= (ready ? SILENT_LOOKS.ended : SILENT_LOOKS.beforeReady);

const reasonOf = (worker: Worker, exit: string): string =>
  hangs(worker) ? `it was silent for ${(worker.silentLooks * LOOK_MS) / 1000} s` : exit;
