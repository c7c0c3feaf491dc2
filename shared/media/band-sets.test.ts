import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex } from '../bytes/hex.ts';
import { lengthed } from '../testing/clips.ts';
import { avcSets, hevcSets, pps, sps } from '../testing/packets.ts';
import { BandSets } from './band-sets.ts';
import { MAX_SET_BYTES, MAX_SETS } from './video-record.ts';

const collected = (band: BandSets, ...units: readonly Uint8Array[]): BandSets => {
  const data = lengthed(units);
  band.collect('avc', data, 0, data.length, 4);
  data.fill(0xee);
  return band;
};
const known = (...sets: readonly Uint8Array[]) => ({ codec: 'avc', nalLengthSize: 4, sets }) as const;
const set = (id: number, last = 0x80): Uint8Array => Uint8Array.of(0x68, [0x80, 0x40, 0x60, 0x20][id]!, last);

describe('BandSets', () => {
  it('is a record once the sets are all there, in one packet or in several', () => {
    const band = collected(new BandSets(), sps);
    assert.equal(band.recordAfter('avc', undefined), undefined);
    assert.deepEqual(collected(band, pps).recordAfter('avc', undefined), known(sps, pps));
    const hevc = new BandSets();
    const data = lengthed(hevcSets);
    hevc.collect('hevc', data, 0, data.length, 4);
    assert.deepEqual(hevc.recordAfter('hevc', undefined)?.sets, hevcSets);
  });

  it('is nothing new where it says what is known', () => {
    const band = collected(new BandSets(), sps, pps);
    assert.equal(band.recordAfter('avc', known(...avcSets)), undefined);
    assert.equal(band.recordAfter('avc', known(sps, set(1), pps)), undefined);
    assert.equal(new BandSets().recordAfter('avc', known(...avcSets)), undefined);
  });

  it('takes the place of what is known where it is all that a decoder needs', () => {
    const other = fromHex('6742c00a8c68');
    const band = collected(new BandSets(), other, set(1));
    assert.deepEqual(band.recordAfter('avc', known(sps, pps)), known(other, set(1)));
  });

  it('is put beside what is known, by identifier, where it is not all', () => {
    const two = known(sps, set(0), set(1));
    assert.deepEqual(
      collected(new BandSets(), set(2)).recordAfter('avc', two),
      known(sps, set(0), set(1), set(2)),
    );
    assert.deepEqual(
      collected(new BandSets(), set(1, 0x81)).recordAfter('avc', two),
      known(sps, set(0), set(1, 0x81)),
    );
    const other = fromHex('6742c00a8c68');
    assert.deepEqual(collected(new BandSets(), other).recordAfter('avc', two), known(other, set(0), set(1)));
  });

  it('keeps the lengths that are known', () => {
    const short = { ...known(sps, pps), nalLengthSize: 2 };
    assert.equal(collected(new BandSets(), set(1)).recordAfter('avc', short)?.nalLengthSize, 2);
  });

  it('begins anew with the first sets after a picture, and holds them until then', () => {
    const band = collected(new BandSets(), sps, pps);
    band.pictureCame();
    assert.deepEqual(band.recordAfter('avc', undefined), known(sps, pps), 'also for a picture without sets');
    collected(band, set(1));
    assert.equal(band.recordAfter('avc', undefined), undefined);
  });

  it('holds each set once, no more than a record has room for, and none that is too long', () => {
    const band = new BandSets();
    for (let i = 0; i < 100; i++) collected(band, sps, pps);
    assert.deepEqual(band.recordAfter('avc', undefined), known(sps, pps));
    for (let i = 0; i < 100; i++) collected(band, Uint8Array.of(0x68, 0x80, i, 0x80));
    assert.equal(band.recordAfter('avc', undefined)?.sets.length, MAX_SETS);
    const long = collected(
      new BandSets(),
      sps,
      Uint8Array.from({ length: MAX_SET_BYTES + 1 }, () => 0x68),
    );
    assert.equal(long.recordAfter('avc', undefined), undefined);
  });
});
