import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { fromHex } from '../bytes/hex.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { amfValues, aroundBoundaries, someBytes } from '../testing/arbitraries.ts';
import { assertProtocolError, everyPrefix, valueOrProtocolError } from '../testing/every-prefix.ts';
import { type AmfValue, amfEcmaArray, amfGet, amfObject, isAmfObject } from './amf-value.ts';
import { Amf0Decoder, decodeAmf0 } from './amf0-decode.ts';
import { encodeAmf0 } from './amf0-encode.ts';

const golden: readonly { name: string; hex: string; values: AmfValue[] }[] = [
  {
    name: 'releaseStream as FFmpeg sends it',
    hex: '02 000d 72656c6561736553747265616d 00 4000000000000000 05 02 0004 66666176',
    values: ['releaseStream', 2, null, 'ffav'],
  },
  {
    name: 'publish',
    hex: '02 0007 7075626c697368 00 4014000000000000 05 02 0004 66666176 02 0004 6c697665',
    values: ['publish', 5, null, 'ffav', 'live'],
  },
  {
    name: 'the result of createStream',
    hex: '02 0007 5f726573756c74 00 4010000000000000 05 00 3ff0000000000000',
    values: ['_result', 4, null, 1],
  },
  { name: 'booleans and undefined', hex: '01 01 01 00 06', values: [true, false, undefined] },
  {
    name: 'an object',
    hex: '03 0003 617070 02 0004 6c697665 0005 6670616400 01 00 000009',
    values: [amfObject({ app: 'live', 'fpad\0': false })],
  },
  {
    name: 'an ECMA array',
    hex: '08 00000001 0001 61 0a 00000002 05 06 000009',
    values: [amfEcmaArray({ a: [null, undefined] })],
  },
  { name: 'a date', hex: '0b 4014000000000000 0000', values: [{ kind: 'date', epochMs: 5 }] },
  { name: 'an XML document', hex: '0f 00000004 3c612f3e', values: [{ kind: 'xml', text: '<a/>' }] },
  {
    name: 'a typed object',
    hex: '10 0001 54 0001 78 05 000009',
    values: [{ kind: 'typed-object', className: 'T', entries: new Map([['x', null]]) }],
  },
  { name: 'text beyond ASCII', hex: '02 0006 d096d0b6 c3a9', values: ['Жжé'] },
  { name: 'a byte order mark inside a string', hex: '02 0004 efbbbf 61', values: ['\ufeffa'] },
];

for (const { name, hex, values } of golden) {
  const bytes = fromHex(hex);
  test(`decodes ${name}`, () => assert.deepEqual(decodeAmf0(bytes), values));
  test(`encodes ${name}`, () => assert.deepEqual(encodeAmf0(values), bytes));
  test(`a cut anywhere in ${name} gives fewer values or a typed error`, () => {
    everyPrefix(bytes, (prefix) => {
      const result = valueOrProtocolError(() => decodeAmf0(prefix));
      if (result instanceof ProtocolError) assert.match(result.code, /truncated|bad-length/);
      else assert.ok(result.length <= values.length);
    });
  });
}

test('whatever is encoded decodes to the same values', () => {
  fc.assert(
    fc.property(fc.array(amfValues, { maxLength: 5 }), (values) => {
      assert.deepEqual(decodeAmf0(encodeAmf0(values)), values);
    }),
  );
});

test('texts and keys of any length decode to themselves', () => {
  const limits = { maxStringBytes: 200_000 };
  const text = (most: number) => aroundBoundaries(most, [65_535]).map((length) => 'x'.repeat(length));
  fc.assert(
    fc.property(text(140_000), text(65_535), text(65_535), (long, key, className) => {
      const values: AmfValue[] = [
        long,
        { kind: 'xml', text: long },
        amfObject({ [key]: 1 }),
        { kind: 'typed-object', className, entries: new Map() },
      ];
      assert.deepEqual(decodeAmf0(encodeAmf0(values), limits), values);
    }),
    { numRuns: 60 },
  );
});

test('an object of 60000 keys takes six times the steps of one of 10000', (t) => {
  const stepsFor = (keys: number): number => {
    const writer = new ByteWriter();
    writer.u8(3);
    for (let i = 0; i < keys; i++)
      writer
        .u16(5)
        .bytes(Uint8Array.from(String(10_000 + i), (c) => c.charCodeAt(0)))
        .u8(5);
    const bytes = writer.u16(0).u8(9).finish();
    const mocks = (['u8', 'u16', 'take', 'skip'] as const).map((name) =>
      t.mock.method(ByteReader.prototype, name),
    );
    const [object] = decodeAmf0(bytes, { maxValues: 100_000 });
    assert.ok(isAmfObject(object) && object.entries.size === keys);
    const steps = mocks.reduce((sum, { mock }) => sum + mock.callCount(), 0);
    t.mock.restoreAll();
    return steps;
  };
  const [few, many] = [stepsFor(10_000), stepsFor(60_000)];
  assert.ok(few >= 30_000 && Math.abs(many / few - 6) < 0.01, `${few} and ${many} steps`);
});

test('random bytes give values or a ProtocolError', () => {
  const marked = fc
    .tuple(fc.integer({ min: 0, max: 0x12 }), someBytes())
    .map(([m, rest]) => Uint8Array.of(m, ...rest));
  fc.assert(
    fc.property(marked, (bytes) => void valueOrProtocolError(() => decodeAmf0(bytes))),
    { numRuns: 2000 },
  );
});

test('one flipped byte in real values gives values or a ProtocolError', () => {
  fc.assert(
    fc.property(
      fc.array(amfValues, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      fc.nat(255),
      (values, where, byte) => {
        const bytes = encodeAmf0(values).slice();
        bytes[where % bytes.length] = byte;
        valueOrProtocolError(() => decodeAmf0(bytes));
      },
    ),
  );
});

test('the count of an ECMA array is only a hint', () => {
  assert.deepEqual(decodeAmf0(fromHex('08 ffffffff 0001 61 05 000009 05')), [
    amfEcmaArray({ a: null }),
    null,
  ]);
  assert.deepEqual(decodeAmf0(fromHex('08 00000000 0001 61 05 000009')), [amfEcmaArray({ a: null })]);
});

test('a missing end marker at the end of the bytes is tolerated', () => {
  assert.deepEqual(decodeAmf0(fromHex('03 0001 61 05')), [amfObject({ a: null })]);
  assert.deepEqual(decodeAmf0(fromHex('08 00000001 0001 61 03 0001 62 05')), [
    amfEcmaArray({ a: amfObject({ b: null }) }),
  ]);
});

test('a key called __proto__ is only a key', () => {
  const [value] = decodeAmf0(fromHex('03 0009 5f5f70726f746f5f5f 03 0001 78 05 000009 000009'));
  assert.deepEqual(amfGet(value, '__proto__'), amfObject({ x: null }));
  assert.equal(amfGet(value, 'x'), undefined);
  assert.equal(({} as Record<string, unknown>).x, undefined);
});

test('the last of two equal keys wins', () => {
  const [value] = decodeAmf0(fromHex('03 0001 61 01 00 0001 61 01 01 000009'));
  assert.deepEqual(value, amfObject({ a: true }));
});

test('invalid UTF-8 becomes replacement characters', () => {
  assert.deepEqual(decodeAmf0(fromHex('02 0002 ff41')), ['\ufffdA']);
});

test('a reference gives the value it names', () => {
  // [{a: null}, reference to it]: index 0 is the array, 1 the object.
  const inner = amfObject({ a: null });
  assert.deepEqual(decodeAmf0(fromHex('0a 00000002 03 0001 61 05 000009 07 0001')), [[inner, inner]]);
});

test('a reference to nothing or to an enclosing value is refused', () => {
  assertProtocolError('bad-value', () => decodeAmf0(fromHex('07 0000')));
  assertProtocolError('bad-value', () => decodeAmf0(fromHex('03 0001 61 07 0000 000009')));
});

test('references that unfold into a huge or deep tree are refused', () => {
  // Array n holds two references to array n - 1: 2^n values when walked.
  const wide = new ByteWriter().u8(0x0a).u32(0);
  for (let i = 0; i < 14; i++) wide.u8(0x0a).u32(2).u8(0x07).u16(i).u8(0x07).u16(i);
  assertProtocolError('too-many', () => decodeAmf0(wide.finish(), { maxDepth: 1000 }));
  // Array n holds one: n deep although no array is written inside another.
  const deep = new ByteWriter().u8(0x0a).u32(0);
  for (let i = 0; i < 16; i++) deep.u8(0x0a).u32(1).u8(0x07).u16(i);
  assertProtocolError('too-deep', () => decodeAmf0(deep.finish()));
});

const nested = (levels: number): Uint8Array => fromHex(`${'0a00000001'.repeat(levels - 1)}0a00000000`);

test('sixteen levels are decoded and the seventeenth is refused', () => {
  assert.doesNotThrow(() => decodeAmf0(nested(16)));
  assertProtocolError('too-deep', () => decodeAmf0(nested(17)));
  assertProtocolError('too-deep', () => decodeAmf0(nested(20_000)));
});

test('siblings do not add to the depth', () => {
  const siblings = new ByteWriter().u8(0x0a).u32(3);
  for (let i = 0; i < 3; i++) siblings.bytes(nested(15));
  assert.doesNotThrow(() => decodeAmf0(siblings.finish()));
});

test('4096 values are decoded and one more is refused', () => {
  assert.equal(decodeAmf0(new Uint8Array(4096).fill(5)).length, 4096);
  assertProtocolError('too-many', () => decodeAmf0(new Uint8Array(4097).fill(5)));
});

test('a string over the limit is refused, also as a key and however long the input claims it is', () => {
  assert.deepEqual(decodeAmf0(fromHex('02 0003 616263'), { maxStringBytes: 3 }), ['abc']);
  assertProtocolError('too-large', () => decodeAmf0(fromHex('02 0004 61626364'), { maxStringBytes: 3 }));
  assertProtocolError('too-large', () => decodeAmf0(fromHex('03 0004 61626364 05'), { maxStringBytes: 3 }));
  assertProtocolError('too-large', () => decodeAmf0(fromHex('0c ffffffff 61')));
});

test('a strict array cannot claim more elements than there are bytes', () => {
  assertProtocolError('bad-length', () => decodeAmf0(fromHex('0a ffffffff 05')));
});

test('reserved and unknown markers are refused, as is a stray end marker', () => {
  for (const hex of ['04', '0e', '09', '12', 'ff']) {
    assertProtocolError('bad-marker', () => decodeAmf0(fromHex(hex)));
  }
});

test('the decoder hands out one value at a time, so what follows may be broken', () => {
  const decoder = new Amf0Decoder(fromHex('02 0001 61 05 ff'));
  assert.equal(decoder.next(), 'a');
  assert.equal(decoder.next(), null);
  assert.equal(decoder.remaining, 1);
});
