import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../bytes/hex.ts';
import { assertProtocolError } from '../testing/every-prefix.ts';
import { decodeAacConfig } from './aac-config.ts';
import { decodeFlacConfig } from './flac-config.ts';
import { decodeMp3Header } from './mp3-frame.ts';
import { decodeOpusConfig } from './opus-config.ts';

// Whole records with their meaning are in testdata/codec/audio-records.json and tested with describeAudio.

test('AAC: the core object type stays visible behind SBR', () => {
  const config = decodeAacConfig(fromHex('2b 92 08 00')); // object type 5, 22050 Hz, stereo, extension 44100 Hz, LC
  assert.deepEqual(config, { objectType: 2, sampleRate: 44_100, channels: 2, sbr: true, ps: false });
});

test('AAC: a reserved sampling frequency is refused', () => {
  assertProtocolError('bad-value', () => decodeAacConfig(fromHex('1690')));
});

test('Opus: a wrong name, a future version and no channels are refused', () => {
  const head = '4f70757348656164';
  assert.deepEqual(decodeOpusConfig(fromHex(`${head} 01 02`)), { channels: 2 });
  assertProtocolError('bad-marker', () => decodeOpusConfig(fromHex('4f70757354616773 01 02')));
  assertProtocolError('bad-version', () => decodeOpusConfig(fromHex(`${head} 10 02`)));
  assertProtocolError('bad-value', () => decodeOpusConfig(fromHex(`${head} 01 00`)));
});

test('FLAC: sample rate, channels and depth', () => {
  const info = `${'00'.repeat(10)} 0ac442f0 00000000 ${'00'.repeat(16)}`;
  assert.deepEqual(decodeFlacConfig(fromHex(info)), { sampleRate: 44_100, channels: 2, bitsPerSample: 16 });
  assertProtocolError('bad-value', () => decodeFlacConfig(new Uint8Array(34)));
  assertProtocolError('truncated', () => decodeFlacConfig(fromHex(info).subarray(0, 33)));
});

test('MP3: MPEG 1, 2 and 2.5, mono and stereo', () => {
  assert.deepEqual(decodeMp3Header(fromHex('fffb9064')), { layer: 3, sampleRate: 44_100, channels: 2 });
  assert.deepEqual(decodeMp3Header(fromHex('fff340c4')), { layer: 3, sampleRate: 22_050, channels: 1 });
  assert.deepEqual(decodeMp3Header(fromHex('ffe308c4')), { layer: 3, sampleRate: 8_000, channels: 1 });
});

test('MP3: what is no frame header, or holds reserved values, is refused', () => {
  assertProtocolError('bad-marker', () => decodeMp3Header(fromHex('49443304')));
  for (const reserved of ['ffeb9064', 'fff99064', 'fffb9c64']) {
    assertProtocolError('bad-value', () => decodeMp3Header(fromHex(reserved)));
  }
});
