import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aroundBoundaries, someBytes } from '../testing/arbitraries.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { toHex } from './hex.ts';

test('integers are written big-endian, and little-endian where the name says so', () => {
  const writer = new ByteWriter(1).u8(1).u16(0x0203).u24(0x040506).u32(0x0708090a).u32le(0x0e0d0c0b).f64(1);
  assert.equal(toHex(writer.finish()), '0102030405060708090a0b0c0d0e3ff0000000000000');
  assert.equal(writer.length, 22);
});

test('whatever is written reads back, however small the first capacity', () => {
  fc.assert(
    fc.property(
      fc.nat(9),
      aroundBoundaries(0xff),
      aroundBoundaries(0xffff),
      aroundBoundaries(0xffffff),
      aroundBoundaries(0xffffffff),
      fc.double(),
      someBytes(),
      (capacity, a, b, c, d, e, bytes) => {
        const writer = new ByteWriter(capacity).u8(a).u16(b).u24(c).u32(d).f64(e).bytes(bytes);
        const reader = new ByteReader(writer.finish());
        assert.deepEqual(
          [reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.f64()],
          [a, b, c, d, e],
        );
        assert.deepEqual(reader.rest(), bytes);
      },
    ),
  );
});
