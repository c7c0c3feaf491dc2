import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../bytes/hex.ts';
import { assertProtocolError } from '../testing/every-prefix.ts';
import { avcLevelName, avcProfileName, decodeAvcConfig } from './avc-config.ts';

const ffmpegMain = '014d400cffe10019674d400ceca0a0cfcf80880000030008000003019078a14cb001000468efbc80';

test('a record gives profile, level, NAL length and both parameter sets', () => {
  const config = decodeAvcConfig(fromHex(ffmpegMain));
  assert.equal(config.profileIdc, 77);
  assert.equal(config.levelIdc, 12);
  assert.equal(config.nalLengthSize, 4);
  assert.deepEqual(
    config.sequenceParameterSets.map((set) => toHex(set.subarray(0, 4))),
    ['674d400c'],
  );
  assert.deepEqual(
    config.pictureParameterSets.map((set) => toHex(set)),
    ['68efbc80'],
  );
});

test('a record without parameter sets is one, as encoders that send them in band write it', () => {
  assert.deepEqual(decodeAvcConfig(fromHex('01 640028 ff e0 00')).sequenceParameterSets, []);
});

test('another version and a parameter set beyond the end are refused', () => {
  assertProtocolError('bad-version', () => decodeAvcConfig(fromHex('00 640028 ff e0 00')));
  assertProtocolError('truncated', () => decodeAvcConfig(fromHex('01 640028 ff e1 ffff 67')));
});

const named = (profileIdc: number, constraints: number, levelIdc: number): [string | null, string | null] => {
  const config = { ...decodeAvcConfig(fromHex(ffmpegMain)), profileIdc, constraints, levelIdc };
  return [avcProfileName(config), avcLevelName(config)];
};

test('profiles and levels have the names that people use', () => {
  assert.deepEqual(named(66, 0x00, 30), ['Baseline', '3.0']);
  assert.deepEqual(named(66, 0x40, 31), ['Constrained Baseline', '3.1']);
  assert.deepEqual(named(66, 0x50, 11), ['Constrained Baseline', '1b']);
  assert.deepEqual(named(77, 0x40, 11), ['Main', '1.1']);
  assert.deepEqual(named(100, 0x00, 42), ['High', '4.2']);
  assert.deepEqual(named(100, 0x10, 11), ['High', '1.1']);
  assert.deepEqual(named(100, 0x00, 9), ['High', '1b']);
  assert.deepEqual(named(99, 0x00, 0), [null, null]);
});
