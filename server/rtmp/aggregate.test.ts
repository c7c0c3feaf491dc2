import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../../shared/bytes/hex.ts';
import { encodeFlvTags } from '../../shared/flv/flv-writer.ts';
import { sizedBytes, timestamps } from '../../shared/testing/arbitraries.ts';
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

test('what was put in comes out, with its times counted from the first', () => {
  const tag = fc.record({
    kind: fc.constantFrom('audio' as const, 'video' as const, 'data' as const),
    timestampMs: timestamps,
    body: sizedBytes(70_000),
  });
  const typeIds = { audio: 8, video: 9, data: 18 };
  fc.assert(
    fc.property(fc.array(tag, { minLength: 1, maxLength: 4 }), timestamps, (tags, timestamp) => {
      const parts = split(encodeFlvTags(tags), timestamp);
      assert.equal(parts.length, tags.length);
      for (const [i, { kind, timestampMs, body }] of tags.entries()) {
        const part = parts[i]!;
        assert.equal(part.typeId, typeIds[kind]);
        assert.equal(part.timestamp, (timestamp + timestampMs - tags[0]!.timestampMs) >>> 0);
        assert.ok(Buffer.compare(part.body, body) === 0, `a body of ${body.length} bytes`);
      }
    }),
    { numRuns: 100 },
  );
});

test('any bytes give messages that lie within them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
      const total = split(body).reduce((sum, message) => sum + message.body.length, 0);
      assert.ok(total <= body.length);
    }),
  );
});
