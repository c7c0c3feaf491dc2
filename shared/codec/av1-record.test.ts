import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { av1Clip } from '../testing/clips.ts';
import { detached } from '../testing/detached.ts';
import { everyPrefix, valueOrProtocolError } from '../testing/every-prefix.ts';
import { goldenVectors } from '../testing/golden.ts';
import { decodeAv1Config } from './av1-config.ts';
import { encodeAv1Record } from './av1-record.ts';

describe('encodeAv1Record', () => {
  // av1C of MP4 files that ffmpeg 5.1.9 wrote, with libaom as encoder.
  for (const [what, record] of [
    ['Main, 4:2:0', '81000c000a0a00000002afff9b5f2008'],
    ['High, 4:4:4', '812000000a0a20000002afff9b5f2040'],
    ['Main, 10 bits', '81004c000a0a00000002afff9b5f2808'],
    ['Main, no colour', '81001c000a0a00000002afff9b5f2540'],
  ] as const) {
    it(`makes the record that ffmpeg wrote, of its sequence header: ${what}`, () => {
      const obus = concatBytes([fromHex('1200'), fromHex(record).subarray(4), fromHex('320110')]);
      assert.equal(toHex(encodeAv1Record(detached(obus))!), record);
    });
  }

  it('makes one of the first temporal unit of a clip, and none of the second', () => {
    const [first, second] = av1Clip();
    assert.equal(toHex(encodeAv1Record(first!)!), '81000c000a0a00000002afff9b5f2008');
    assert.equal(encodeAv1Record(second!), undefined);
  });

  it('says what the records of other encoders say', () => {
    const records = goldenVectors<{ codec: string }>('codec/video-records.json').filter(
      ({ expected }) => expected.codec === 'av1',
    );
    for (const { name, bytes } of records) {
      const { obus, ...config } = decodeAv1Config(bytes);
      const made = obus.length > 0 ? encodeAv1Record(obus) : undefined;
      if (!made) continue;
      const { obus: ours, ...said } = decodeAv1Config(made);
      assert.deepEqual(said, config, name);
      assert.deepEqual(ours, obus.subarray(0, ours.length), name);
    }
  });

  it('calls a header that is cut short what it is', () => {
    const header = fromHex('00000002afff9b5f2008');
    everyPrefix(header.subarray(0, 9), (prefix) => {
      const made = valueOrProtocolError(() =>
        encodeAv1Record(concatBytes([Uint8Array.of(0x0a, prefix.length), prefix])),
      );
      assert.ok(made instanceof ProtocolError, `${prefix.length} bytes`);
    });
  });

  it('gives a record, nothing, or a ProtocolError for any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((some) => Uint8Array.of(0x0a, some.length, ...some));
    fc.assert(
      fc.property(fc.oneof(bytes, fc.uint8Array({ maxLength: 40 })), (some) => {
        const made = valueOrProtocolError(() => encodeAv1Record(some));
        if (made === undefined || made instanceof ProtocolError) return;
        assert.ok(made.length <= some.length + 6);
        decodeAv1Config(made);
      }),
      { numRuns: 1500 },
    );
  });
});
