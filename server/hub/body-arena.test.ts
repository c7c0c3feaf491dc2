import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { aroundBoundaries } from '../../shared/testing/arbitraries.ts';
import { BodyArena } from './body-arena.ts';

const filledWith = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** One group of pictures: a large body, then small ones. */
const groupSizes = [90_000, ...Array<number>(59).fill(9_000)];

describe('BodyArena', () => {
  it('keeps what has not been let go of, whatever comes and goes', () => {
    const step = fc.record({
      length: aroundBoundaries(200_000, [0, 8_192, 32_768, 131_072]),
      /** How many of those kept stay; as many as there are: all. */
      stay: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const arena = new BodyArena();
        let kept: { bytes: Uint8Array; byte: number }[] = [];
        for (const [index, { length, stay }] of steps.entries()) {
          const byte = index + 1;
          const given = filledWith(length, byte);
          kept.push({ bytes: arena.keep(given), byte });
          given.fill(0);
          if (stay < kept.length) {
            kept = kept.slice(kept.length - stay);
            if (kept[0]) arena.freeBefore(kept[0].bytes);
          }
          for (const one of kept) assert.ok(one.bytes.every((each) => each === one.byte));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives the memory of one group to the next', () => {
    const arena = new BodyArena();
    const groupBytes = groupSizes.reduce((sum, size) => sum + size, 0);
    const buffers: Set<ArrayBufferLike>[] = [];
    for (let group = 0; group < 20; group++) {
      const bodies = groupSizes.map((size) => {
        const body = arena.keep(new Uint8Array(size));
        if (size === groupSizes[0]) arena.freeBefore(body);
        return body;
      });
      buffers.push(new Set(bodies.map(({ buffer }) => buffer)));
      assert.ok(arena.bytes < 3 * groupBytes, `${arena.bytes} of ${groupBytes} after ${group}`);
    }
    const [before, last] = buffers.slice(-2) as [Set<ArrayBufferLike>, Set<ArrayBufferLike>];
    assert.ok([...last].filter((buffer) => before.has(buffer)).length >= last.size / 2);
  });

  it('does not hold on to a large group when small ones follow', () => {
    const arena = new BodyArena();
    for (let i = 0; i < 1_000; i++) arena.keep(new Uint8Array(10_000));
    for (let group = 0; group < 3; group++) arena.freeBefore(arena.keep(new Uint8Array(100)));
    assert.ok(arena.bytes <= 2 * 131_072, `${arena.bytes}`);
  });

  it('needs little for a stream of sound', () => {
    const arena = new BodyArena();
    for (let second = 0; second < 10; second++) {
      arena.freeBefore(arena.keep(new Uint8Array(180)));
      for (let i = 0; i < 42; i++) arena.keep(new Uint8Array(180));
    }
    assert.ok(arena.bytes <= 4 * 8_192, `${arena.bytes}`);
  });
});
