import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sniffFlv } from './flv-sniff.ts';

/** 'FLV', version 1, flags, header size 9, previous tag size 0. */
const header = (flags: number): number[] => [0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0];
/** Tag type, body size, timestamp 0, stream id 0, body, previous tag size. */
const tag = (type: number, body: readonly number[]): number[] => [
  ...[type, 0, 0, body.length, 0, 0, 0, 0, 0, 0, 0],
  ...body,
  ...[0, 0, 0, 11 + body.length],
];
const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));

const untold = { videoString: null, audioString: null };
const script = tag(18, [2, 0, 1, 0x61]);
const avc = tag(9, [0x17, 0, 0, 0, 0]);
const aac = tag(8, [0xaf, 0, 0x12, 0x10]);

function sniff(bytes: readonly number[], enough = false) {
  return sniffFlv(Uint8Array.from(bytes), enough);
}

test('both tracks are named once the first tag of each was seen', () => {
  const bytes = [...header(5), ...script, ...avc, ...aac];
  assert.deepEqual(sniff(bytes), { ...untold, video: 'avc', audio: 'aac', audioString: 'mp4a.40.2' });
});

test('every shorter piece asks for more', () => {
  const bytes = [...header(5), ...script, ...avc, ...aac];
  // All but the back pointer of the last tag.
  const needed = bytes.length - 4;
  for (let length = 0; length < needed; length++) {
    assert.equal(sniff(bytes.slice(0, length)), undefined, `after ${length} bytes`);
  }
});

test('a track that the header does not announce is not waited for', () => {
  assert.deepEqual(sniff([...header(1), ...avc]), { ...untold, video: 'avc', audio: null });
  assert.deepEqual(sniff([...header(4), ...aac]), {
    ...untold,
    video: null,
    audio: 'aac',
    audioString: 'mp4a.40.2',
  });
});

test('an announced track that does not come is given up when enough was seen', () => {
  assert.equal(sniff([...header(5), ...avc]), undefined);
  assert.deepEqual(sniff([...header(5), ...avc], true), { ...untold, video: 'avc', audio: null });
});

test('FourCCs of Enhanced RTMP are understood', () => {
  const hevc = tag(9, [0x90, ...ascii('hvc1'), 0]);
  const opus = tag(8, [0x90, ...ascii('Opus'), 0]);
  assert.deepEqual(sniff([...header(5), ...hevc, ...opus]), { ...untold, video: 'hevc', audio: 'opus' });
});

test('the header of a track tells its codec string', () => {
  // AVCDecoderConfigurationRecord of High 4.0.
  const high = tag(9, [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x28, 0xff, 0xe0, 0]);
  assert.equal(sniff([...header(1), ...high])?.videoString, 'avc1.640028');
});

test('a codec without a name keeps its number or FourCC', () => {
  assert.equal(sniff([...header(1), ...tag(9, [0x1f, 0, 0, 0, 0])])?.video, 'codec 15');
  assert.equal(sniff([...header(1), ...tag(9, [0x90, ...ascii('xxxx'), 0])])?.video, 'xxxx');
});

test('bytes that are not FLV say so', () => {
  assert.equal(sniff(ascii('<!doctype html>')), null);
});
