import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../bytes/hex.ts';
import { assertProtocolError } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { decodeAv1PictureSize } from './av1-sequence-header.ts';
import { decodeAvcConfig } from './avc-config.ts';
import { decodeAvcPictureSize } from './avc-sps.ts';
import { decodeH263PictureSize } from './h263-frame.ts';
import { decodeHevcConfig } from './hevc-config.ts';
import { decodeHevcPictureSize } from './hevc-sps.ts';
import { decodeVp8Keyframe } from './vp8-frame.ts';
import { decodeVp9Keyframe } from './vp9-config.ts';

interface Expected {
  codec: string;
  width: number | null;
  height: number | null;
}

for (const { name, bytes, expected } of goldenVectors<Expected>('codec/video-records.json')) {
  if (expected.width === null) continue;
  test(`the size of ${name} is what ffprobe says`, () => {
    const size =
      expected.codec === 'avc'
        ? decodeAvcPictureSize(decodeAvcConfig(bytes).sequenceParameterSets[0]!)
        : expected.codec === 'hevc'
          ? decodeHevcPictureSize(decodeHevcConfig(bytes).sequenceParameterSet!)
          : decodeAv1PictureSize(bytes.subarray(4));
    assert.deepEqual(size, { width: expected.width, height: expected.height });
  });
}

test('a cropping larger than the picture is refused', () => {
  // Baseline, 1x1 macroblocks, crop of 15 units at each side: ue(v) codes 0 0 0 0 0 | 1 1 1 | crop 14 14 14 14.
  assertProtocolError('bad-value', () =>
    decodeAvcPictureSize(fromHex('67 42 00 0a f5 f8 3c 3c 3c 3c 00 00')),
  );
});

test('AV1 OBUs without a sequence header tell no size, and a temporal delimiter in front does not matter', () => {
  const sequenceHeader = '0a0b0000000cc4ff6736be4010';
  assert.deepEqual(decodeAv1PictureSize(fromHex(`1200 ${sequenceHeader}`)), { width: 640, height: 360 });
  assert.equal(decodeAv1PictureSize(fromHex('1200')), undefined);
  assertProtocolError('truncated', () => decodeAv1PictureSize(fromHex('0aff')));
  assertProtocolError('bad-length', () => decodeAv1PictureSize(fromHex('0a ffffffffffffffff 00')));
});

test('a VP9 key frame tells its size and format, any other frame nothing', () => {
  const keyframe = fromHex('8249 8342 0027 f016 7604'); // libvpx, 640x360
  assert.deepEqual(decodeVp9Keyframe(keyframe), {
    profile: 0,
    level: 0,
    bitDepth: 8,
    width: 640,
    height: 360,
  });
  // libvpx, 4:2:2 with 10 bits, 322x182: profile 3
  assert.deepEqual(decodeVp9Keyframe(fromHex('b124 c1a1 0200 a080 5ab0 21c1')), {
    profile: 3,
    level: 0,
    bitDepth: 10,
    width: 322,
    height: 182,
  });
  assert.equal(decodeVp9Keyframe(fromHex('8600')), undefined);
  assertProtocolError('bad-marker', () => decodeVp9Keyframe(fromHex('0249 8342')));
  assertProtocolError('bad-marker', () => decodeVp9Keyframe(fromHex('8249 8343')));
});

test('a VP8 key frame tells its size, any other frame nothing', () => {
  assert.deepEqual(decodeVp8Keyframe(fromHex('106700 9d012a 4201 b600')), { width: 322, height: 182 }); // libvpx
  assert.deepEqual(decodeVp8Keyframe(fromHex('106700 9d012a 4241 b6c0')), { width: 578 - 256, height: 182 });
  assert.equal(decodeVp8Keyframe(fromHex('11')), undefined);
  assertProtocolError('bad-marker', () => decodeVp8Keyframe(fromHex('106700 9d012b 4201 b600')));
});

test('a Sorenson H.263 picture tells its size by number or in full', () => {
  assert.deepEqual(decodeH263PictureSize(fromHex('00008401121e73')), { width: 352, height: 288 }); // ffmpeg
  const picture = (code: string, size: string): Uint8Array => {
    const bits = `00000000000000001${'00001'}${'00000000'}${code}${size}`.padEnd(72, '0');
    return Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
  };
  assert.deepEqual(decodeH263PictureSize(picture('000', '0110010001001000')), { width: 100, height: 72 });
  assert.deepEqual(decodeH263PictureSize(picture('001', '00000010100000000000000101101000')), {
    width: 640,
    height: 360,
  });
  assert.deepEqual(decodeH263PictureSize(picture('110', '')), { width: 160, height: 120 });
  assertProtocolError('bad-value', () => decodeH263PictureSize(picture('111', '')));
  assertProtocolError('bad-value', () => decodeH263PictureSize(picture('000', '')));
  assertProtocolError('bad-marker', () => decodeH263PictureSize(fromHex('ffffffff')));
});
