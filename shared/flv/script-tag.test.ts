import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amfEcmaArray, amfObject } from '../amf/amf-value.ts';
import { encodeAmf0 } from '../amf/amf0-encode.ts';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex } from '../bytes/hex.ts';
import { someBytes } from '../testing/arbitraries.ts';
import { assertProtocolError, everyPrefix, valueOrProtocolError } from '../testing/every-prefix.ts';
import { decodeOnMetaData, isClearDataFrame, isOnMetaData, stripSetDataFrame } from './script-tag.ts';

const bare = encodeAmf0(['onMetaData', amfEcmaArray({ width: 640, encoder: 'Lavf59.27.100' })]);
const wrapped = encodeAmf0([
  '@setDataFrame',
  'onMetaData',
  amfEcmaArray({ width: 640, encoder: 'Lavf59.27.100' }),
]);

test('@setDataFrame is cut where it stands, without a copy', () => {
  const stripped = stripSetDataFrame(wrapped);
  assert.deepEqual(stripped, bare);
  assert.equal(wrapped.length - stripped.length, 16);
  assert.equal(stripped.buffer, wrapped.buffer);
  assert.equal(stripSetDataFrame(bare), bare);
});

test('onMetaData and @clearDataFrame are recognised by their names alone', () => {
  assert.equal(isOnMetaData(bare), true);
  assert.equal(isOnMetaData(wrapped), false);
  assert.equal(isOnMetaData(encodeAmf0(['onMetaDataX'])), false);
  assert.equal(isClearDataFrame(encodeAmf0(['@clearDataFrame', 'onMetaData'])), true);
  assert.equal(isClearDataFrame(wrapped), false);
  everyPrefix(bare.subarray(0, 13), (prefix) => assert.equal(isOnMetaData(prefix), false));
});

test('metadata reads the same as an ECMA array, as an object, with or without @setDataFrame', () => {
  for (const body of [
    bare,
    wrapped,
    encodeAmf0(['onMetaData', amfObject({ width: 640, encoder: 'Lavf59.27.100' })]),
  ]) {
    const properties = decodeOnMetaData(body);
    assert.equal(properties.get('width'), 640);
    assert.equal(properties.get('encoder'), 'Lavf59.27.100');
  }
});

test('metadata without properties, and rubbish behind them, are no fault', () => {
  assert.equal(decodeOnMetaData(encodeAmf0(['onMetaData'])).size, 0);
  assert.equal(decodeOnMetaData(encodeAmf0(['onMetaData', 'text'])).size, 0);
  assert.equal(decodeOnMetaData(concatBytes([bare, fromHex('ff')])).get('width'), 640);
});

test('another message is not metadata', () => {
  assertProtocolError('bad-value', () => decodeOnMetaData(encodeAmf0(['onCuePoint', amfObject({})])));
  assertProtocolError('truncated', () => decodeOnMetaData(new Uint8Array(0)));
});

test('random bytes behind the name give properties or a ProtocolError', () => {
  const name = encodeAmf0(['onMetaData']);
  fc.assert(
    fc.property(
      someBytes(),
      (bytes) => void valueOrProtocolError(() => decodeOnMetaData(concatBytes([name, bytes]))),
    ),
  );
});
