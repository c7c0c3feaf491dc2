import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** Something that has to stand any bytes. */
export interface FuzzTarget {
  readonly name: string;
  /** Bytes that mean something to it. */
  readonly seeds: readonly Uint8Array[];
  /** Makes an input where changed bytes of a seed are not enough. */
  generate?(random: Random): Uint8Array;
  /**
   * Gives the bytes, which came in these parts, to a fresh reader, and notes what it saw. How the bytes were split must not
   * show. A `ProtocolError` may go through, nothing else.
   */
  run(parts: readonly Uint8Array[], trace: Trace): void;
}
