import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { adtsFrames } from '../testing/clips.ts';
import { detached } from '../testing/detached.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { goldenBytes } from '../testing/golden.ts';
import { decodeAacConfig } from './aac-config.ts';
import { aacConfig, aacRateIndex, rawAacChannels, readAdts } from './adts.ts';

const rates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** An ADTS frame, written from the table of its header. */
function adts(fields: {
  rate?: number;
  channels?: number;
  profile?: number;
  checksum?: boolean;
  mpeg2?: boolean;
  data?: string;
}) {
  const { rate = 4, channels = 2, profile = 1, checksum = false, mpeg2 = false, data = '2100' } = fields;
  const payload = fromHex(data);
  const length = 7 + (checksum ? 2 : 0) + payload.length;
  return concatBytes([
    Uint8Array.of(
      0xff,
      0xf0 | (mpeg2 ? 8 : 0) | (checksum ? 0 : 1),
      (profile << 6) | (rate << 2) | (channels >> 2),
      ((channels & 3) << 6) | (length >> 11),
      (length >> 3) & 0xff,
      ((length & 7) << 5) | 0x1f,
      0xfc,
    ),
    checksum ? fromHex('abcd') : new Uint8Array(),
    payload,
  ]);
}

const read = (bytes: Uint8Array) => readAdts(detached(bytes), 0, bytes.length);

describe('readAdts', () => {
  it('finds every frame of the file that ffmpeg wrote, one behind the other', () => {
    const file = goldenBytes('media/aac-lc.aac');
    let count = 0;
    for (let at = 0; at < file.length; count++) {
      const frame = readAdts(file, at, file.length);
      assert.ok(frame);
      assert.deepEqual([frame.start, toHex(frame.config), frame.sampleRate], [at + 7, '1210', 44_100]);
      at = frame.end;
    }
    assert.equal(count, adtsFrames().length);
    assert.ok(count > 10);
  });

  it('finds nothing in a frame that is cut short', () => {
    const [frame] = adtsFrames();
    everyPrefix(frame!, (prefix) => assert.equal(read(prefix), undefined));
    assert.equal(
      readAdts(frame!, 0, frame!.length - 1),
      undefined,
      'what lies behind the limit is not its own',
    );
  });

  it('makes the configuration that says the same, for every rate and number of channels', () => {
    rates.forEach((sampleRate, rate) => {
      for (const [channels, heard] of [
        [1, 1],
        [2, 2],
        [6, 6],
        [7, 8],
      ] as const) {
        const frame = read(adts({ rate, channels }));
        assert.ok(frame);
        const config = decodeAacConfig(frame.config);
        assert.deepEqual([config.sampleRate, config.channels, config.objectType], [sampleRate, heard, 2]);
      }
    });
    assert.equal(decodeAacConfig(read(adts({ profile: 0 }))!.config).objectType, 1);
  });

  it('passes over a checksum, and takes MPEG-2 frames as well', () => {
    const data = (frame: Uint8Array) => {
      const { start, end } = read(frame)!;
      return toHex(frame.subarray(start, end));
    };
    assert.equal(data(adts({ checksum: true, data: '210042' })), '210042');
    assert.equal(data(adts({ mpeg2: true, data: '210042' })), '210042');
  });

  it('is not fooled by what is no ADTS', () => {
    for (const [what, bytes] of [
      ['a raw frame', fromHex('2110 0500 a01b ffc0 00')],
      ['MPEG layer 3', fromHex('fffb 9064 0000 0000 0000')],
      ['MPEG layer 2', fromHex('fffd 9064 0000 0000 0000')],
      ['a reserved rate', adts({ rate: 13 })],
      ['a frame without data', adts({ data: '' })],
      ['nothing', new Uint8Array()],
    ] as const) {
      assert.equal(read(bytes), undefined, what);
    }
  });

  it('never gives a frame that is not inside what came', () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((some) => Uint8Array.of(0xff, 0xf1, ...some));
    fc.assert(
      fc.property(bytes, fc.nat(4), (some, from) => {
        const frame = readAdts(detached(some), from, some.length);
        if (frame) assert.ok(frame.start > from && frame.start < frame.end && frame.end <= some.length);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('What a raw frame and metadata say', () => {
  it('is mono or stereo by the first element, and nothing of what has more', () => {
    assert.deepEqual([0x00, 0x01, 0x1f].map(rawAacChannels), [1, 1, 1]);
    assert.deepEqual([0x20, 0x21, 0x3f].map(rawAacChannels), [2, 2, 2]);
    for (const other of [0x40, 0x60, 0xa0, 0xde, 0xff]) assert.equal(rawAacChannels(other), undefined);
  });

  it('is a rate that has an index', () => {
    for (const [index, rate] of rates.entries()) assert.equal(aacRateIndex(rate), index);
    for (const other of [0, 44, 44_099, 192_000, Number.NaN, -1])
      assert.equal(aacRateIndex(other), undefined);
  });

  it('makes configurations that read back', () => {
    rates.forEach((sampleRate, index) => {
      const { sampleRate: read, channels, objectType } = decodeAacConfig(aacConfig(2, index, 1));
      assert.deepEqual([read, channels, objectType], [sampleRate, 1, 2]);
    });
    assert.equal(toHex(aacConfig(2, 3, 2)), '1190');
  });
});
