import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes/hex.ts';
import { detached } from '../testing/detached.ts';
import { escapeRbsp, unescapeRbsp } from './rbsp.ts';

/** Mostly the bytes that matter: zeros and what may follow two of them. */
const rbsp = fc
  .array(fc.oneof(fc.constantFrom(0, 0, 0, 1, 2, 3, 4), fc.nat(255)), { maxLength: 60 })
  .map((bytes) => Uint8Array.from(bytes));

describe('Emulation prevention', () => {
  for (const [plain, escaped] of [
    ['67 00 00 00 01', '67 00 00 03 00 01'],
    ['67 00 00 01', '67 00 00 03 01'],
    ['67 00 00 02', '67 00 00 03 02'],
    ['67 00 00 03', '67 00 00 03 03'],
    ['67 00 00 04', '67 00 00 04'],
    ['67 00 01 00 02', '67 00 01 00 02'],
    ['67 00 00 00 00 00 00', '67 00 00 03 00 00 03 00 00'],
  ] as const) {
    it(`makes ${escaped} of ${plain}, and back`, () => {
      assert.equal(toHex(escapeRbsp(fromHex(plain))), toHex(fromHex(escaped)));
      assert.equal(toHex(unescapeRbsp(detached(fromHex(escaped)))), toHex(fromHex(plain)));
    });
  }

  it('takes away a byte at the very end, which stands behind zeros there', () => {
    assert.equal(toHex(unescapeRbsp(fromHex('67 00 00 03'))), '670000');
  });

  it('gives back what was escaped, without anything like a start code in between', () => {
    fc.assert(
      fc.property(rbsp, (bytes) => {
        const escaped = escapeRbsp(bytes);
        assert.doesNotMatch(toHex(escaped).replace(/../g, '$& '), /00 00 0[012]/);
        assert.deepEqual(unescapeRbsp(escaped), bytes);
        assert.ok(escaped.length <= 1.5 * bytes.length + 1);
      }),
      { numRuns: 1000 },
    );
  });
});
