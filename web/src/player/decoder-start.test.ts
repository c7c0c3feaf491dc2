import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecoderStart } from './decoder-start.ts';

/** Units behind 4-byte lengths. */
const units = (...types: number[]) => types.flatMap((type) => [0, 0, 0, 2, type, 0xff]);
const avc = (first: number, ...types: number[]) => Uint8Array.of(first, 1, 0, 0, 0, ...units(...types));

test('an IDR picture is a start, with parameter sets before it or without', () => {
  const start = new DecoderStart();
  assert.equal(start.isStart(avc(0x17, 0x65)), true);
  assert.equal(start.isStart(avc(0x17, 0x09, 0x67, 0x68, 0x65)), true);
});

test('a recovery point that is marked as a keyframe is none', () => {
  assert.equal(new DecoderStart().isStart(avc(0x17, 0x06, 0x41)), false);
});

test('inter frames and headers are none', () => {
  const start = new DecoderStart();
  assert.equal(start.isStart(avc(0x27, 0x41)), false);
  assert.equal(start.isStart(Uint8Array.of(0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1f, 0xff)), false);
});

test('the header tells how long the lengths are', () => {
  const start = new DecoderStart();
  start.isStart(Uint8Array.of(0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1f, 0xfd));
  assert.equal(start.isStart(Uint8Array.of(0x17, 1, 0, 0, 0, 0, 2, 0x65, 0xff)), true);
});

test('of other codecs the mark is believed', () => {
  // Enhanced RTMP: a keyframe of hvc1 and of av01.
  const hevc = Uint8Array.of(0x91, 0x68, 0x76, 0x63, 0x31, 0, 0, 0, 1);
  assert.equal(new DecoderStart().isStart(hevc), true);
  assert.equal(new DecoderStart().isStart(Uint8Array.of(0xa1, 0x61, 0x76, 0x30, 0x31, 1)), false);
});
