import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromBits, ue } from '../testing/bits.ts';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import { toHex } from './hex.ts';

describe('BitWriter', () => {
  it('writes the most significant bit first, and ends as a raw byte sequence payload does', () => {
    const bytes = new BitWriter().bits(0x68, 8).flag(true).bits(0b01, 2).flag(false).finish();
    assert.equal(toHex(bytes), toHex(fromBits('01101000 1010 1')));
  });

  it('ends a whole byte with a byte of its own', () => {
    assert.equal(toHex(new BitWriter().bits(0xff, 8).finish()), 'ff80');
    assert.equal(toHex(new BitWriter().finish()), '80');
  });

  it('takes the lowest bits of a number and no others', () => {
    assert.equal(toHex(new BitWriter().bits(0xfff5, 4).finish()), '58');
    assert.equal(toHex(new BitWriter().bits(0, 0).bits(0xdeadbeef, 32).finish()), 'deadbeef80');
  });

  it('writes Exp-Golomb codes as the table has them', () => {
    for (const value of [0, 1, 2, 3, 6, 7, 254, 255, 65_535, 2 ** 31 - 2]) {
      assert.equal(toHex(new BitWriter().ue(value).finish()), toHex(fromBits(`${ue(value)}1`)), `${value}`);
    }
  });

  it('is read back by BitReader, whatever is written', () => {
    const step = fc.oneof(
      fc
        .tuple(fc.integer({ min: 0, max: 32 }), fc.nat(0xffffffff))
        .map(([count, value]) => ({ count, value: count === 32 ? value : value % 2 ** count })),
      fc.nat(2 ** 31 - 2).map((value) => ({ count: -1, value })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const writer = new BitWriter();
        for (const { count, value } of steps) count < 0 ? writer.ue(value) : writer.bits(value, count);
        const reader = new BitReader(writer.finish());
        for (const { count, value } of steps)
          assert.equal(count < 0 ? reader.ue() : reader.bits(count), value);
        assert.equal(reader.flag(), true);
        assert.ok(reader.remaining < 8);
        assert.equal(reader.bits(reader.remaining), 0);
      }),
    );
  });
});
