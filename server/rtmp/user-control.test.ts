import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { everyPrefix } from '../../shared/testing/every-prefix.ts';
import { decodeUserControl, encodeUserControl, type UserControl, userControlEvent } from './user-control.ts';

const golden: readonly (readonly [what: string, hex: string, control: UserControl])[] = [
  ['StreamBegin', '0000 00000001', { event: 0, value: 1 }],
  ['StreamEOF', '0001 00000001', { event: 1, value: 1 }],
  ['StreamDry', '0002 00000001', { event: 2, value: 1 }],
  [
    'SetBufferLength of rtmpdump',
    '0003 00000001 02255100',
    { event: 3, value: 1, bufferLengthMs: 36_000_000 },
  ],
  ['StreamIsRecorded', '0004 00000001', { event: 4, value: 1 }],
  ['a ping', '0006 ffffffff', { event: 6, value: 0xffffffff }],
  ['its answer', '0007 ffffffff', { event: 7, value: 0xffffffff }],
  ['BufferEmpty of Flash Media Server', '001f 00000001', { event: 31, value: 1 }],
  ['BufferReady of Flash Media Server', '0020 00000001', { event: 32, value: 1 }],
];

describe('User control messages', () => {
  for (const [what, hex, control] of golden) {
    it(`are read and written: ${what}`, () => {
      const bytes = fromHex(hex);
      assert.deepEqual(decodeUserControl(bytes), control);
      assert.equal(toHex(encodeUserControl(control)), toHex(bytes));
    });

    it(`are ignored when they are cut, and bytes behind them are: ${what}`, () => {
      everyPrefix(fromHex(hex), (prefix) => assert.equal(decodeUserControl(prefix), undefined));
      assert.deepEqual(decodeUserControl(fromHex(`${hex} 00`)), control);
    });
  }

  it('of every event that there is have a line above', () => {
    assert.deepEqual(
      golden.map(([, , { event }]) => event),
      Object.values(userControlEvent),
    );
  });

  it('of other events are ignored', () => {
    for (const event of ['0005', '0008', '001e', '0021', 'ffff']) {
      assert.equal(decodeUserControl(fromHex(`${event} 00000001 00000001`)), undefined);
    }
  });
});
