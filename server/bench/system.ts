import type { Usage } from './process-usage.ts';
import type { Transport } from './viewer.ts';

/** A server that can be measured. Each run gets a new process of it. */
export interface System {
  /** As the tables show it. */
  readonly name: string;
  readonly role: 'ours' | 'floor' | 'peer';
  /** What viewers can be connected by; empty for one that only takes streams in. */
  readonly transports: readonly Transport[];
  /** True when streams are published to it; a floor makes its own. */
  readonly takesStreams: boolean;
  start(options: StartOptions): Promise<RunningSystem>;
}

export interface StartOptions {
  /** Cores to run on; `undefined` leaves it to the operating system. */
  readonly cpus: string | undefined;
  /** Folder that a CPU profile is written to when it stops. */
  readonly profileDir?: string | undefined;
}

export interface RunningSystem {
  readonly httpPort: number;
  readonly rtmpPort: number;
  usage(): Promise<Usage>;
  /** Values of its metrics by name; empty where it has none. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

export const HOST = '127.0.0.1';
export const APP = 'live';
export const STREAM = 'bench';
