import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { greyAvcPicture } from '../../shared/codec/avc-grey-picture.ts';
import { decodeAvcSps } from '../../shared/codec/avc-sps.ts';
import { avcClip, avcSetsOf, startCoded, unitsOf } from '../../shared/testing/clips.ts';

// A real decoder judges the picture that is made here, where one is installed.

const ffmpeg = (args: readonly string[], input: Uint8Array) =>
  spawnSync('ffmpeg', ['-hide_banner', '-v', 'error', ...args], { input, timeout: 20_000 });
const isInstalled = spawnSync('ffmpeg', ['-version']).status === 0;

/** Bytes of a 4:2:0 picture of 64x64. */
const PICTURE = (64 * 64 * 3) / 2;

test('ffmpeg decodes the grey picture and an intra refresh behind it without an error', {
  skip: !isInstalled,
}, () => {
  const { record, pictures } = avcClip('avc-intra-refresh.flv');
  const { sps, pps } = avcSetsOf(record);
  const grey = greyAvcPicture(decodeAvcSps(sps), 1);
  assert.ok(grey);
  // The last ten begin at a recovery point.
  const stream = startCoded([sps, pps, ...grey, ...pictures.slice(10).flatMap(unitsOf)]);
  const strict = ['-err_detect', 'explode', '-f', 'h264', '-i', 'pipe:0'];
  const { status, stdout, stderr } = ffmpeg(
    [...strict, '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'],
    stream,
  );
  assert.equal(String(stderr), '');
  assert.equal(status, 0);
  assert.equal(stdout.length, 11 * PICTURE);
  assert.ok(
    stdout.subarray(0, PICTURE).every((sample) => sample === 128),
    'it is grey all over',
  );
  const luma = new Set(stdout.subarray(10 * PICTURE, 10 * PICTURE + 64 * 64));
  assert.ok(luma.size > 20, 'the picture has filled in');
});
