import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { avcClip, hevcClip, lengthed, startCoded, unitsOf } from '../testing/clips.ts';
import { detached } from '../testing/detached.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { goldenBytes } from '../testing/golden.ts';
import {
  hasStartCodes,
  isStartCode,
  newNalWalk,
  nextWithLength,
  nextWithStartCode,
  walkFrom,
  withLengths,
} from './nal-units.ts';
import { escapeRbsp } from './rbsp.ts';

/** Units as an encoder makes them: with a header, without start codes inside, ending with a bit that is set. */
const units = fc.array(
  fc
    .array(fc.oneof(fc.constantFrom(0, 0, 1, 3), fc.nat(255)), { maxLength: 40 })
    .map((bytes) => escapeRbsp(Uint8Array.of(0x65, ...bytes, 0x80))),
  { maxLength: 6 },
);

function walked(data: Uint8Array, step: (walk: ReturnType<typeof newNalWalk>) => boolean) {
  const walk = newNalWalk();
  walkFrom(walk, 0, data.length);
  const found: Uint8Array[] = [];
  while (step(walk)) {
    assert.ok(walk.start < walk.end && walk.end <= data.length, 'a unit lies inside');
    found.push(data.subarray(walk.start, walk.end));
  }
  return { found, isWhole: walk.at === data.length };
}

const byLength = (data: Uint8Array, size = 4) => walked(data, (walk) => nextWithLength(data, walk, size));
const byStartCode = (data: Uint8Array) => walked(data, (walk) => nextWithStartCode(data, walk)).found;

describe('Units with lengths', () => {
  it('are found in every picture that x264 and x265 made', () => {
    for (const { pictures } of [avcClip(), hevcClip()]) {
      for (const picture of pictures) {
        const { found, isWhole } = byLength(detached(picture));
        assert.ok(isWhole);
        assert.deepEqual(found, unitsOf(picture));
      }
    }
  });

  it('are found with lengths of one to four bytes', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 4 }), (some, size) => {
        assert.deepEqual(byLength(detached(lengthed(some, size)), size), { found: some, isWhole: true });
      }),
    );
  });

  it('are passed over where they are empty', () => {
    const data = fromHex('00000000 00000002 6580 00000000 00000000');
    assert.deepEqual(byLength(data), { found: [fromHex('6580')], isWhole: true });
  });

  it('end where a length does not fit, and that shows', () => {
    const [picture] = avcClip().pictures;
    const whole = unitsOf(picture!).length;
    everyPrefix(picture!, (prefix) => {
      const { found, isWhole } = byLength(prefix);
      assert.ok(found.length < whole);
      // Cut between two units, there is nothing to see.
      assert.equal(isWhole, lengthed(unitsOf(picture!).slice(0, found.length)).length === prefix.length);
    });
    assert.equal(byLength(fromHex('ffffffff 65')).isWhole, false);
  });
});

describe('Units with start codes', () => {
  it('are those that ffmpeg wrote into the file of start codes', () => {
    const ofClip = (pictures: readonly Uint8Array[]) => pictures.flatMap(unitsOf).map((unit) => toHex(unit));
    const avc = byStartCode(detached(goldenBytes('media/avc-high.h264'))).map((unit) => toHex(unit));
    const hevc = byStartCode(detached(goldenBytes('media/hevc-main.h265'))).map((unit) => toHex(unit));
    assert.deepEqual(
      avc.filter((unit) => !/^6[78]/.test(unit)),
      ofClip(avcClip().pictures).filter((unit) => !/^6[78]/.test(unit)),
    );
    assert.deepEqual(
      hevc.filter((unit) => !/^4[024]01/.test(unit)),
      ofClip(hevcClip().pictures).filter((unit) => !/^4[024]01/.test(unit)),
    );
  });

  it('are found behind codes of three and four bytes, with zeros behind them', () => {
    fc.assert(
      fc.property(
        units,
        fc.constantFrom(3, 4, 5),
        fc.constantFrom(3, 4),
        fc.nat(3),
        (some, first, others, zeros) => {
          const data = new Uint8Array([...startCoded(some, first, others), ...Array(zeros).fill(0)]);
          assert.deepEqual(byStartCode(detached(data)), some);
        },
      ),
    );
  });

  it('are none without a code, and one without an end is as long as what there is', () => {
    for (const none of ['', '00', '0000', '000001', '00000001', '0000000001', '65880000', '000001 000001']) {
      assert.deepEqual(byStartCode(detached(fromHex(none))), [], none);
    }
    assert.deepEqual(byStartCode(fromHex('ffff 000001 65')), [fromHex('65')]);
  });

  it('become units with lengths, behind what stands in front', () => {
    fc.assert(
      fc.property(units, fc.nat(9), fc.integer({ min: 1, max: 4 }), (some, head, size) => {
        const lead = Uint8Array.from({ length: head }, (_, i) => 0x10 + i);
        const body = new Uint8Array([...lead, ...startCoded(some)]);
        const rewritten = withLengths(detached(body), head, size);
        assert.deepEqual(rewritten, new Uint8Array([...lead, ...lengthed(some, size)]));
      }),
    );
  });

  it('begin with a start code of three or four bytes', () => {
    for (const [hex, at, expected] of [
      ['00000165', 0, true],
      ['0000000165', 0, true],
      ['ff000001', 1, true],
      ['00000265', 0, false],
      ['000000', 0, false],
      ['0000', 0, false],
      ['', 0, false],
    ] as const) {
      assert.equal(isStartCode(fromHex(hex), at), expected, hex);
    }
  });
});

it('Random bytes end both walks, and what is made of them is no more than four times as large', () => {
  const bytes = fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 1), fc.nat(255)), { maxLength: 300 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 4 }), (some, size) => {
      const data = detached(Uint8Array.from(some));
      byLength(data, size);
      byStartCode(data);
      assert.ok(withLengths(data, 0, size).length <= 4 * data.length);
    }),
    { numRuns: 1000 },
  );
});

describe('Start codes and lengths', () => {
  const starts = (data: Uint8Array, size = 4): boolean => hasStartCodes(detached(data), 0, data.length, size);

  it('are told apart in every picture that x264 and x265 made', () => {
    for (const { pictures } of [avcClip(), avcClip('avc-open-gop-slices.flv'), hevcClip()]) {
      for (const units of pictures.map(unitsOf)) {
        assert.equal(starts(lengthed(units)), false);
        for (const [first, others] of [
          [4, 3],
          [4, 4],
          [3, 3],
        ] as const) {
          assert.equal(starts(startCoded(units, first, others)), true, `${first} ${others}`);
        }
      }
    }
  });

  it('are told apart whatever the units are, with lengths of three and four bytes', () => {
    fc.assert(
      fc.property(units, fc.constantFrom(3, 4), fc.constantFrom(3, 4), (some, size, first) => {
        fc.pre(some.length > 0);
        assert.equal(starts(lengthed(some, size), size), false);
        const data = startCoded(some, first);
        // What is both is taken for lengths.
        if (!byLength(data, size).isWhole && data.length > 12) assert.equal(starts(data, size), true);
      }),
    );
  });

  it('are not mixed up where a length looks like a start code', () => {
    for (const length of [256, 300, 511]) {
      const unit = Uint8Array.from({ length }, (_, i) => (i === 0 ? 0x41 : 0x9a));
      assert.equal(starts(lengthed([unit])), false);
      // Some encoders put zeros behind.
      assert.equal(starts(new Uint8Array([...lengthed([unit]), 0, 0])), false);
    }
    assert.equal(starts(fromHex('00000001 09 00000002 6588')), false);
    assert.equal(starts(fromHex('00000001 41 9a246c')), true);
  });

  it('are neither where there is too little', () => {
    everyPrefix(fromHex('00000001'), (prefix) => assert.equal(starts(prefix), false));
    assert.equal(starts(fromHex('6588 0000')), false);
  });
});
