import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex } from '../bytes/hex.ts';
import { av1Clip, avcClip, hevcClip, lengthed, unitsOf } from '../testing/clips.ts';
import { detached } from '../testing/detached.ts';
import {
  av1PictureKind,
  type NalCodec,
  newPictureScan,
  type PictureKind,
  scanPicture,
  vp8PictureKind,
  vp9PictureKind,
} from './picture-scan.ts';

const scan = (codec: NalCodec, picture: Uint8Array, lengthSize = 4) => {
  const into = newPictureScan();
  scanPicture(codec, detached(picture), 0, picture.length, lengthSize, into);
  return into;
};
const kindOf = (codec: NalCodec, picture: Uint8Array): PictureKind => scan(codec, picture).kind;
/** Where something other than a delta picture is, as `number kind`. */
const starts = (codec: NalCodec, pictures: readonly Uint8Array[]): string[] =>
  pictures.map((picture, i) => `${i} ${kindOf(codec, picture)}`).filter((line) => !line.endsWith('delta'));
const units = (...hex: readonly string[]): Uint8Array => lengthed(hex.map((unit) => fromHex(unit)));

describe('Pictures of real encoders', () => {
  it('x264, High with B-frames: IDR pictures where ffprobe sees key frames', () => {
    assert.deepEqual(starts('avc', avcClip().pictures), ['0 start', '10 start']);
  });

  it('x264, intra refresh: one IDR picture, then a recovery point, which FFmpeg marks as a key frame', () => {
    assert.deepEqual(starts('avc', avcClip('avc-intra-refresh.flv').pictures), ['0 start', '10 recovery']);
  });

  it('x264, open groups of several slices: one IDR picture, then a recovery point', () => {
    const { pictures } = avcClip('avc-open-gop-slices.flv');
    assert.ok(unitsOf(pictures[1]!).length >= 4, 'it has slices');
    assert.deepEqual(starts('avc', pictures), ['0 start', '8 recovery']);
  });

  it('x265, open groups: an IDR picture, then a CRA picture', () => {
    assert.deepEqual(starts('hevc', hevcClip().pictures), ['0 start', '10 start']);
  });
});

it('A recovery point tells whether the picture is whole at once', () => {
  const tenth = (file: string, i: number) => scan('avc', avcClip(file).pictures[i]!).isWhole;
  assert.equal(tenth('avc-intra-refresh.flv', 10), false);
  assert.equal(tenth('avc-open-gop-slices.flv', 8), true);
  assert.equal(scan('hevc', units('4e010601d080', '0201')).isWhole, true);
  assert.equal(scan('hevc', units('4e0106015080', '0201')).isWhole, false);
});

describe('A picture of units', () => {
  const idr = '6588';
  const inter = '419a';
  for (const [what, codec, picture, expected] of [
    ['an IDR slice', 'avc', units(idr), 'start'],
    [
      'an IDR slice behind its parameter sets and a delimiter',
      'avc',
      units('09f0', '6764', '68ee', idr),
      'start',
    ],
    ['a slice', 'avc', units(inter), 'delta'],
    ['a slice that nothing refers to', 'avc', units('019a'), 'delta'],
    ['a data partition', 'avc', units('229a', '239a', '249a'), 'delta'],
    ['a slice with a recovery point', 'avc', units('060601c480', inter), 'recovery'],
    ['a slice with another message', 'avc', units('0605 02 ffff 80', inter), 'delta'],
    [
      'a slice with a recovery point behind another message',
      'avc',
      units('06 0502ffff 0601c4 80', inter),
      'recovery',
    ],
    [
      'a recovery point in a second unit of messages',
      'avc',
      units('060502ffff80', '060601c480', inter),
      'recovery',
    ],
    ['messages alone', 'avc', units('060601c480'), 'none'],
    ['parameter sets alone', 'avc', units('6764', '68ee'), 'none'],
    ['nothing but an empty unit', 'avc', fromHex('00000000'), 'none'],
    ['nothing at all', 'avc', new Uint8Array(), 'none'],
    ['a second view alone', 'avc', units('7480'), 'none'],
    ['IDR_W_RADL', 'hevc', units('2601'), 'start'],
    ['IDR_N_LP', 'hevc', units('2801'), 'start'],
    ['CRA', 'hevc', units('2a01'), 'start'],
    ['BLA_W_LP', 'hevc', units('2001'), 'start'],
    ['TRAIL_R', 'hevc', units('0201'), 'delta'],
    ['RASL_R behind a CRA', 'hevc', units('1201'), 'delta'],
    ['TRAIL_R with a recovery point', 'hevc', units('4e010601c480', '0201'), 'recovery'],
    ['TRAIL_R with a message behind it', 'hevc', units('0201', '50010601c480'), 'delta'],
    ['parameter sets of H.265 alone', 'hevc', units('4001', '4201', '4401'), 'none'],
    ['VVC IDR_W_RADL', 'vvc', units('0039'), 'start'],
    ['VVC CRA', 'vvc', units('0049'), 'start'],
    ['VVC gradual refresh', 'vvc', units('0051'), 'recovery'],
    ['VVC TRAIL', 'vvc', units('0001'), 'delta'],
    ['VVC parameter sets alone', 'vvc', units('0079', '0081'), 'none'],
  ] as const) {
    it(`${what}: ${expected}`, () => assert.equal(kindOf(codec, picture), expected));
  }

  it('tells that parameter sets are in it, up to the first slice', () => {
    assert.equal(scan('avc', units('6764', idr)).sets, true);
    assert.equal(scan('avc', units('68ee', inter)).sets, true);
    assert.equal(scan('avc', units(inter)).sets, false);
    assert.equal(scan('hevc', units('4401', '2601')).sets, true);
    assert.equal(scan('avc', units('6764', '68ee')).sets, true);
  });

  it('is not known where its lengths do not fit', () => {
    assert.equal(kindOf('avc', fromHex('00000005 6588')), 'unknown');
    assert.equal(kindOf('avc', fromHex('00000002 6764 00')), 'unknown');
    assert.equal(kindOf('avc', fromHex('6588')), 'unknown');
  });

  it('has lengths of as many bytes as the header says', () => {
    for (const size of [1, 2, 3, 4]) {
      const picture = lengthed([fromHex('6764'), fromHex(idr)], size);
      assert.deepEqual(scan('avc', picture, size), { kind: 'start', sets: true, isWhole: false });
    }
  });

  it('has its recovery point behind messages with emulation prevention bytes, which their sizes do not count', () => {
    // A buffering period of six bytes, with two zeros and a three that was put in, then the recovery point.
    const messages = '06 0006 a00000 03 01 0280 0601c4 80';
    assert.equal(kindOf('avc', units(messages, inter)), 'recovery');
  });

  it('has no recovery point in the data of another message', () => {
    assert.equal(kindOf('avc', units('06 0504 0601c480 80', inter)), 'delta');
    // A payload of 261 bytes, and a type of 261, whose last bytes look like a recovery point.
    assert.equal(kindOf('avc', units(`06 ff06 01 c4 80`, inter)), 'delta');
    assert.equal(kindOf('avc', units(`06 05 ff06 ${'06'.repeat(261)} 80`, inter)), 'delta');
  });
});

describe('Pictures of other codecs', () => {
  it('VP8 and VP9 say it in their first byte', () => {
    assert.equal(vp8PictureKind(fromHex('10'), 0), 'start');
    assert.equal(vp8PictureKind(fromHex('11'), 0), 'delta');
    assert.equal(vp8PictureKind(fromHex('11'), 1), 'none');
    for (const [hex, expected] of [
      ['82', 'start'],
      ['86', 'delta'],
      ['8a', 'delta'],
      // Profile 3 has one more bit.
      ['b0', 'start'],
      ['b2', 'delta'],
      ['b4', 'delta'],
      ['42', 'unknown'],
      ['', 'none'],
    ] as const) {
      assert.equal(vp9PictureKind(fromHex(hex), 0), expected, hex);
    }
  });

  it('AV1 says it in the first frame header', () => {
    for (const [hex, expected] of [
      ['1200 0a01 00 3202 1000', 'start'],
      ['1200 3202 1000', 'start'],
      ['1200 3202 3000', 'delta'],
      ['1200 1a01 10', 'start'],
      ['1200 1a01 98', 'delta'],
      // A key frame that is not shown starts nothing.
      ['1200 3202 0000', 'delta'],
      ['1200', 'none'],
      ['1200 0a01 00', 'none'],
      // The last unit may have no size.
      ['1200 30 1000', 'start'],
      ['1200 3205 1000', 'unknown'],
      ['3200', 'unknown'],
      ['320a', 'unknown'],
      ['32ffffffffffffffffff', 'unknown'],
    ] as const) {
      const bytes = fromHex(hex);
      assert.equal(av1PictureKind(detached(bytes), 0, bytes.length), expected, hex);
    }
  });

  it('AV1 of libaom: a key frame in the first temporal unit and in the second half', () => {
    const kinds = av1Clip().map((unit) => av1PictureKind(unit, 0, unit.length));
    assert.equal(kinds.length, 20);
    assert.deepEqual(
      kinds.flatMap((kind, i) => (kind === 'start' ? [i] : [])),
      [0, 10],
    );
  });
});

describe('Whatever comes', () => {
  const codecs = fc.constantFrom<NalCodec>('avc', 'hevc', 'vvc');

  it('is looked at without a fault, and what lies behind the picture does not colour it', () => {
    const bytes = fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 1, 6, 0xff), fc.nat(255)), { maxLength: 80 });
    fc.assert(
      fc.property(codecs, bytes, fc.integer({ min: 1, max: 4 }), bytes, (codec, some, size, behind) => {
        const picture = Uint8Array.from(some);
        const alone = scan(codec, picture, size);
        const into = newPictureScan();
        scanPicture(codec, concatBytes([picture, Uint8Array.from(behind)]), 0, picture.length, size, into);
        assert.deepEqual(into, alone);
        av1PictureKind(picture, 0, picture.length);
        vp9PictureKind(picture, 0);
      }),
      { numRuns: 1500 },
    );
  });

  it('is never a start for a picture without a slice of that kind', () => {
    const others = fc.array(fc.constantFrom('6764', '68ee', '09f0', '060502ffff80', '419a', '0c80'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(others, (some) => {
        assert.equal(kindOf('avc', units(...some)), some.includes('419a') ? 'delta' : 'none');
      }),
    );
  });
});
