import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { fourCc } from '../codec/fourcc.ts';
import { someBytes } from '../testing/arbitraries.ts';
import { assertProtocolError, valueOrProtocolError } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { audioFormat, decodeAudioTag } from './audio-tag.ts';
import { decodeExAudioTag, isExAudio } from './ex-audio-tag.ts';
import { decodeExVideoTag, isExVideo } from './ex-video-tag.ts';
import { decodeVideoTag, frameType, videoCodecId } from './video-tag.ts';

const ascii = (text: string): string => toHex(new Uint8Array([...text].map((c) => c.charCodeAt(0))));

test('the first byte of audio tells format, rate, size and channels', () => {
  const mp3 = decodeAudioTag(fromHex('2a fff3'));
  assert.deepEqual(
    { ...mp3, data: toHex(mp3.data) },
    {
      format: audioFormat.mp3,
      sampleRate: 22_050,
      bitsPerSample: 16,
      channels: 1,
      aacPacketType: undefined,
      data: 'fff3',
    },
  );
  const pcm = decodeAudioTag(fromHex('35 00'));
  assert.deepEqual([pcm.sampleRate, pcm.bitsPerSample, pcm.channels], [11_025, 8, 2]);
});

test('AAC has a packet type', () => {
  assert.equal(decodeAudioTag(fromHex('af 00 1210')).aacPacketType, 0);
  const frame = decodeAudioTag(fromHex('af 01 2110'));
  assert.deepEqual([frame.aacPacketType, toHex(frame.data)], [1, '2110']);
  assertProtocolError('truncated', () => decodeAudioTag(fromHex('af')));
  assertProtocolError('truncated', () => decodeAudioTag(fromHex('')));
});

test('AVC has a packet type and a signed composition time', () => {
  const config = decodeVideoTag(fromHex('17 00 000000 014d400c'));
  assert.deepEqual(
    { ...config, data: toHex(config.data) },
    {
      frameType: frameType.key,
      codecId: videoCodecId.avc,
      packetType: 0,
      compositionTimeMs: 0,
      data: '014d400c',
    },
  );
  assert.equal(decodeVideoTag(fromHex('27 01 0000a0 00')).compositionTimeMs, 160);
  assert.equal(decodeVideoTag(fromHex('27 01 ffffd8 00')).compositionTimeMs, -40);
  assert.equal(decodeVideoTag(fromHex('27 01 800000 00')).compositionTimeMs, -0x800000);
  assertProtocolError('truncated', () => decodeVideoTag(fromHex('17 01 0000')));
});

test('Sorenson H.263 has only its first byte, and so has a seek command', () => {
  const h263 = decodeVideoTag(fromHex('22 00008405'));
  assert.deepEqual([h263.packetType, toHex(h263.data)], [undefined, '00008405']);
  const seek = decodeVideoTag(fromHex('57 00'));
  assert.deepEqual([seek.frameType, seek.packetType, toHex(seek.data)], [frameType.command, undefined, '00']);
});

test('an Enhanced frame of HEVC has a composition time, of AV1 none', () => {
  const hevc = decodeExVideoTag(fromHex(`a1 ${ascii('hvc1')} ffffd8 0001`));
  assert.deepEqual(
    { ...hevc, data: toHex(hevc.data) },
    {
      frameType: frameType.inter,
      packetType: 1,
      fourCc: fourCc.hvc1,
      trackId: 0,
      compositionTimeMs: -40,
      data: '0001',
    },
  );
  assert.deepEqual(decodeExVideoTag(fromHex(`a3 ${ascii('hvc1')} ffffd8 0001`)).data, fromHex('ffffd8 0001'));
  const av1 = decodeExVideoTag(fromHex(`91 ${ascii('av01')} 0a0b`));
  assert.deepEqual([av1.compositionTimeMs, toHex(av1.data)], [0, '0a0b']);
});

test('the default one of several tracks is found behind its prefixes, with its own composition time', () => {
  const tag = decodeExVideoTag(
    fromHex(`97 02 0003e8 06 11 ${ascii('hvc1')} 01 000001 aa 00 000004 000028 bb`),
  );
  assert.deepEqual(
    { ...tag, data: toHex(tag.data) },
    {
      frameType: frameType.key,
      packetType: 1,
      fourCc: fourCc.hvc1,
      trackId: 0,
      compositionTimeMs: 40,
      data: 'bb',
    },
  );
  const other = decodeExAudioTag(
    fromHex(`95 21 ${ascii('Opus')} 02 000001 aa ${ascii('mp4a')} 01 000001 bb`),
  );
  assert.deepEqual([other.trackId, other.fourCc, toHex(other.data)], [2, fourCc.opus, 'aa']);
});

test('an Enhanced header is told from a classic one by its first byte', () => {
  assert.deepEqual(
    ['91', '17', ''].map((hex) => isExVideo(fromHex(hex))),
    [true, false, false],
  );
  assert.deepEqual(
    ['91', 'af', ''].map((hex) => isExAudio(fromHex(hex))),
    [true, false, false],
  );
  assertProtocolError('bad-marker', () => decodeExVideoTag(fromHex('17')));
  assertProtocolError('bad-marker', () => decodeExAudioTag(fromHex('af')));
  assertProtocolError('truncated', () => decodeExVideoTag(fromHex('91 6876')));
  assertProtocolError('truncated', () => decodeExAudioTag(fromHex('91 4f70')));
});

test('a body of nothing but prefixes is given up, not followed to its end', () => {
  assertProtocolError('truncated', () =>
    decodeExVideoTag(fromHex(`97 ${'0000 07'.repeat(40)} 000001 ${ascii('hvc1')} 000000 00`)),
  );
  assert.equal(
    decodeExVideoTag(fromHex(`97 ${'0000 07'.repeat(15)} 000003 ${ascii('hvc1')} 00`)).packetType,
    3,
  );
});

test('random and damaged bodies give a value or a ProtocolError', () => {
  const bodies = goldenVectors('flv/bodies.json').map(({ bytes }) => bytes);
  const damaged = fc.tuple(fc.constantFrom(...bodies), fc.nat(), fc.nat(255)).map(([body, where, value]) => {
    const copy = body.slice();
    if (copy.length > 0) copy[where % copy.length] = value;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(someBytes(40), damaged), (body) => {
      for (const decode of [decodeAudioTag, decodeVideoTag, decodeExAudioTag, decodeExVideoTag]) {
        valueOrProtocolError<unknown>(() => decode(body));
      }
    }),
    { numRuns: 2000 },
  );
});
