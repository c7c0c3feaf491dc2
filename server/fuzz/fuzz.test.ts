import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findFault } from './check.ts';
import { fuzzTargets, inputOf, tryCase } from './fuzz.ts';
import { parseFuzzOptions } from './fuzz-options.ts';
import { shrink } from './shrink.ts';
import type { FuzzTarget } from './target.ts';

const SEED = 1;
/** All of them together take a few seconds. */
const CASES = 150;

describe('Damaged bytes are stood by', () => {
  for (const target of fuzzTargets) {
    it(target.name, () => {
      for (let run = 0; run < CASES; run++) {
        const finding = tryCase(target, SEED, run);
        assert.equal(
          finding,
          undefined,
          `npm run fuzz -- --seed ${SEED} --runs ${CASES} --target ${target.name}`,
        );
      }
    });
  }
});

describe('The fuzzer', () => {
  const broken = (run: FuzzTarget['run']): FuzzTarget => ({
    name: 'broken',
    seeds: [Uint8Array.from({ length: 64 }, (_, i) => i)],
    run,
  });

  it('calls an exception that is no ProtocolError a finding, and cuts the input down to what causes it', () => {
    const target = broken((parts) => {
      if (parts.some((part) => part.includes(42))) throw new TypeError('oops');
    });
    const bytes = target.seeds[0]!;
    assert.match(findFault(target, bytes) ?? '', /TypeError: oops/);
    const smallest = shrink(bytes, (shorter) => findFault(target, shorter) !== undefined);
    assert.deepEqual(smallest, Uint8Array.of(42));
  });

  it('calls it a finding when the split shows', () => {
    const target = broken((parts, trace) => trace.add(parts.length));
    assert.match(findFault(target, target.seeds[0]!) ?? '', /split differently/);
  });

  it('calls it a finding when a reader never stops', () => {
    const target = broken((_parts, trace) => {
      for (;;) trace.add(1);
    });
    assert.match(findFault(target, target.seeds[0]!) ?? '', /steps/);
  });

  it('makes the same cases from the same seed, and others from another', () => {
    const [target] = fuzzTargets;
    assert.ok(target);
    const bytes = [SEED, SEED, SEED + 1].map((seed) => inputOf(target, seed, 7));
    assert.deepEqual(bytes[0], bytes[1]);
    assert.notDeepEqual(bytes[0], bytes[2]);
  });

  it('understands its options, and says which it does not', () => {
    const options = parseFuzzOptions(['--seed', '7', '--runs', '10', '--target', 'amf0,flv'], 1);
    assert.deepEqual(options, {
      seed: 7,
      runs: 10,
      seconds: Number.POSITIVE_INFINITY,
      targets: ['amf0', 'flv'],
      replay: undefined,
    });
    assert.equal(parseFuzzOptions([], 9)?.seed, 9);
    assert.equal(parseFuzzOptions(['--help'], 9), undefined);
    assert.throws(() => parseFuzzOptions(['--runs', 'many'], 1), /--runs takes a whole number/);
    assert.throws(() => parseFuzzOptions(['--replay', 'x.bin'], 1), /needs one --target/);
  });
});
