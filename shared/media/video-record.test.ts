import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../bytes/hex.ts';
import { newNalWalk } from '../codec/nal-units.ts';
import { lengthed } from '../testing/clips.ts';
import { everyPrefix } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { avc, avcSets, hevc, hevcSets, pps, sps } from '../testing/packets.ts';
import {
  codecOfSets,
  isComplete,
  MAX_SET_BYTES,
  pictureSetId,
  pictureSetIds,
  readVideoRecord,
  recordOf,
  type SetCodec,
  setKind,
  writeVideoRecord,
} from './video-record.ts';

const known = { avc: { record: avc.record, sets: avcSets }, hevc: { record: hevc.record, sets: hevcSets } };

describe('readVideoRecord', () => {
  for (const codec of ['avc', 'hevc'] as const) {
    for (const claimed of ['avc', 'hevc'] as const) {
      it(`knows a record of ${codec} under the name of ${claimed}`, () => {
        assert.deepEqual(readVideoRecord(known[codec].record, claimed), {
          ...{ codec, nalLengthSize: 4 },
          sets: known[codec].sets,
        });
      });
    }

    it(`knows no part of a record of ${codec}`, () => {
      everyPrefix(known[codec].record, (prefix) => {
        const read = readVideoRecord(prefix, codec);
        // High profiles end with four bytes that the sets say as well, and x265 with a message.
        if (read) assert.deepEqual(read.sets, known[codec].sets);
      });
    });
  }

  it('knows every record that an encoder wrote', () => {
    for (const { name, bytes, expected } of goldenVectors<{ codec: string }>('codec/video-records.json')) {
      const read = readVideoRecord(bytes, 'avc');
      if (read) assert.equal(read.codec, expected.codec, name);
      else assert.notEqual(expected.codec, 'avc', name);
    }
  });

  it('takes nothing with which a decoder cannot begin', () => {
    for (const hex of [
      '',
      '01',
      // Without sets, without a picture set, and with a picture set in the place of a sequence set.
      '0164000affe000',
      '0164000affe1000467640a0000',
      '0164000affe1000468640a00010004 68ee3c80',
    ]) {
      for (const claimed of ['avc', 'hevc'] as const)
        assert.equal(readVideoRecord(fromHex(hex), claimed), undefined, hex);
    }
  });
});

describe('Parameter sets', () => {
  it('are known by their kind', () => {
    assert.deepEqual(
      avcSets.map((set) => setKind('avc', set)),
      ['sequence', 'picture'],
    );
    assert.deepEqual(
      hevcSets.map((set) => setKind('hevc', set)),
      ['video', 'sequence', 'picture'],
    );
    for (const other of ['65', '06', '09', '']) assert.equal(setKind('avc', fromHex(other)), undefined);
    for (const other of ['2601', '4e01', '']) assert.equal(setKind('hevc', fromHex(other)), undefined);
  });

  it('are complete with one of each kind', () => {
    assert.equal(isComplete('avc', avcSets), true);
    assert.equal(isComplete('hevc', hevcSets), true);
    for (let left = 0; left < 3; left++) {
      assert.equal(
        isComplete(
          'hevc',
          hevcSets.filter((_, i) => i !== left),
        ),
        false,
      );
      assert.equal(
        isComplete(
          'avc',
          avcSets.filter((_, i) => i !== left),
        ),
        left === 2,
      );
    }
  });

  it('make a record that reads back, whatever else stands among them', () => {
    for (const codec of ['avc', 'hevc'] as const) {
      const units = [fromHex('0605ff80'), ...known[codec].sets, fromHex('65')];
      for (const nalLengthSize of [1, 2, 4]) {
        const record = recordOf(units, nalLengthSize)!;
        assert.deepEqual(record, { codec, nalLengthSize, sets: known[codec].sets });
        assert.deepEqual(readVideoRecord(writeVideoRecord(record)!, codec), record);
      }
    }
  });

  it('make no record where one is missing, too long, or makes no sense', () => {
    assert.equal(recordOf([sps], 4), undefined);
    assert.equal(recordOf([sps, Uint8Array.from({ length: MAX_SET_BYTES + 1 }, () => 0x68)], 4), undefined);
    assert.ok(recordOf([sps, Uint8Array.from({ length: MAX_SET_BYTES }, () => 0x68)], 4));
    assert.equal(
      writeVideoRecord({ codec: 'avc', nalLengthSize: 4, sets: [fromHex('6764'), pps] }),
      undefined,
    );
    assert.equal(
      writeVideoRecord({ codec: 'hevc', nalLengthSize: 4, sets: [fromHex('4201'), pps] }),
      undefined,
    );
  });

  it('of pictures have an identifier', () => {
    for (const [codec, hex, id] of [
      ['avc', '68 80', 0],
      ['avc', '68 40', 1],
      ['avc', '68 60', 2],
      // 255, with zeros in front and an emulation prevention byte in them.
      ['avc', '68 00 80 00', 255],
      ['avc', '68 00 00 03 01', undefined],
      ['avc', '68', undefined],
      ['hevc', '4401 c0', 0],
      ['hevc', '4401 40', 1],
    ] as const) {
      assert.equal(pictureSetId(codec, fromHex(hex)), id, hex);
    }
    const sets = [sps, fromHex('6840'), fromHex('6880'), fromHex('6840')];
    assert.deepEqual([...pictureSetIds({ codec: 'avc', nalLengthSize: 4, sets })], [1, 0]);
  });
});

describe('codecOfSets', () => {
  const walk = newNalWalk();
  const of = (units: readonly Uint8Array[], size = 4): SetCodec | undefined => {
    const data = lengthed(units, size);
    return codecOfSets(walk, data, 0, data.length, size);
  };

  it('tells the codec by the sets, together or alone', () => {
    for (const size of [2, 4]) {
      assert.equal(of(avcSets, size), 'avc');
      assert.equal(of(hevcSets, size), 'hevc');
    }
    assert.equal(of([sps]), 'avc');
    for (const set of hevcSets) assert.equal(of([set]), 'hevc');
  });

  it('tells nothing by pictures alone', () => {
    for (const { pictures } of [avc, hevc]) {
      for (const picture of pictures) {
        const told = codecOfSets(walk, picture, 0, picture.length, 4);
        assert.ok(told === undefined || (pictures === hevc.pictures && told === 'hevc'));
      }
    }
    assert.equal(of([pps]), undefined);
  });

  it('never takes one for the other, whatever the bytes behind the header are', () => {
    const payload = fc.uint8Array({ minLength: 4, maxLength: 20 });
    const unit = (heads: readonly number[], second?: number) =>
      fc
        .tuple(fc.constantFrom(...heads), payload)
        .map(([head, rest]) => Uint8Array.of(head, ...(second === undefined ? [] : [second]), ...rest));
    const ofAvc = unit([0x41, 0x01, 0x61, 0x65, 0x06, 0x09, 0x67, 0x27, 0x68, 0x28]);
    const ofHevc = unit([0x26, 0x28, 0x2a, 0x02, 0x00, 0x40, 0x42, 0x44, 0x4e, 0x46, 0x10, 0x12], 1);
    fc.assert(
      fc.property(fc.array(ofAvc, { maxLength: 6 }), fc.array(ofHevc, { maxLength: 6 }), (one, other) => {
        assert.notEqual(of(one), 'hevc');
        assert.notEqual(of(other), 'avc');
      }),
    );
  });
});
