import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { avcClip, avcSetsOf } from '../testing/clips.ts';
import { detached } from '../testing/detached.ts';
import { assertProtocolError, everyPrefix, valueOrProtocolError } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { decodeAvcConfig } from './avc-config.ts';
import { encodeAvcRecord } from './avc-record.ts';
import { decodeAvcSps } from './avc-sps.ts';

const records = goldenVectors<{ codec: string }>('codec/video-records.json').filter(
  ({ expected }) => expected.codec === 'avc',
);

describe('encodeAvcRecord', () => {
  for (const file of ['avc-high.flv', 'avc-intra-refresh.flv', 'avc-open-gop-slices.flv']) {
    it(`makes the record that ffmpeg wrote, of its parameter sets: ${file}`, () => {
      const { record } = avcClip(file);
      const { sps, pps } = avcSetsOf(record);
      assert.equal(toHex(encodeAvcRecord([detached(sps)], [detached(pps)])), toHex(record));
    });
  }

  for (const { name, bytes } of records) {
    it(`makes a record that says the same: ${name}`, () => {
      const known = decodeAvcConfig(bytes);
      const { sequenceParameterSets, pictureParameterSets, nalLengthSize } = known;
      const made = encodeAvcRecord(sequenceParameterSets, pictureParameterSets, nalLengthSize);
      assert.deepEqual(decodeAvcConfig(made), known);
    });
  }

  it('holds as many sets as it is given, with lengths of one, two and four bytes', () => {
    const { sps, pps } = avcSetsOf(avcClip().record);
    for (const nalLengthSize of [1, 2, 4]) {
      const config = decodeAvcConfig(encodeAvcRecord([sps, sps], Array(31).fill(pps), nalLengthSize));
      assert.equal(config.nalLengthSize, nalLengthSize);
      assert.deepEqual(config.sequenceParameterSets, [sps, sps]);
      assert.deepEqual(config.pictureParameterSets, Array(31).fill(pps));
    }
  });

  it('ends with chroma format and depths for the high profiles, and for no other', () => {
    const pps = fromHex('68ee');
    const baseline = records.find(({ name }) => name.startsWith('Constrained Baseline'))!;
    const [sps] = decodeAvcConfig(baseline.bytes).sequenceParameterSets;
    assert.match(toHex(encodeAvcRecord([sps!], [pps])), /01000268ee$/);
    const high = avcSetsOf(avcClip().record).sps;
    assert.match(toHex(encodeAvcRecord([high], [pps])), /01000268eefdf8f800$/);
  });

  it('calls a set that makes no sense what it is', () => {
    const { sps, pps } = avcSetsOf(avcClip().record);
    everyPrefix(sps.subarray(0, 8), (prefix) => {
      const made = valueOrProtocolError(() => encodeAvcRecord([prefix], [pps]));
      assert.ok(made instanceof ProtocolError, `${prefix.length} bytes`);
    });
    assert.throws(() => encodeAvcRecord([], [pps]), /needs a sequence parameter set/);
  });
});

describe('decodeAvcSps', () => {
  it('says how the pictures of x264 are made', () => {
    const { size, ...sps } = decodeAvcSps(detached(avcSetsOf(avcClip().record).sps));
    assert.deepEqual(size, { width: 64, height: 64 });
    assert.deepEqual(sps, {
      ...{ profileIdc: 100, constraints: 0, levelIdc: 10, id: 0 },
      ...{ chromaFormat: 1, separateColourPlanes: false, lumaBitDepth: 8, chromaBitDepth: 8 },
      ...{ frameNumBits: 4, pictureOrderType: 0, pictureOrderBits: 6, pictureOrderIsFixed: false },
      ...{ widthInMacroblocks: 4, heightInMapUnits: 4, framesOnly: true },
    });
  });

  /** An SPS of Baseline or, with `chroma`, of High. */
  const built = (fields: {
    id?: string;
    chroma?: string;
    frameNum?: string;
    order?: string;
    rest?: string;
  }) => {
    const { id = '1', chroma, frameNum = '1', order = '011', rest = `010 0 00100 00100 1 1 0 0` } = fields;
    const bits = `${id}${chroma ?? ''}${frameNum}${order}${rest}1`.replace(/\s/g, '');
    const bytes = bits.padEnd(8 * Math.ceil(bits.length / 8), '0').match(/.{8}/g)!;
    return Uint8Array.of(0x67, chroma ? 100 : 66, 0, 10, ...bytes.map((byte) => Number.parseInt(byte, 2)));
  };

  it('reads each order of pictures', () => {
    const order = (bits: string) => {
      const {
        pictureOrderType: type,
        pictureOrderBits,
        pictureOrderIsFixed,
      } = decodeAvcSps(built({ order: bits }));
      return [type, pictureOrderBits, pictureOrderIsFixed];
    };
    assert.deepEqual(order('1 00101'), [0, 8, false]);
    assert.deepEqual(order('010 1 1 1 011 1 010'), [1, 0, true]);
    assert.deepEqual(order('010 0 1 1 1'), [1, 0, false]);
    assert.deepEqual(order('011'), [2, 0, false]);
  });

  it('calls values that no picture can have bad', () => {
    const huge = `${'0'.repeat(31)}1${'1'.repeat(31)}`;
    assertProtocolError('bad-value', () => decodeAvcSps(built({ id: '00000100001' })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ id: huge })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ frameNum: '0001110' })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ frameNum: huge })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ order: `1 ${huge}` })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ order: '00100' })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ order: huge })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ chroma: '00101 1 1 0 0' })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ chroma: '010 0001000 1 0 0' })));
    assertProtocolError('bad-value', () => decodeAvcSps(built({ chroma: `010 1 ${huge} 0 0` })));
    assert.equal(decodeAvcSps(built({ frameNum: '0001101' })).frameNumBits, 16);
    assert.equal(decodeAvcSps(built({ chroma: '00100 1 00111 00111 0 0' })).separateColourPlanes, true);
  });

  it('gives numbers that can be counted with, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, isHigh) => {
        const sps = valueOrProtocolError(() =>
          decodeAvcSps(Uint8Array.of(0x67, isHigh ? 100 : 66, ...bytes)),
        );
        if (sps instanceof ProtocolError) return;
        assert.ok(sps.frameNumBits <= 16 && sps.pictureOrderBits <= 16 && sps.id <= 31);
        assert.ok(sps.chromaFormat <= 3 && sps.lumaBitDepth <= 14 && sps.chromaBitDepth <= 14);
      }),
      { numRuns: 2000 },
    );
  });
});
