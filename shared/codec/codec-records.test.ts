import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { someBytes } from '../testing/arbitraries.ts';
import { everyPrefix, valueOrProtocolError } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { decodeAacConfig } from './aac-config.ts';
import { decodeAv1Config } from './av1-config.ts';
import { decodeAv1PictureSize } from './av1-sequence-header.ts';
import { decodeAvcConfig } from './avc-config.ts';
import { decodeAvcPictureSize } from './avc-sps.ts';
import { decodeFlacConfig } from './flac-config.ts';
import { decodeH263PictureSize } from './h263-frame.ts';
import { decodeHevcConfig } from './hevc-config.ts';
import { decodeHevcPictureSize } from './hevc-sps.ts';
import { decodeMp3Header } from './mp3-frame.ts';
import { decodeOpusConfig } from './opus-config.ts';
import { decodeVp8Keyframe } from './vp8-frame.ts';
import { decodeVp9Keyframe, decodeVpConfig } from './vp9-config.ts';

// What every decoder of this folder owes, checked for all of them in one place.

const decoders: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  decodeAacConfig,
  decodeAv1Config,
  decodeAv1PictureSize,
  decodeAvcConfig,
  decodeAvcPictureSize,
  decodeFlacConfig,
  decodeH263PictureSize,
  decodeHevcConfig,
  decodeHevcPictureSize,
  decodeMp3Header,
  decodeOpusConfig,
  decodeVp8Keyframe,
  decodeVp9Keyframe,
  decodeVpConfig,
};

const records = [
  ...goldenVectors('codec/video-records.json'),
  ...goldenVectors('codec/audio-records.json'),
].map(({ bytes }) => bytes);
// Parameter sets begin inside the records, so tails of records are seeds for their decoders.
const seeds = fc
  .tuple(fc.constantFrom(...records), fc.nat(40))
  .map(([record, from]) => record.subarray(Math.min(from, record.length)));

for (const [name, decode] of Object.entries(decoders)) {
  test(`${name} gives a value or a ProtocolError for random bytes`, () => {
    fc.assert(
      fc.property(someBytes(80), (bytes) => void valueOrProtocolError(() => decode(bytes))),
      { numRuns: 500 },
    );
  });

  test(`${name} gives a value or a ProtocolError for damaged records`, () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(seeds, damage, (seed, changes) => {
        const bytes = seed.slice();
        for (const [where, value] of changes) if (bytes.length > 0) bytes[where % bytes.length] = value;
        valueOrProtocolError(() => decode(bytes));
      }),
      { numRuns: 500 },
    );
  });
}

for (const [decode, minimum] of [
  [decodeAvcConfig, 7],
  [decodeHevcConfig, 23],
  [decodeAv1Config, 4],
  [decodeVpConfig, 8],
  [decodeAacConfig, 2],
  [decodeOpusConfig, 10],
  [decodeMp3Header, 4],
] as const) {
  test(`${decode.name} calls anything shorter than ${minimum} bytes truncated`, () => {
    const whole = records.find(
      (record) => !(valueOrProtocolError(() => decode(record)) instanceof ProtocolError),
    );
    everyPrefix((whole ?? Uint8Array.of(0xff, 0xfb, 0x90, 0x64)).subarray(0, minimum), (prefix) => {
      const result = valueOrProtocolError<unknown>(() => decode(prefix));
      assert.ok(result instanceof ProtocolError && result.code === 'truncated', `${prefix.length} bytes`);
    });
  });
}
