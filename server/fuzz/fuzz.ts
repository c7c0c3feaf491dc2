import { findFault } from './check.ts';
import { codecTargets } from './codec-targets.ts';
import { mediaTargets } from './media-targets.ts';
import { mutate } from './mutate.ts';
import { Random, seedOf } from './random.ts';
import { sessionTargets } from './session-targets.ts';
import { shrink } from './shrink.ts';
import type { FuzzTarget } from './target.ts';
import { wireTargets } from './wire-targets.ts';

export const fuzzTargets: readonly FuzzTarget[] = [
  ...sessionTargets,
  ...wireTargets,
  ...codecTargets,
  ...mediaTargets,
];

/** An input that a target did not stand. */
export interface Finding {
  readonly target: string;
  readonly run: number;
  readonly fault: string;
  /** The smallest one that was found. */
  readonly bytes: Uint8Array;
}

/** One case of a target: the same seed and number give the same bytes. */
export function inputOf(target: FuzzTarget, seed: number, run: number): Uint8Array {
  const random = new Random(seedOf(seed, target.name, run));
  if (target.generate && random.chance(2)) {
    const bytes = target.generate(random);
    return random.chance(3) ? mutate(bytes, random, target.seeds) : bytes;
  }
  return mutate(random.pick(target.seeds), random, target.seeds);
}

/** Tries one case. */
export function tryCase(target: FuzzTarget, seed: number, run: number): Finding | undefined {
  const bytes = inputOf(target, seed, run);
  const fault = findFault(target, bytes);
  if (fault === undefined) return undefined;
  const hangs = fault.startsWith('took longer');
  const smallest = hangs ? bytes : shrink(bytes, (shorter) => findFault(target, shorter) !== undefined);
  return { target: target.name, run, fault: findFault(target, smallest) ?? fault, bytes: smallest };
}
