import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amfGet } from '../../shared/amf/amf-value.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { amfValues, aroundBoundaries } from '../../shared/testing/arbitraries.ts';
import { assertProtocolError } from '../../shared/testing/every-prefix.ts';
import { decodeCommand, encodeCommand } from './command.ts';

const message = (typeId: number, hex: string, messageStreamId = 0) => ({
  typeId,
  timestamp: 0,
  messageStreamId,
  chunkStreamId: 3,
  body: fromHex(hex),
});

const publish = '02 0007 7075626c697368 00 4014000000000000 05 02 0004 66666176 02 0004 6c697665';

test('a command is read and written', () => {
  const command = decodeCommand(message(20, publish, 1));
  assert.deepEqual(command, {
    name: 'publish',
    transactionId: 5,
    messageStreamId: 1,
    object: null,
    args: ['ffav', 'live'],
  });
  assert.equal(toHex(encodeCommand('publish', 5, null, 'ffav', 'live')), toHex(fromHex(publish)));
});

test('type 17 is the same after a zero byte, which some clients leave out', () => {
  assert.equal(decodeCommand(message(17, `00 ${publish}`))?.name, 'publish');
  assert.equal(decodeCommand(message(17, publish))?.name, 'publish');
});

test('arguments may be AMF3, as Flash with objectEncoding 3 sends them', () => {
  // "play", 0, null, switch: string "ab", switch: true
  const command = decodeCommand(
    message(17, '00 02 0004 706c6179 00 0000000000000000 05 11 06 05 6162 11 03'),
  );
  assert.deepEqual([command?.name, command?.args], ['play', ['ab', true]]);
});

test('a transaction id that is no number counts as none', () => {
  assert.equal(decodeCommand(message(20, '02 0001 78 05 05'))?.transactionId, 0);
  assert.equal(decodeCommand(message(20, '02 0001 78 00 7ff8000000000000 05'))?.transactionId, 0);
  assert.deepEqual(decodeCommand(message(20, '02 0001 78'))?.args, []);
});

test('what does not begin with a name is no command', () => {
  assert.equal(decodeCommand(message(20, '00 000000')), undefined);
  assert.equal(decodeCommand(message(20, '')), undefined);
  assert.equal(decodeCommand(message(17, '00')), undefined);
});

test('any command is read as it was written', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      aroundBoundaries(0xffffffff),
      amfValues,
      fc.array(amfValues, { maxLength: 3 }),
      fc.nat(5),
      (name, transactionId, object, args, messageStreamId) => {
        const body = encodeCommand(name, transactionId, object, ...args);
        const envelope = { timestamp: 0, messageStreamId, chunkStreamId: 3 };
        const expected = { name, transactionId, messageStreamId, object, args };
        assert.deepEqual(decodeCommand({ typeId: 20, body, ...envelope }), expected);
        const flex = concatBytes([Uint8Array.of(0), body]);
        assert.deepEqual(decodeCommand({ typeId: 17, body: flex, ...envelope }), expected);
      },
    ),
  );
});

test('a cut command is a protocol error', () => {
  assertProtocolError('truncated', () => decodeCommand(message(20, '02 0007 7075')));
  assertProtocolError('truncated', () => decodeCommand(message(20, '02 0001 78 00 4014')));
});

test('keys of Object.prototype are only keys', () => {
  const hex = '02 0007 636f6e6e656374 00 3ff0000000000000 03 0009 5f5f70726f746f5f5f 05 000009';
  const object = decodeCommand(message(20, hex))?.object;
  assert.equal(amfGet(object, '__proto__'), null);
  assert.equal(amfGet(object, 'constructor'), undefined);
});
