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
/** The same whatever the count. */
const always = (policy: TailPolicy) => () => policy;

function times(parts: readonly Uint8Array[]): (readonly [number, number])[][] {
  return parts.map((part) =>
    (readFragment(part)?.samples ?? []).map((sample) => [sample.decodeTime, sample.duration] as const),
  );
}

test('pictures that come as they should are left as they are', () => {
  const tail = new PictureTail();
  const bytes = segment(picture(0), picture(40));
  assert.equal(tail.replace(bytes, always(asItIs))[0], bytes);
  assert.equal(tail.endSeconds, 0.08);
});

test('the newest picture is made to last, and counts up to where it begins', () => {
  const tail = new PictureTail();
  assert.deepEqual(times(tail.replace(segment(picture(0), picture(40)), always(forever))), [
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
    always(forever),
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
  tail.replace(segment(picture(0, { compositionOffset: 120 })), always(forever));
  assert.deepEqual(times(tail.replace(segment(picture(40)), always(forever))), [[[40, 40]]]);
});

test('a keyframe that is alone is given twice where company is wanted, a later one is not', () => {
  const tail = new PictureTail();
  const policy: TailPolicy = { lastsSeconds: 15, company: 'copy' };
  assert.deepEqual(times(tail.replace(segment(picture(0)), always(policy))), [[[0, 15_000]], [[40, 15_000]]]);
  assert.equal(tail.replace(segment(picture(6000)), always(policy)).length, 1);
});

const far: TailPolicy = { lastsSeconds: 3600, company: 'far' };

test('a picture after which no other comes lasts, and keyframes follow it that are never reached', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0)), always(asItIs));
  const parts = tail.replace(segment(picture(40)), always(far));
  assert.deepEqual(times(parts)[0], [[40, 3_600_000]]);
  assert.deepEqual(times(parts)[1]?.[0], [3_600_040, 40]);
  assert.equal(times(parts)[1]?.length, 5);
  assert.deepEqual(readFragment(parts[1] ?? new Uint8Array())?.samples[0]?.data, Uint8Array.of(0));
  assert.equal(tail.farSeconds, 3600.04);
  assert.equal(tail.takeReadAnew(), false);
});

test('pictures that go on continue the group, which the browser then reads anew', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0)), always(asItIs));
  tail.replace(segment(picture(40)), always(far));
  const parts = tail.replace(segment(picture(8000)), always(asItIs));
  assert.equal(tail.farSeconds, null);
  assert.deepEqual(times(parts), [
    [
      [0, 40],
      [40, 7960],
    ],
    [[8000, 40]],
  ]);
  assert.deepEqual([tail.takeReadAnew(), tail.takeReadAnew()], [true, false]);
});

test('a keyframe goes on by itself', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0)), always(far));
  const bytes = segment(picture(8000, { flags: keyFlags }));
  assert.deepEqual(tail.replace(bytes, always(asItIs)), [bytes]);
  assert.equal(tail.takeReadAnew(), true);
});

test('where the engine has nothing left, the group is given anew with its last picture lasting', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0), picture(40)), always(asItIs));
  const parts = tail.hold(far);
  assert.deepEqual(times(parts)[0], [
    [0, 40],
    [40, 3_600_000],
  ]);
  assert.equal(parts.length, 2);
  assert.equal(tail.takeReadAnew(), true);
  assert.deepEqual(tail.hold(far), []);
});

test('a group too long to be kept is given up: then the next keyframe is waited for', () => {
  const tail = new PictureTail();
  const large = new Uint8Array(9 * 1024 * 1024);
  tail.replace(segment(picture(0, { data: large })), always(asItIs));
  tail.replace(segment(picture(40, { data: large })), always(asItIs));
  assert.deepEqual(tail.hold(far), []);
  tail.replace(segment(picture(80)), always(far));
  const next = segment(picture(8000));
  assert.deepEqual(tail.replace(next, always(asItIs)), [next]);
  assert.equal(tail.takeReadAnew(), false);
  tail.replace(segment(picture(9000, { flags: keyFlags })), always(asItIs));
  assert.equal(tail.takeReadAnew(), true);
});

test('of pictures out of order the one decoded last and the one shown last are both held', () => {
  const tail = new PictureTail();
  tail.replace(segment(picture(0)), always(asItIs));
  const parts = tail.replace(segment(picture(40, { compositionOffset: 80 }), picture(80)), always(far));
  assert.deepEqual(times(parts).slice(0, 2), [[[40, 3_600_000]], [[80, 3_600_000]]]);
});

test('the last place to begin decoding before a moment is known, until it is let go', () => {
  const tail = new PictureTail();
  for (const time of [0, 2000, 4000])
    tail.replace(segment(picture(time, { flags: keyFlags })), always(asItIs));
  assert.equal(tail.syncBefore(3.9), 2000);
  tail.forgetBefore(4000);
  assert.equal(tail.syncBefore(3.9), undefined);
  assert.equal(tail.syncBefore(9), 4000);
});

test('an initialization segment goes through', () => {
  const bytes = Uint8Array.of(0, 0, 0, 8, 0x6d, 0x6f, 0x6f, 0x76);
  assert.deepEqual(new PictureTail().replace(bytes, always(forever)), [bytes]);
});
