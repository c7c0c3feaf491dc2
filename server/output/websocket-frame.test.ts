import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../shared/bytes/hex.ts';
import { aroundBoundaries } from '../../shared/testing/arbitraries.ts';
import { binaryFrameHeaderBytes, writeBinaryFrameHeader } from './websocket-frame.ts';

function headerOf(payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(1 + binaryFrameHeaderBytes(payloadBytes));
  assert.equal(writeBinaryFrameHeader(bytes, 1, payloadBytes), bytes.length);
  return bytes.subarray(1);
}

it('A frame header is as RFC 6455 section 5.2 draws it, on both sides of each edge', () => {
  for (const [length, hex] of [
    [0, '8200'],
    [1, '8201'],
    [125, '827d'],
    [126, '827e007e'],
    [127, '827e007f'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
    [0xffffffff, '827f00000000ffffffff'],
    [0x100000000, '827f0000000100000000'],
  ] as const)
    assert.equal(toHex(headerOf(length)), hex);
});

it('A frame header of any length says that length, in the shortest form', () => {
  const lengths = aroundBoundaries(2 ** 40, [125, 126, 65_536]);
  fc.assert(
    fc.property(lengths, (length) => {
      const header = headerOf(length);
      const view = new DataView(header.buffer, header.byteOffset, header.length);
      const short = view.getUint8(1);
      const said = short < 126 ? short : short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
      assert.equal(said, length);
      assert.equal(header.length, length < 126 ? 2 : length < 65_536 ? 4 : 10);
    }),
  );
});
