import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { aroundBoundaries } from '../../shared/testing/arbitraries.ts';
import { BodySlab } from './body-slab.ts';

describe('BodySlab', () => {
  it('gives each caller bytes that no other one has', () => {
    fc.assert(
      fc.property(fc.array(aroundBoundaries(140_000, [16_384, 131_072]), { maxLength: 40 }), (lengths) => {
        const slab = new BodySlab();
        const bodies = lengths.map((length) => slab.take(length));
        for (const [index, body] of bodies.entries()) body.fill(index + 1);
        for (const [index, body] of bodies.entries()) {
          assert.equal(body.length, lengths[index]);
          assert.ok(body.every((byte) => byte === index + 1));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('cuts small bodies from the same memory', () => {
    const slab = new BodySlab();
    assert.equal(slab.take(100).buffer, slab.take(100).buffer);
  });
});
