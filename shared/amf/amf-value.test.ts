import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  amfEcmaArray,
  amfGet,
  amfObject,
  asBoolean,
  asNumber,
  asString,
  isAmfArray,
  isAmfObject,
} from './amf-value.ts';

test('members are read from objects and ECMA arrays, and are undefined elsewhere', () => {
  assert.equal(amfGet(amfObject({ app: 'live' }), 'app'), 'live');
  assert.equal(amfGet(amfEcmaArray({ width: 640 }), 'width'), 640);
  assert.equal(amfGet(amfObject({}), 'toString'), undefined);
  for (const value of [undefined, null, 'app', 3, ['app'], { kind: 'date', epochMs: 0 } as const]) {
    assert.equal(amfGet(value, 'app'), undefined);
    assert.equal(isAmfObject(value), false);
  }
});

test('values are narrowed without being converted', () => {
  assert.equal(asString('7'), '7');
  assert.equal(asString(7), undefined);
  assert.equal(asNumber(7), 7);
  assert.equal(asNumber('7'), undefined);
  assert.equal(asNumber(Number.NaN), undefined);
  assert.equal(asNumber(Number.POSITIVE_INFINITY), undefined);
  assert.equal(asBoolean(false), false);
  assert.equal(asBoolean(0), undefined);
  assert.equal(isAmfArray([1]), true);
  assert.equal(isAmfArray(amfEcmaArray({})), false);
});
