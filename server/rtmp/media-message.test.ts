import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amfObject } from '../../shared/amf/amf-value.ts';
import { decodeAmf0 } from '../../shared/amf/amf0-decode.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { Amf3Writer } from '../../shared/testing/amf3-writer.ts';
import { toMediaEvent } from './media-message.ts';

const bodyOf = (typeId: number, body: Uint8Array): Uint8Array | undefined =>
  toMediaEvent({ typeId, timestamp: 7, messageStreamId: 1, chunkStreamId: 4, body })?.body;

/** "onMetaData" in AMF0, then one AMF3 value. */
const withAmf3 = (value: Uint8Array): Uint8Array =>
  concatBytes([fromHex('02 000a 6f6e4d65746144617461 11'), value]);

const plain = fromHex('02 0004 6f6e4649 03 0001 61 05 000009');

test('data of type 15 that holds AMF0 loses its zero byte and nothing else, with and without one', () => {
  assert.deepEqual(bodyOf(15, concatBytes([Uint8Array.of(0), plain])), plain);
  assert.deepEqual(bodyOf(15, plain), plain);
});

test('AMF3 in data becomes AMF0, because FLV players know nothing else', () => {
  const metadata = new Amf3Writer().value(amfObject({ width: 640, encoder: 'x' })).finish();
  const expected = ['onMetaData', amfObject({ width: 640, encoder: 'x' })];
  for (const [typeId, body] of [
    [15, concatBytes([Uint8Array.of(0), withAmf3(metadata)])],
    [18, withAmf3(metadata)],
  ] as const) {
    const converted = bodyOf(typeId, body);
    assert.ok(converted !== undefined);
    assert.equal(converted.includes(0x11), false);
    assert.deepEqual(decodeAmf0(converted), expected);
  }
});

test('AMF3 that cannot be read, or only by its own class, is no media', () => {
  assert.equal(bodyOf(15, withAmf3(fromHex('0a 07 0354 01'))), undefined);
  assert.equal(bodyOf(18, withAmf3(fromHex('0a 07 0354 01'))), undefined);
  assert.equal(bodyOf(15, withAmf3(fromHex('06 07 61'))), undefined);
});

test('data of type 15 that does not begin with a name is no media', () => {
  for (const hex of ['', '00', '00 00', '00 11 06 03 61', '05']) {
    assert.equal(bodyOf(15, fromHex(hex)), undefined, hex);
  }
});

test('a name of AMF3 that has no form as a key of AMF0 costs the message, not the connection', () => {
  // An object with one dynamic member whose name is 40000 bytes of invalid UTF-8: three times as many when written.
  const long = concatBytes([
    fromHex('0a 0b 01'),
    fromHex('84f101'),
    new Uint8Array(40_000).fill(0xff),
    fromHex('01 01'),
  ]);
  assert.equal(bodyOf(15, withAmf3(long)), undefined);
});

test('data of type 18 without AMF3 is passed on as it is, whatever it holds', () => {
  for (const hex of [toHex(plain), '', '11', '02 0001 61 ff 11', '02 0001 11 05']) {
    const body = fromHex(hex);
    if (hex === '11') assert.equal(bodyOf(18, body), undefined);
    else assert.equal(bodyOf(18, body), body);
  }
});
