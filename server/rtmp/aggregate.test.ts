import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../../shared/bytes/hex.ts';
import { everyPrefix } from '../../shared/testing/every-prefix.ts';
import { AggregateReader } from './aggregate.ts';
import type { RtmpMessage } from './message.ts';

function split(body: Uint8Array, timestamp = 1000): RtmpMessage[] {
  const reader = new AggregateReader({ typeId: 22, timestamp, messageStreamId: 1, chunkStreamId: 6, body });
  const messages: RtmpMessage[] = [];
  for (let message = reader.next(); message; message = reader.next()) messages.push(message);
  return messages;
}

const audioAt = (time: string, extension: string, byte: string): string =>
  `08 000001 ${time} ${extension} 000000 ${byte} 0000000c`;

test('sub-messages get times relative to the aggregate and its stream id', () => {
  const body = fromHex(`${audioAt('000064', '00', 'aa')} 09 000002 000078 00 000005 bbbb 0000000d`);
  assert.deepEqual(split(body), [
    { typeId: 8, timestamp: 1000, messageStreamId: 1, chunkStreamId: 6, body: Uint8Array.of(0xaa) },
    { typeId: 9, timestamp: 1020, messageStreamId: 1, chunkStreamId: 6, body: Uint8Array.of(0xbb, 0xbb) },
  ]);
});

test('the high byte of a time follows the low three, and times wrap', () => {
  const body = fromHex(`${audioAt('fffff0', 'ff', 'aa')} ${audioAt('000010', '00', 'bb')}`);
  assert.deepEqual(
    split(body, 0xfffffff0).map(({ timestamp }) => timestamp),
    [0xfffffff0, 0x10],
  );
});

test('control messages and aggregates inside are left out', () => {
  const inner = (type: string): string => `${type} 000004 000000 00 000000 00000001 0000000f`;
  assert.deepEqual(split(fromHex(`${inner('01')} ${inner('16')} ${inner('14')}`)), []);
});

test('a cut tail is dropped and a missing last back pointer does not matter', () => {
  const whole = fromHex(`${audioAt('000000', '00', 'aa')} ${audioAt('000014', '00', 'bb')}`);
  everyPrefix(whole, (prefix) => {
    const expected = prefix.length < 12 ? 0 : prefix.length < 28 ? 1 : 2;
    assert.equal(split(prefix).length, expected, `${prefix.length} bytes`);
  });
});

test('any bytes give messages that lie within them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
      const total = split(body).reduce((sum, message) => sum + message.body.length, 0);
      assert.ok(total <= body.length);
    }),
  );
});
