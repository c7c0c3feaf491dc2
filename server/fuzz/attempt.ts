import { concatBytes } from '../../shared/bytes/concat.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import type { FuzzTarget } from './target.ts';
import type { Trace } from './trace.ts';

/** A decoder that takes a whole value: what it gives, or which fault it found. */
export function whole(
  name: string,
  seeds: readonly Uint8Array[],
  decode: (bytes: Uint8Array, trace: Trace) => void,
): FuzzTarget {
  return { name, seeds, run: (parts, trace) => decode(concatBytes(parts), trace) };
}

/** Notes the value, or the code of the fault; anything else that is thrown goes through. */
export function attempt(trace: Trace, decode: () => unknown): void {
  try {
    trace.add(decode());
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    trace.add(error.code);
  }
}
