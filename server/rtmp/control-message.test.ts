import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
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

  test('unknown events are ignored', () => {
    assert.equal(decodeUserControl(fromHex('001a 00000000')), undefined);
    assert.equal(decodeUserControl(fromHex('ffff 00000000')), undefined);
  });
});
