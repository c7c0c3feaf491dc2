/** Time, passed in so that the hub is pure and its tests need no waiting. */
export interface Clock {
  /** Milliseconds that never go back, from an arbitrary start. For every duration and deadline. */
  monotonicMs(): number;
  /** Milliseconds since 1970. Only for times that people read. */
  wallMs(): number;
  /** Runs something once other work of the process has had its turn. */
  soon(run: () => void): void;
}
