import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FragmentSample, readFragment, writeFragment } from './fragment.ts';
import { PictureTail, type TailPolicy } from './picture-tail.ts';

const keyFlags = 0x02000000;
const interFlags = 0x01010000;
const asItIs: TailPolicy = { lastsSeconds: 0, company: 'none' };
const forever: TailPolicy = { lastsSeconds: 3600, company: 'none' };

function picture(decodeTime: number, patch: Partial<FragmentSample> = {}): FragmentSample {
  const flags = decodeTime === 0 ? keyFlags : interFlags;
  return { decodeTime, duration: 40, compositionOffset: 0, flags, data: Uint8Array.of(decodeTime), ...patch };
}

function segment(...samples: FragmentSample[]): Uint8Array<ArrayBuffer> {
  return writeFragment({ sequence: 1, trackId: 1, samples });
}

/** Decode time and duration of each picture of each part. */
function times(parts: readonly Uint8Array[]): (readonly [number, number])[][] {
  return parts.map((part) =>
    (readFragment(part)?.samples ?? []).map((sample) => [sample.decodeTime, sample.duration] as const),
  );
}

test('pictures that come as they should are left as they are', () => {
  const tail = new PictureTail();
  const bytes = segment(picture(0), picture(40));
  assert.equal(tail.replace(bytes, asItIs)[0], bytes);
  assert.equal(tail.endSeconds, 0.08);
});

test('the newest picture is made to last, and counts up to where it begins', () => {
  const tail = new PictureTail();
  assert.deepEqual(times(tail.replace(segment(picture(0), picture(40)), forever)), [
    [
      [0, 40],
      [40, 3_600_000],
    ],
  ]);
  assert.equal(tail.endSeconds, 0.04);
});

test('with pictures out of order it is the one shown last, and those decoded after it keep their times', () => {
  const tail = new PictureTail();
  const parts = tail.replace(
    segment(picture(0), picture(40, { compositionOffset: 100 }), picture(80), picture(120)),
    forever,
  );
  assert.deepEqual(times(parts), [
    [
      [0, 40],
      [40, 3_600_000],
    ],
    [
      [80, 40],
      [120, 40],
    ],
  ]);
});

test('a picture that is shown before one that came earlier is not made to last', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0, { compositionOffset: 120 })), forever);
  assert.deepEqual(times(tail.replace(segment(picture(40)), forever)), [[[40, 40]]]);
});

test('a keyframe that is alone is given twice where company is wanted, a later one is not', () => {
  const tail = new PictureTail();
  const policy: TailPolicy = { lastsSeconds: 15, company: 'copy' };
  assert.deepEqual(times(tail.replace(segment(picture(0)), policy)), [[[0, 15_000]], [[40, 15_000]]]);
  assert.equal(tail.replace(segment(picture(6000)), policy).length, 1);
});

test('pictures that stopped are held: the last one again, and keyframes that are never reached', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0), picture(40)), asItIs);
  const parts = tail.hold({ lastsSeconds: 3600, company: 'far' });
  assert.deepEqual(times(parts)[0], [[40, 3_600_000]]);
  assert.deepEqual(times(parts)[1]?.[0], [3_600_040, 40]);
  assert.equal(times(parts)[1]?.length, 5);
  assert.deepEqual(readFragment(parts[1] ?? new Uint8Array())?.samples[0]?.data, Uint8Array.of(0));
  assert.equal(tail.farSeconds, 3600.04);
  tail.replace(segment(picture(8000)), asItIs);
  assert.equal(tail.farSeconds, null);
});

test('a last picture that another one is shown after cannot be held', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0, { compositionOffset: 120 }), picture(40)), asItIs);
  assert.deepEqual(tail.hold({ lastsSeconds: 3600, company: 'far' }), []);
});

test('the last place to begin decoding before a moment is known, until it is let go', () => {
  const tail = new PictureTail();
  for (const time of [0, 2000, 4000]) tail.replace(segment(picture(time, { flags: keyFlags })), asItIs);
  assert.equal(tail.syncBefore(3.9), 2000);
  tail.forgetBefore(4000);
  assert.equal(tail.syncBefore(3.9), undefined);
  assert.equal(tail.syncBefore(9), 4000);
});

test('whether a segment can be decoded by itself is known', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0)), asItIs);
  assert.equal(tail.startsAnew, true);
  tail.replace(segment(picture(40)), asItIs);
  assert.equal(tail.startsAnew, false);
});

test('an initialization segment goes through', () => {
  const bytes = Uint8Array.of(0, 0, 0, 8, 0x6d, 0x6f, 0x6f, 0x76);
  assert.deepEqual(new PictureTail().replace(bytes, forever), [bytes]);
});
