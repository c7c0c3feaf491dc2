import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../../../shared/bytes/hex.ts';
import { isSync, presentationTime, readFragment, writeFragment } from './fragment.ts';

/** A keyframe of 40 ms shown 80 ms after its time, and an inter frame of 41 ms, as the generator of flv.js 1.6.2 writes them. */
const ofFlvJs = fromHex(
  '000000826d6f6f66000000106d66686400000000000000070000006a7472616600000010746668640000000000000001' +
    '000000107466647400000000000003e8000000347472756e00000f01000000020000008a0000002800000003024000000000' +
    '0050000000290000000201010000000000000000000e736474700000000024100000000d6d6461740102030405',
);

test('a fragment of flv.js is read', () => {
  const fragment = readFragment(ofFlvJs);
  assert.ok(fragment !== null);
  assert.deepEqual([fragment.sequence, fragment.trackId], [7, 1]);
  assert.deepEqual(
    fragment.samples.map((sample) => [
      sample.decodeTime,
      sample.duration,
      presentationTime(sample),
      isSync(sample),
      [...sample.data],
    ]),
    [
      [1000, 40, 1080, true, [1, 2, 3]],
      [1040, 41, 1040, false, [4, 5]],
    ],
  );
});

test('what is written is read as it was', () => {
  const sample = fc.record({
    duration: fc.nat(4_000_000),
    compositionOffset: fc.integer({ min: -1000, max: 100_000 }),
    flags: fc.constantFrom(0x02000000, 0x01010000),
    data: fc.uint8Array({ maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 5 }), fc.nat(1_000_000), (parts, startTime) => {
      let decodeTime = startTime;
      const samples = parts.map((part) => {
        const timed = { ...part, decodeTime };
        decodeTime += part.duration;
        return timed;
      });
      const fragment = { sequence: 3, trackId: 2, samples };
      assert.deepEqual(readFragment(writeFragment(fragment)), fragment);
    }),
  );
});

test('an initialization segment and bytes that are cut are no fragment', () => {
  assert.equal(readFragment(Uint8Array.of(0, 0, 0, 8, 0x66, 0x74, 0x79, 0x70)), null);
  for (let length = 0; length < ofFlvJs.length; length++) {
    assert.equal(readFragment(ofFlvJs.slice(0, length)), null, `${length} bytes`);
  }
});

test('random bytes give a fragment or null', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readFragment(bytes);
    }),
  );
});
