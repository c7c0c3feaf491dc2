/** How busy a process is, and what it does about it. */
export interface ProcessLoad {
  /** Share of its time, 0 to 1. */
  readonly utilization: number;
  /** About the time between two deliveries of a stream. */
  readonly paceMs: number;
  /** It takes no more viewers. */
  readonly full: boolean;
}

/** A delivery worker, by its number. */
export interface WorkerStatus extends ProcessLoad {
  readonly worker: number;
  readonly viewers: number;
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

/** The first process, and the workers beside it. */
export interface ServerLoad extends ProcessLoad {
  /** New viewers are refused: the first process is full, or each worker is. */
  readonly overloaded: boolean;
  readonly workers: readonly WorkerStatus[];
  /** How often a worker died. */
  readonly workerCrashes: number;
}
