import { Worker } from 'node:worker_threads';
import type { SyntheticOptions } from './synthetic-stream.ts';

export interface PublisherWorkerData {
  readonly target: { readonly host: string; readonly port: number; readonly app: string };
  /** Stream keys. */
  readonly streams: readonly string[];
  readonly options: SyntheticOptions;
}

export interface PublisherFigures {
  /** Media bytes given to the sockets in the window. */
  readonly bytes: number;
  /** The most that one socket held back: above 0 for long means that the server does not keep up. */
  readonly mostBuffered: number;
  /** Publishers whose line the server closed. */
  readonly closed: number;
}

/** Publishers in a thread of their own. */
export class PublisherLoad {
  readonly #worker: Worker;

  private constructor(data: PublisherWorkerData) {
    this.#worker = new Worker(new URL('./publisher-worker.js', import.meta.url), { workerData: data });
  }

  /** Resolves when all of them publish. */
  static async open(data: PublisherWorkerData): Promise<PublisherLoad> {
    const load = new PublisherLoad(data);
    await load.#message();
    return load;
  }

  begin(): void {
    this.#worker.postMessage('begin');
  }

  async end(): Promise<PublisherFigures> {
    const figures = this.#message();
    this.#worker.postMessage('end');
    return (await figures) as PublisherFigures;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#worker.once('exit', resolve);
      this.#worker.postMessage('stop');
    });
  }

  #message(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', resolve);
      this.#worker.once('error', reject);
    });
  }
}
