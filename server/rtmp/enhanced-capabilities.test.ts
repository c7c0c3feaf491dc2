import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AmfValue, amfEcmaArray, amfObject } from '../../shared/amf/amf-value.ts';
import { amfValues } from '../../shared/testing/arbitraries.ts';
import { readCapabilities, relayCapabilities, writeCapabilities } from './enhanced-capabilities.ts';

test('nothing of Enhanced RTMP is nothing, and Flash itself says that it can seek', () => {
  for (const value of [null, undefined, amfObject({}), amfObject({ app: 'live', videoFunction: 1 })]) {
    assert.equal(readCapabilities(value), undefined);
  }
});

test('each property alone shows Enhanced RTMP', () => {
  const none = {
    fourCcList: [],
    videoFourCcInfoMap: {},
    audioFourCcInfoMap: {},
    capsEx: 0,
    videoFunction: 0,
  };
  const read = (record: Record<string, AmfValue>) => readCapabilities(amfObject(record));
  assert.deepEqual(read({ fourCcList: ['hvc1', '*'] }), { ...none, fourCcList: ['hvc1', '*'] });
  assert.deepEqual(read({ videoFourCcInfoMap: amfEcmaArray({ vp09: 3 }) }), {
    ...none,
    videoFourCcInfoMap: { vp09: 3 },
  });
  assert.deepEqual(read({ audioFourCcInfoMap: amfObject({ 'ac-3': 1 }) }), {
    ...none,
    audioFourCcInfoMap: { 'ac-3': 1 },
  });
  assert.deepEqual(read({ capsEx: 0 }), none);
  assert.deepEqual(read({ capsEx: 15 }), { ...none, capsEx: 15 });
  // HDR, of version 1.
  assert.deepEqual(read({ videoFunction: 3 }), { ...none, videoFunction: 3 });
});

test('what is no FourCC, and what is too much, is left out', () => {
  const many = Array.from({ length: 100 }, () => 'av01');
  const read = readCapabilities(
    amfObject({
      fourCcList: ['hevc1', 'a\nb1', 7, null, 'Opus', ...many],
      videoFourCcInfoMap: amfObject({ '': 1, hvc1: 'x', av01: Number.NaN, __proto__x: 1, vp08: -1 }),
    }),
  );
  assert.equal(read?.fourCcList[0], 'Opus');
  assert.ok(read.fourCcList.length <= 64);
  assert.deepEqual(read.videoFourCcInfoMap, { hvc1: 0, av01: 0, vp08: 0xffffffff });
});

test('what is written is read back', () => {
  assert.deepEqual(readCapabilities(amfObject(writeCapabilities(relayCapabilities))), relayCapabilities);
});

test('whatever stands in connect is read without a throw, into what JSON can hold', () => {
  const names = ['fourCcList', 'videoFourCcInfoMap', 'audioFourCcInfoMap', 'capsEx', 'videoFunction'];
  const properties = fc.dictionary(fc.constantFrom(...names), amfValues).map((record) => amfObject(record));
  fc.assert(
    fc.property(properties, (value) => {
      const read = readCapabilities(value) ?? null;
      assert.deepEqual(JSON.parse(JSON.stringify(read)), read);
    }),
  );
});
