import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../bytes/hex.ts';
import { aacSilence, mp3Silence, opusSilence } from './silence.ts';

/** AudioSpecificConfig of AAC-LC at 44.1 kHz. */
const aacConfig = (channelConfiguration: number): Uint8Array =>
  Uint8Array.of(0x12, 0x00 | (channelConfiguration << 3));

// FFmpeg 5.1 decodes 20 of each, behind ADTS headers, to 20 times 1024 samples of 0 per channel, without a warning.
const aacFrames: Readonly<Record<number, string>> = {
  1: '00000007',
  2: '21000000001c',
  3: '000000010800000000e0',
  4: '00000001080000000002000007',
  5: '00000001080000000023000000001c',
  6: '00000001080000000023000000000c000000e0',
  7: '000000010800000000230000000004a0000000018000001c',
};

test('AAC has a silent frame for each channel configuration', () => {
  for (const [configuration, hex] of Object.entries(aacFrames)) {
    const silence = aacSilence(aacConfig(Number(configuration)));
    assert.equal(silence && toHex(silence.frame).replaceAll(' ', ''), hex, `configuration ${configuration}`);
    assert.equal(silence?.durationMs.toFixed(2), '23.22');
  }
});

test('HE-AAC is silent by its core, which has half the sample rate', () => {
  // Object type 5, 22.05 kHz, stereo, extension 44.1 kHz, core object type 2.
  const silence = aacSilence(Uint8Array.of(0x2b, 0x92, 0x08, 0x00));
  assert.equal(silence?.durationMs.toFixed(2), '46.44');
});

test('short frames last shorter', () => {
  const silence = aacSilence(Uint8Array.of(0x12, 0x14));
  assert.equal(silence?.durationMs.toFixed(2), '21.77');
});

test('other object types, open channel layouts and cut configs have none', () => {
  assert.equal(aacSilence(Uint8Array.of(0x0a, 0x10)), undefined);
  assert.equal(aacSilence(aacConfig(0)), undefined);
  assert.equal(aacSilence(Uint8Array.of(0x12)), undefined);
});

test('Opus has one for one and two channels', () => {
  assert.equal(toHex(opusSilence(1)?.frame ?? new Uint8Array()).replaceAll(' ', ''), 'f8fffe');
  assert.equal(toHex(opusSilence(2)?.frame ?? new Uint8Array()).replaceAll(' ', ''), 'fcfffe');
  assert.equal(opusSilence(6), undefined);
});

test('MP3 has one of the same length as its frames, without padding and check sum', () => {
  // 128 kbit/s at 44.1 kHz, joint stereo, padded, with a check sum; 64 kbit/s at 22.05 kHz, mono.
  const full = mp3Silence(Uint8Array.of(0xff, 0xfa, 0x92, 0x40, 1, 2, 3));
  assert.equal(full?.frame.length, 417);
  assert.equal(toHex(full.frame.subarray(0, 4)).replaceAll(' ', ''), 'fffb9040');
  assert.ok(full.frame.subarray(4).every((byte) => byte === 0));
  assert.equal(full.durationMs.toFixed(2), '26.12');
  const low = mp3Silence(Uint8Array.of(0xff, 0xf3, 0x80, 0xc0));
  assert.deepEqual([low?.frame.length, low?.durationMs.toFixed(2)], [208, '26.12']);
});

test('what is no MP3 frame has none', () => {
  assert.equal(mp3Silence(Uint8Array.of(0xff, 0xfd, 0x90, 0x40)), undefined);
  assert.equal(mp3Silence(Uint8Array.of(0x47, 0x11)), undefined);
});

test('random bytes give silence or nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      for (const silence of [aacSilence(bytes), mp3Silence(bytes)]) {
        if (silence !== undefined) assert.ok(silence.durationMs > 0 && silence.frame.length > 0);
      }
    }),
  );
});
