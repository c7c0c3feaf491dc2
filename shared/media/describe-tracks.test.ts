import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex } from '../bytes/hex.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { someBytes } from '../testing/arbitraries.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { describeAudio, describeVideo } from './describe-tracks.ts';
import type { AudioTrackInfo, VideoTrackInfo } from './track-info.ts';

const videoFourCc: Record<string, string> = { avc: 'avc1', hevc: 'hvc1', av1: 'av01', vp9: 'vp09' };
const audioFourCc: Record<string, string> = { aac: 'mp4a', opus: 'Opus', flac: 'fLaC' };
const classicStart: Record<string, string> = {
  avc: '17 00 000000',
  hevc: '1c 00 000000',
  av1: '1d 00 000000',
  aac: 'af 00',
};

const enhanced = (fourCc: string, record: Uint8Array): Uint8Array =>
  concatBytes([fromHex('90'), encodeUtf8(fourCc), record]);

const videoRecords = goldenVectors<VideoTrackInfo>('codec/video-records.json');
const audioRecords = goldenVectors<AudioTrackInfo>('codec/audio-records.json');

for (const { name, bytes, expected } of videoRecords) {
  test(`describes ${name}`, () => {
    assert.deepEqual(describeVideo(enhanced(videoFourCc[expected.codec]!, bytes)), expected);
    const classic = classicStart[expected.codec];
    if (classic) assert.deepEqual(describeVideo(concatBytes([fromHex(classic), bytes])), expected);
  });
}

for (const { name, bytes, expected } of audioRecords) {
  test(`describes ${name}`, () => {
    assert.deepEqual(describeAudio(enhanced(audioFourCc[expected.codec]!, bytes)), expected);
    const classic = classicStart[expected.codec];
    if (classic) assert.deepEqual(describeAudio(concatBytes([fromHex(classic), bytes])), expected);
  });
}

test('codecs without a sequence header are described from any frame', () => {
  const of = (hex: string) => {
    const info = describeAudio(fromHex(hex));
    return info && [info.codec, info.codecString, info.sampleRate, info.channels];
  };
  assert.deepEqual(of('2f fffb9064'), ['mp3', 'mp3', 44_100, 2]);
  assert.deepEqual(of('2a fff340c4'), ['mp3', 'mp3', 22_050, 1]);
  assert.deepEqual(of('2a 0000'), ['mp3', 'mp3', 22_050, 1]); // a frame that continues another tells by its first byte
  assert.deepEqual(of('72 d5e0'), ['g711-a', null, 8_000, 1]);
  assert.deepEqual(of('82 d5e0'), ['g711-mu', null, 8_000, 1]);
  assert.deepEqual(of('b2 d5e0'), ['speex', null, 16_000, 1]);
  assert.deepEqual(of('3f d5e0'), ['pcm', null, 44_100, 2]);
  assert.deepEqual(of('91 2e6d7033 fffb9064'), ['mp3', 'mp3', 44_100, 2]);
  assert.deepEqual(of('91 61632d33 0b77'), ['ac-3', 'ac-3', null, null]);
});

test('an Opus header may be empty', () => {
  assert.deepEqual(describeAudio(enhanced('Opus', new Uint8Array(0))), {
    codec: 'opus',
    codecString: 'opus',
    profile: null,
    sampleRate: 48_000,
    channels: null,
  });
});

test('old video codecs are described from any frame, with a size where the frame has it', () => {
  const h263 = describeVideo(fromHex('12 00008401121e73'));
  assert.deepEqual([h263?.codec, h263?.width, h263?.height], ['sorenson-h263', 352, 288]);
  const vp6 = describeVideo(fromHex('14 0000'));
  assert.deepEqual([vp6?.codec, vp6?.width], ['vp6', null]);
});

test('a VP9 or VP8 key frame tells the size that the sequence header does not', () => {
  const vp9 = describeVideo(fromHex('91 76703039 8249 8342 0027 f016 7604'));
  assert.deepEqual(
    [vp9?.codec, vp9?.codecString, vp9?.width, vp9?.height],
    ['vp9', 'vp09.00.10.08', 640, 360],
  );
  const vp8 = describeVideo(fromHex('91 76703038 106700 9d012a 4201 b600'));
  assert.deepEqual([vp8?.codec, vp8?.codecString, vp8?.width, vp8?.height], ['vp8', 'vp8', 322, 182]);
});

test('a codec that nobody knows is at least named', () => {
  assert.equal(describeVideo(enhanced('xyz9', fromHex('00')))?.codec, 'xyz9');
  assert.equal(describeAudio(enhanced('vvc1', fromHex('00')))?.codec, 'vvc1');
});

test('frames, ends and other tracks tell nothing', () => {
  for (const hex of [
    '',
    '17',
    '1701000000 00',
    '1702000000',
    '5700',
    '91 68766331 000000 00',
    '92 68766331',
    '96 00 61766331 01 01',
  ]) {
    assert.equal(describeVideo(fromHex(hex)), undefined, hex);
  }
  for (const hex of ['', 'af', 'af01 2110', '2f', '91 4f707573 fc', '95 00 4f707573 01', 'ff 00']) {
    assert.equal(describeAudio(fromHex(hex)), undefined, hex);
  }
});

test('a broken parameter set costs the size and nothing else', () => {
  const info = describeVideo(fromHex('17 00 000000 01 640028 ff e1 0004 67640028 00'));
  assert.deepEqual(info, {
    codec: 'avc',
    codecString: 'avc1.640028',
    profile: 'High',
    level: '4.0',
    width: null,
    height: null,
  });
  assert.equal(describeVideo(fromHex('17 00 000000 01 640028 ff e0 00'))?.width, null);
});

test('cut and random bodies give a description or nothing', () => {
  for (const { bytes, expected } of videoRecords) {
    everyPrefix(enhanced(videoFourCc[expected.codec]!, bytes), (prefix) => void describeVideo(prefix));
  }
  for (const { bytes, expected } of audioRecords) {
    everyPrefix(enhanced(audioFourCc[expected.codec]!, bytes), (prefix) => void describeAudio(prefix));
  }
  const start = fc.constantFrom(
    '',
    '1700000000',
    '1c00000000',
    '1d00000000',
    '12',
    '9068766331',
    '9061763031',
    '9176703039',
    'af00',
    '2f',
    '904f707573',
  );
  fc.assert(
    fc.property(start, someBytes(64), (head, rest) => {
      const body = concatBytes([fromHex(head), rest]);
      const video = describeVideo(body);
      if (video?.width) assert.ok(video.width <= 65_536 && video.height! > 0);
      const audio = describeAudio(body);
      if (audio?.sampleRate) assert.ok(audio.sampleRate > 0);
    }),
    { numRuns: 3000 },
  );
});
