import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { avcClip, avcSetsOf } from '../testing/clips.ts';
import { valueOrProtocolError } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { decodeAvcConfig } from './avc-config.ts';
import { greyAvcPicture } from './avc-grey-picture.ts';
import { type AvcSps, decodeAvcSps } from './avc-sps.ts';
import { unescapeRbsp } from './rbsp.ts';

const spsOf = (file: string): AvcSps => decodeAvcSps(avcSetsOf(avcClip(file).record).sps);
const refresh = spsOf('avc-intra-refresh.flv');

/** Fields of a unit, read by the syntax of H.264 section 7.3: a number is a count of bits, 0 stands for ue(v). */
function fieldsOf(unit: Uint8Array, counts: readonly number[]): { fields: number[]; reader: BitReader } {
  const reader = new BitReader(unescapeRbsp(unit));
  return { fields: counts.map((count) => (count === 0 ? reader.ue() : reader.bits(count))), reader };
}

/** What is left is the stop bit and zeros. */
function assertEnd(reader: BitReader): void {
  assert.equal(reader.bits(1), 1, 'the stop bit');
  assert.ok(reader.remaining < 8);
  assert.equal(reader.bits(reader.remaining), 0);
}

/** Reads the macroblocks of the slice: all are Intra16x16 with DC prediction and nothing coded. */
function assertMacroblocks(reader: BitReader, sps: AvcSps): void {
  for (let i = 0; i < sps.widthInMacroblocks * sps.heightInMapUnits; i++) {
    assert.equal(reader.ue(), 3, 'mb_type I_16x16_2_0_0');
    if (sps.chromaFormat === 1 || sps.chromaFormat === 2)
      assert.equal(reader.ue(), 0, 'intra_chroma_pred_mode');
    assert.equal(reader.se(), 0, 'mb_qp_delta');
    const tokens = sps.chromaFormat === 3 ? 3 : 1;
    assert.equal(reader.bits(tokens), 2 ** tokens - 1, 'coeff_token');
  }
}

describe('greyAvcPicture', () => {
  it('has a picture parameter set of its own, without anything special', () => {
    const [pps] = greyAvcPicture(refresh, 5)!;
    // id, sps, CAVLC, field order, slice groups, references, weights, quantizers, deblocking, constrained, redundant
    const { fields, reader } = fieldsOf(pps, [8, 0, 0, 1, 1, 0, 0, 0, 1, 2, 0, 0, 0, 1, 1, 1]);
    assert.deepEqual(fields, [0x68, 5, refresh.id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    assertEnd(reader);
  });

  it('is one IDR slice of that set, of every macroblock', () => {
    const [, slice] = greyAvcPicture(refresh, 5)!;
    // header, first macroblock, type, set, frame_num, idr_pic_id, order, marking, quantizer, deblocking off
    const orderBits = refresh.pictureOrderBits;
    const counts = [8, 0, 0, 0, refresh.frameNumBits, 0, ...(orderBits ? [orderBits] : []), 1, 1, 0, 0];
    const { fields, reader } = fieldsOf(slice, counts);
    assert.deepEqual(fields, [0x65, 0, 7, 5, 0, 0, ...(orderBits ? [0] : []), 0, 0, 0, 1]);
    assertMacroblocks(reader, refresh);
    assertEnd(reader);
  });

  for (const [what, changes, head] of [
    ['picture order of type 0', { pictureOrderType: 0, pictureOrderBits: 16 }, [16]],
    [
      'picture order of type 1',
      { pictureOrderType: 1, pictureOrderBits: 0, pictureOrderIsFixed: false },
      [0],
    ],
    [
      'a fixed picture order of type 1',
      { pictureOrderType: 1, pictureOrderBits: 0, pictureOrderIsFixed: true },
      [],
    ],
    ['picture order of type 2', { pictureOrderType: 2, pictureOrderBits: 0 }, []],
    ['no colour', { chromaFormat: 0 }, undefined],
    ['4:2:2', { chromaFormat: 2 }, undefined],
    ['4:4:4', { chromaFormat: 3 }, undefined],
    ['10 bits', { lumaBitDepth: 10, chromaBitDepth: 10 }, undefined],
    ['frame numbers of 16 bits', { frameNumBits: 16 }, undefined],
    ['another set', { id: 31 }, undefined],
  ] as const) {
    it(`is made for ${what}`, () => {
      const sps: AvcSps = { ...refresh, ...changes };
      const [pps, slice] = greyAvcPicture(sps, 0)!;
      assert.deepEqual(fieldsOf(pps, [8, 0, 0]).fields, [0x68, 0, sps.id]);
      const order = head ?? (sps.pictureOrderType === 0 ? [sps.pictureOrderBits] : []);
      const { reader } = fieldsOf(slice, [8, 0, 0, 0, sps.frameNumBits, 0, ...order, 1, 1, 0, 0]);
      assertMacroblocks(reader, sps);
      assertEnd(reader);
    });
  }

  it('is not made of fields, of separate colour planes, or of what is too large', () => {
    assert.equal(greyAvcPicture({ ...refresh, framesOnly: false }, 0), undefined);
    assert.equal(greyAvcPicture({ ...refresh, chromaFormat: 3, separateColourPlanes: true }, 0), undefined);
    assert.equal(
      greyAvcPicture({ ...refresh, widthInMacroblocks: 256, heightInMapUnits: 257 }, 0),
      undefined,
    );
    assert.ok(greyAvcPicture({ ...refresh, widthInMacroblocks: 256, heightInMapUnits: 256 }, 0));
  });

  it('has nothing in it that looks like a start code', () => {
    for (const { bytes } of goldenVectors<{ codec: string }>('codec/video-records.json').filter(
      ({ expected }) => expected.codec === 'avc',
    )) {
      for (const set of decodeAvcConfig(bytes).sequenceParameterSets) {
        for (const unit of greyAvcPicture(decodeAvcSps(set), 1) ?? []) {
          for (let i = 2; i < unit.length; i++) {
            assert.ok(unit[i - 2] !== 0 || unit[i - 1] !== 0 || unit[i]! > 2);
          }
        }
      }
    }
  });

  it('is small whatever an SPS says, and made at once', () => {
    const bytes = fc.uint8Array({ minLength: 4, maxLength: 60 });
    fc.assert(
      fc.property(bytes, fc.boolean(), fc.nat(255), (some, isHigh, id) => {
        const head = [0x67, isHigh ? 100 : 66, 0, 10];
        const sps = valueOrProtocolError(() => decodeAvcSps(Uint8Array.of(...head, ...some)));
        if (sps instanceof ProtocolError) return;
        const units = greyAvcPicture(sps, id);
        const macroblocks = sps.widthInMacroblocks * sps.heightInMapUnits;
        if (units) assert.ok(units[0].length + units[1].length < 64 + 1.5 * macroblocks);
      }),
      { numRuns: 1500 },
    );
  });
});
