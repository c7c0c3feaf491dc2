import { runInThisContext } from 'node:vm';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { split } from './mutate.ts';
import { Random, seedOf } from './random.ts';
import type { FuzzTarget } from './target.ts';
import { Trace } from './trace.ts';

/** What one input may take, all its splits together. Most take a millisecond. */
const MAX_MS = 5_000;
const SPLITS = 2;

/** Why an input is a finding; `undefined` when the target stood it. The same bytes always get the same answer. */
export function findFault(target: FuzzTarget, bytes: Uint8Array): string | undefined {
  return withinTime(() => {
    try {
      const whole = runOnce(target, [bytes.slice()]);
      const random = new Random(seedOf(bytes));
      for (let i = 0; i < SPLITS; i++) {
        const difference = firstDifference(whole, runOnce(target, split(bytes, random)));
        if (difference) return `split differently it gives something else: ${difference}`;
      }
      return undefined;
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  });
}

/** What the target saw, the fault it ended with included. */
function runOnce(target: FuzzTarget, parts: readonly Uint8Array[]): readonly string[] {
  let length = 0;
  for (const part of parts) length += part.length;
  const trace = new Trace(length);
  try {
    target.run(parts, trace);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    trace.lines.push(`ends with ${error.code}`);
  }
  return trace.lines;
}

function firstDifference(one: readonly string[], two: readonly string[]): string | undefined {
  for (let i = 0; i < Math.max(one.length, two.length); i++) {
    if (one[i] !== two[i]) return `step ${i}: ${one[i]?.slice(0, 200)} or ${two[i]?.slice(0, 200)}`;
  }
  return undefined;
}

/** Runs it under a watchdog that can end even an endless loop, which no timer can. */
function withinTime(run: () => string | undefined): string | undefined {
  const slot = globalThis as { sluiceFuzzCase?: (() => string | undefined) | undefined };
  slot.sluiceFuzzCase = run;
  try {
    return runInThisContext('sluiceFuzzCase()', { timeout: MAX_MS }) as string | undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return `took longer than ${MAX_MS} ms`;
  } finally {
    slot.sluiceFuzzCase = undefined;
  }
}
