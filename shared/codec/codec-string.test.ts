import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../bytes/hex.ts';
import { decodeAacConfig } from './aac-config.ts';
import { av1LevelName, av1ProfileName, decodeAv1Config } from './av1-config.ts';
import { decodeAvcConfig } from './avc-config.ts';
import {
  aacCodecString,
  av1CodecString,
  avcCodecString,
  hevcCodecString,
  vp9CodecString,
} from './codec-string.ts';
import { decodeHevcConfig, hevcLevelName, hevcProfileName } from './hevc-config.ts';
import { decodeVpConfig, vpLevelName } from './vp9-config.ts';

test('AVC: the three bytes of profile, constraints and level', () => {
  assert.equal(avcCodecString(decodeAvcConfig(fromHex('01 640028 ff e0 00'))), 'avc1.640028');
  assert.equal(avcCodecString(decodeAvcConfig(fromHex('01 42c00d ff e0 00'))), 'avc1.42c00d');
});

const hevc = (profileTierLevel: string) =>
  decodeHevcConfig(fromHex(`01 ${profileTierLevel} f000 fc fd f8 f8 0000 0f 00`));

test('HEVC: compatibility in reversed bits, constraints without trailing zeros', () => {
  assert.equal(hevcCodecString(hevc('01 60000000 b00000000000 5d')), 'hvc1.1.6.L93.B0');
  assert.equal(hevcCodecString(hevc('22 20000000 900000000000 99')), 'hvc1.2.4.H153.90');
  assert.equal(hevcCodecString(hevc('01 60000000 000000000000 5d')), 'hvc1.1.6.L93');
  assert.equal(hevcCodecString(hevc('04 08000000 9d0800000001 3c')), 'hvc1.4.10.L60.9D.8.0.0.0.1');
  assert.equal(hevcCodecString(hevc('41 60000000 b00000000000 5d')), 'hvc1.A1.6.L93.B0');
});

test('HEVC: names of profile and level', () => {
  const config = hevc('02 20000000 b00000000000 5d');
  assert.deepEqual([hevcProfileName(config), hevcLevelName(config)], ['Main 10', '3.1']);
  assert.equal(hevcProfileName(hevc('42 20000000 b00000000000 5d')), null);
  assert.equal(hevcLevelName(hevc('02 20000000 b00000000000 00')), null);
});

test('AV1: profile, level index with tier, bit depth', () => {
  assert.equal(av1CodecString(decodeAv1Config(fromHex('81 04 0c 00'))), 'av01.0.04M.08');
  assert.equal(av1CodecString(decodeAv1Config(fromHex('81 2d c0 00'))), 'av01.1.13H.10');
  assert.equal(av1CodecString(decodeAv1Config(fromHex('81 40 60 00'))), 'av01.2.00M.12');
});

test('AV1: names of profile and level', () => {
  const config = decodeAv1Config(fromHex('81 09 0c 00'));
  assert.deepEqual([av1ProfileName(config), av1LevelName(config)], ['Main', '4.1']);
  assert.equal(av1LevelName(decodeAv1Config(fromHex('81 1f 0c 00'))), null);
  assert.equal(av1ProfileName(decodeAv1Config(fromHex('81 e9 0c 00'))), null);
});

test('VP9: profile, level, bit depth, from the bare record and from the content of the box', () => {
  const bare = decodeVpConfig(fromHex('00 1f 82 02 02 02 0000'));
  assert.equal(vp9CodecString(bare), 'vp09.00.31.08');
  assert.equal(vpLevelName(bare), '3.1');
  assert.deepEqual(decodeVpConfig(fromHex('01000000 00 1f 82 02 02 02 0000')), bare);
  const unknownLevel = decodeVpConfig(fromHex('02 00 a2 02 02 02 0000'));
  assert.equal(vp9CodecString(unknownLevel), 'vp09.02.10.10');
  assert.equal(vpLevelName(unknownLevel), null);
});

test('AAC: the object type that a player has to support', () => {
  assert.equal(aacCodecString(decodeAacConfig(fromHex('1210'))), 'mp4a.40.2');
});
