import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../bytes/hex.ts';
import { fromBits, ue } from '../testing/bits.ts';
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

test('H.264 scaling lists and picture order cycles are read past', () => {
  const list16 = `1 ${'1'.repeat(16)}`;
  const list64 = `1 ${'1'.repeat(64)}`;
  const endsAtOnce = `1 ${ue(16)}`; // a delta of -8 makes the next scale 0: the default list
  const order = `${ue(1)} 0 1 1 ${ue(2)} 1 1`;
  const sps = `01100111 01100100 00000000 00011110 ${ue(0)} ${ue(1)} 1 1 0
    1 ${list16} ${endsAtOnce} 0000 ${list64} 0
    1 ${order} 1 0 ${ue(19)} ${ue(10)} 1 0 0 1`;
  assert.deepEqual(decodeAvcPictureSize(fromBits(sps)), { width: 320, height: 176 });
});

test('separately coded colour planes crop by single samples', () => {
  const sps = `01100111 11110100 00000000 00011110 ${ue(0)} ${ue(3)} 1 1 1 0 0
    1 ${ue(2)} 1 0 ${ue(19)} ${ue(10)} 1 0 1 ${ue(1)} ${ue(0)} ${ue(0)} ${ue(3)} 1`;
  assert.deepEqual(decodeAvcPictureSize(fromBits(sps)), { width: 319, height: 173 });
});

test('HEVC sub-layers are read past, each with what it has', () => {
  const generalProfile = '1'.repeat(88);
  const level = '1'.repeat(8);
  const sps = `01000010 00000001 0000 010 1 ${generalProfile} ${level} 11 01 ${'1'.repeat(12)}
    ${generalProfile} ${level} ${level} 1 ${ue(1)} ${ue(640)} ${ue(368)} 1 ${ue(0)} ${ue(0)} ${ue(0)} ${ue(4)} ${ue(0)} ${ue(0)} 1`;
  assert.deepEqual(decodeHevcPictureSize(fromBits(sps)), { width: 640, height: 360 });
});

test('the first of several HEVC parameter sets counts', () => {
  const record = fromHex(
    '01 01 60000000 900000000000 5d f000 fc fd f8 f8 0000 0f 02 2000010003 4001aa 210002 0003 4201bb 0003 4201cc',
  );
  assert.deepEqual(decodeHevcConfig(record).sequenceParameterSet, fromHex('4201bb'));
});

test('a cropping larger than the picture is refused', () => {
  // Baseline, 1x1 macroblocks, crop of 15 units at each side: ue(v) codes 0 0 0 0 0 | 1 1 1 | crop 14 14 14 14.
  assertProtocolError('bad-value', () =>
    decodeAvcPictureSize(fromHex('67 42 00 0a f5 f8 3c 3c 3c 3c 00 00')),
  );
});

test('AV1 OBUs without a sequence header tell no size, and a temporal delimiter in front does not matter', () => {
  const sequenceHeader = '0a0b0000000cc4ff6736be4010';
  assert.deepEqual(decodeAv1PictureSize(fromHex(`1200 ${sequenceHeader}`)), { width: 640, height: 360 });
  assert.deepEqual(decodeAv1PictureSize(fromHex('0e00 0b 0000000cc4ff6736be4010')), {
    width: 640,
    height: 360,
  });
  assert.deepEqual(decodeAv1PictureSize(fromHex('08 0000000cc4ff6736be4010')), { width: 640, height: 360 });
  assert.equal(decodeAv1PictureSize(fromHex('1200')), undefined);
  assertProtocolError('truncated', () => decodeAv1PictureSize(fromHex('0aff')));
  assertProtocolError('bad-length', () => decodeAv1PictureSize(fromHex('0a ffffffffffffffff 00')));
});

test('AV1 timing, decoder model and several operating points are read past', () => {
  const header = `000 0 0
    1 ${'1'.repeat(64)} 1 ${ue(4)} 1 00111 ${'1'.repeat(32)} 00101 00101
    1 00001
    ${'0'.repeat(12)} 01000 1 1 ${'1'.repeat(17)} 1 0011
    ${'0'.repeat(12)} 00111 0 0
    1001 1000 1001111111 101100111`;
  const payload = fromBits(header);
  const obu = Uint8Array.of(0x0a, payload.length, ...payload);
  assert.deepEqual(decodeAv1PictureSize(obu), { width: 640, height: 360 });
  const reduced = fromBits('000 1 1 00100 1001 1000 1001111111 101100111');
  assert.deepEqual(decodeAv1PictureSize(Uint8Array.of(0x0a, reduced.length, ...reduced)), {
    width: 640,
    height: 360,
  });
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
  // RGB in profile 1 has no range and no subsampling.
  const rgb = `10 1 0 0 0 1 0 010010011000001101000010 111 0 ${'0000000100111111'} ${'0000000010110011'}`;
  assert.deepEqual(decodeVp9Keyframe(fromBits(rgb)), {
    profile: 1,
    level: 0,
    bitDepth: 8,
    width: 320,
    height: 180,
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
  const picture = (code: string, size: string): Uint8Array =>
    fromBits(`00000000000000001 00001 00000000 ${code} ${size.padEnd(32, '0')}`);
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
