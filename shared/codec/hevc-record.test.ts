import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { hevcClip, hevcSetsOf } from '../testing/clips.ts';
import { detached } from '../testing/detached.ts';
import { everyPrefix, valueOrProtocolError } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { decodeHevcConfig } from './hevc-config.ts';
import { encodeHevcRecord, hevcSetTypes, hevcUnitType } from './hevc-record.ts';
import { decodeHevcSps } from './hevc-sps.ts';

const records = goldenVectors<{ codec: string }>('codec/video-records.json')
  .filter(({ expected }) => expected.codec === 'hevc')
  .map(({ name, bytes }) => ({ name, bytes, config: decodeHevcConfig(bytes) }))
  .filter(({ config }) => config.sequenceParameterSet !== undefined);
const sets = hevcSetsOf(hevcClip().record);

describe('encodeHevcRecord', () => {
  it('makes the record that ffmpeg wrote, of its parameter sets, but for what is not told', () => {
    const theirs = hevcClip().record.slice();
    const ours = encodeHevcRecord(sets.map(detached));
    const head = 22;
    // Segmentation and parallelism come from the VUI and the picture set; ours says that it does not know.
    theirs.set(fromHex('f000 fc'), 13);
    assert.equal(toHex(ours.subarray(0, head)), toHex(theirs.subarray(0, head)));
    assert.deepEqual(hevcSetsOf(ours), sets);
  });

  for (const { name, config } of records) {
    it(`makes a record that says the same: ${name}`, () => {
      const ofSets = config.units.filter((unit) =>
        Object.values(hevcSetTypes).includes(hevcUnitType(unit) as 32),
      );
      const made = decodeHevcConfig(encodeHevcRecord(ofSets, config.nalLengthSize));
      assert.deepEqual(made, { ...config, units: ofSets });
    });
  }

  it('puts video, sequence and picture sets in that order, in whatever order they came', () => {
    const [video, sequence, picture] = sets as [Uint8Array, Uint8Array, Uint8Array];
    const made = encodeHevcRecord([picture, sequence, video, picture]);
    assert.deepEqual(decodeHevcConfig(made).units, [video, sequence, picture, picture]);
  });

  it('holds lengths of one, two and four bytes', () => {
    for (const size of [1, 2, 4]) {
      assert.equal(decodeHevcConfig(encodeHevcRecord(sets, size)).nalLengthSize, size);
    }
  });

  it('calls a set that makes no sense what it is', () => {
    everyPrefix(sets[1]!.subarray(0, 20), (prefix) => {
      if (prefix.length < 1) return;
      const made = valueOrProtocolError(() => encodeHevcRecord([sets[0]!, prefix, sets[2]!]));
      assert.ok(made instanceof ProtocolError, `${prefix.length} bytes`);
    });
    assert.throws(() => encodeHevcRecord([sets[0]!]), /needs a sequence parameter set/);
  });
});

describe('decodeHevcSps', () => {
  it('says what x265 was told', () => {
    const { profileTierLevel, ...sps } = decodeHevcSps(detached(sets[1]!));
    assert.deepEqual(profileTierLevel, hevcClip().record.subarray(1, 13));
    assert.deepEqual(sps, {
      ...{ subLayers: 1, temporalIdNesting: true, chromaFormat: 1, lumaBitDepth: 8, chromaBitDepth: 8 },
      size: { width: 64, height: 64 },
    });
  });

  it('gives numbers that fit into a record, whatever comes', () => {
    const damage = fc.array(fc.tuple(fc.nat(sets[1]!.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(damage, fc.nat(60), (changes, cut) => {
        const bytes = sets[1]!.slice(0, sets[1]!.length - Math.max(0, cut - 40));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const sps = valueOrProtocolError(() => decodeHevcSps(bytes));
        if (sps instanceof ProtocolError) return;
        assert.ok(sps.chromaFormat <= 3 && sps.lumaBitDepth <= 16 && sps.chromaBitDepth <= 16);
        assert.ok(sps.subLayers <= 7 && sps.profileTierLevel.length === 12);
      }),
      { numRuns: 2000 },
    );
  });
});
