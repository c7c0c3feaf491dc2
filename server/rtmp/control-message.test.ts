import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { aroundBoundaries, someBytes } from '../../shared/testing/arbitraries.ts';
import { assertProtocolError, everyPrefix } from '../../shared/testing/every-prefix.ts';
import { type ControlMessage, decodeControlMessage, encodeControlMessage } from './control-message.ts';
import { decodeUserControl, encodeUserControl, type UserControl } from './user-control.ts';

const message = (typeId: number, body: Uint8Array) => ({
  typeId,
  timestamp: 0,
  messageStreamId: 0,
  chunkStreamId: 2,
  body,
});

const golden: readonly (readonly [number, string, ControlMessage])[] = [
  [1, '00001000', { name: 'set-chunk-size', size: 4096 }],
  [2, '0000012d', { name: 'abort', chunkStreamId: 301 }],
  [3, 'ffffffff', { name: 'acknowledgement', bytes: 0xffffffff }],
  [5, '004c4b40', { name: 'window-ack-size', size: 5_000_000 }],
  [6, '004c4b4002', { name: 'set-peer-bandwidth', size: 5_000_000, limitType: 2 }],
];

describe('protocol control messages', () => {
  for (const [typeId, hex, value] of golden) {
    test(`${value.name} is read, written and refused when cut`, () => {
      assert.deepEqual(decodeControlMessage(message(typeId, fromHex(hex))), value);
      assert.deepEqual(decodeControlMessage(message(typeId, fromHex(`${hex}ffff`))), value);
      const encoded = encodeControlMessage(value);
      assert.deepEqual([encoded.typeId, toHex(encoded.body)], [typeId, hex]);
      everyPrefix(fromHex(hex), (prefix) => {
        assertProtocolError('truncated', () => decodeControlMessage(message(typeId, prefix)));
      });
    });
  }

  test('any number survives, whatever follows it', () => {
    const numbers = aroundBoundaries(0xffffffff, [0x80000000, 0xffffff]);
    fc.assert(
      fc.property(numbers, fc.nat(255), someBytes(20), (number, limitType, rest) => {
        const values: ControlMessage[] = [
          { name: 'abort', chunkStreamId: number },
          { name: 'acknowledgement', bytes: number },
          { name: 'window-ack-size', size: number },
          { name: 'set-peer-bandwidth', size: number, limitType },
        ];
        if (number > 0 && number <= 0xffffff) values.push({ name: 'set-chunk-size', size: number });
        for (const value of values) {
          const { typeId, body } = encodeControlMessage(value);
          assert.deepEqual(decodeControlMessage(message(typeId, concatBytes([body, rest]))), value);
        }
      }),
    );
  });

  test('a chunk size of 0, or one with its first bit set, is refused, and all between are taken', () => {
    const sizeOf = (hex: string) => decodeControlMessage(message(1, fromHex(hex)));
    for (const hex of ['00000000', '80000000', '80000001', 'ffffffff'])
      assertProtocolError('bad-chunk-size', () => sizeOf(hex));
    for (const [hex, size] of [
      ['00000001', 1],
      ['00fffffe', 0xfffffe],
      ['00ffffff', 0xffffff],
      ['01000000', 0xffffff],
      ['7fffffff', 0xffffff],
    ] as const)
      assert.deepEqual(sizeOf(hex), { name: 'set-chunk-size', size });
  });

  test('a chunk size beyond any message means as much as a message can hold', () => {
    const value = decodeControlMessage(message(1, fromHex('7fffffff')));
    assert.deepEqual(value, { name: 'set-chunk-size', size: 0xffffff });
  });

  test('other types are none', () => {
    assert.equal(decodeControlMessage(message(8, fromHex('00001000'))), undefined);
  });
});

const events: readonly (readonly [string, UserControl])[] = [
  ['0000 00000001', { event: 0, value: 1 }],
  ['0003 00000001 02255100', { event: 3, value: 1, bufferLengthMs: 36_000_000 }],
  ['0006 00001234', { event: 6, value: 0x1234 }],
  ['0020 00000001', { event: 32, value: 1 }],
];

describe('user control messages', () => {
  for (const [hex, value] of events) {
    test(`event ${value.event} is read and written, and ignored when cut`, () => {
      assert.deepEqual(decodeUserControl(fromHex(hex)), value);
      assert.deepEqual(encodeUserControl(value), fromHex(hex));
      everyPrefix(fromHex(hex), (prefix) => assert.equal(decodeUserControl(prefix), undefined));
    });
  }

  test('any number survives, whatever follows it', () => {
    const known = fc.constantFrom(0, 1, 2, 3, 4, 6, 7, 31, 32);
    const numbers = aroundBoundaries(0xffffffff, [0x80000000]);
    fc.assert(
      fc.property(known, numbers, numbers, someBytes(8), (event, value, bufferLengthMs, rest) => {
        const control = { event, value, ...(event === 3 && { bufferLengthMs }) };
        assert.deepEqual(decodeUserControl(concatBytes([encodeUserControl(control), rest])), control);
      }),
    );
  });

  test('unknown events are ignored', () => {
    assert.equal(decodeUserControl(fromHex('001a 00000000')), undefined);
    assert.equal(decodeUserControl(fromHex('ffff 00000000')), undefined);
  });
});
