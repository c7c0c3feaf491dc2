import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex } from '../bytes/hex.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { Amf3Writer, amf3Values } from '../testing/amf3-writer.ts';
import { aroundBoundaries, sizedBytes } from '../testing/arbitraries.ts';
import { assertProtocolError, everyPrefix, valueOrProtocolError } from '../testing/every-prefix.ts';
import type { AmfLimits } from './amf-budget.ts';
import { type AmfValue, amfEcmaArray, amfGet, amfObject } from './amf-value.ts';
import { Amf0Decoder, decodeAmf0 } from './amf0-decode.ts';
import { encodeAmf0 } from './amf0-encode.ts';

/** Decodes one AMF3 value the way it travels: behind the switch in AMF0. */
function decode(hex: string, limits?: Partial<AmfLimits>): AmfValue {
  const values = decodeAmf0(fromHex(`11 ${hex}`), limits);
  assert.equal(values.length, 1);
  return values[0];
}

const typed = (className: string, record: Record<string, AmfValue>): AmfValue => ({
  kind: 'typed-object',
  className,
  entries: new Map(Object.entries(record)),
});

const golden: readonly { name: string; hex: string; value: AmfValue }[] = [
  { name: 'undefined', hex: '00', value: undefined },
  { name: 'null', hex: '01', value: null },
  { name: 'false', hex: '02', value: false },
  { name: 'true', hex: '03', value: true },
  { name: 'an integer of one byte', hex: '04 7f', value: 127 },
  { name: 'an integer of two bytes', hex: '04 8100', value: 128 },
  { name: 'the largest integer of two bytes', hex: '04 ff7f', value: 0x3fff },
  { name: 'an integer of three bytes', hex: '04 818000', value: 0x4000 },
  { name: 'an integer of four bytes, the last of them whole', hex: '04 80c08000', value: 0x200000 },
  { name: 'the largest integer', hex: '04 bfffffff', value: 2 ** 28 - 1 },
  { name: 'the smallest integer', hex: '04 c0808000', value: -(2 ** 28) },
  { name: 'minus one', hex: '04 ffffffff', value: -1 },
  { name: 'a double', hex: '05 3ff8000000000000', value: 1.5 },
  { name: 'a string', hex: '06 07 616263', value: 'abc' },
  { name: 'the empty string', hex: '06 01', value: '' },
  { name: 'an XML document', hex: '07 09 3c612f3e', value: { kind: 'xml', text: '<a/>' } },
  { name: 'E4X', hex: '0b 09 3c612f3e', value: { kind: 'xml', text: '<a/>' } },
  { name: 'a date', hex: '08 01 4014000000000000', value: { kind: 'date', epochMs: 5 } },
  { name: 'a dense array', hex: '09 05 01 0401 03', value: [1, true] },
  {
    name: 'an array with names',
    // 1 dense element; x: 2; end of names; the element
    hex: '09 03 0378 0402 01 0407',
    value: amfEcmaArray({ x: 2, 0: 7 }),
  },
  {
    name: 'an anonymous dynamic object',
    // traits inline, dynamic, 0 sealed; no class name; a: null; end
    hex: '0a 0b 01 0361 01 01',
    value: amfObject({ a: null }),
  },
  {
    name: 'an object of a class with one sealed member',
    hex: '0a 13 0354 0378 0405',
    value: typed('T', { x: 5 }),
  },
  {
    name: 'an object with sealed and dynamic members',
    hex: '0a 1b 0354 0378 0405 0379 03 01',
    value: typed('T', { x: 5, y: true }),
  },
  {
    name: 'an ArrayCollection, as its array',
    // externalizable, "flex.messaging.io.ArrayCollection" (33 bytes)
    hex: `0a 07 43 ${Buffer.from('flex.messaging.io.ArrayCollection').toString('hex')} 09 03 01 0401`,
    value: [1],
  },
  { name: 'a byte array', hex: '0c 05 0aff', value: { kind: 'bytes', bytes: Uint8Array.of(10, 255) } },
  { name: 'a vector of int', hex: '0d 05 00 00000001 ffffffff', value: [1, -1] },
  { name: 'a vector of uint', hex: '0e 03 01 ffffffff', value: [0xffffffff] },
  { name: 'a vector of double', hex: '0f 03 00 3ff8000000000000', value: [1.5] },
  { name: 'a vector of objects', hex: '10 05 00 0354 0403 01', value: [3, null] },
  {
    name: 'a dictionary',
    hex: '11 05 00 0401 02 06036b 03',
    value: {
      kind: 'dictionary',
      pairs: [
        [1, false],
        ['k', true],
      ],
    },
  },
];

describe('AMF3', () => {
  for (const { name, hex, value } of golden) {
    test(`decodes ${name}`, () => assert.deepEqual(decode(hex), value));
    test(`a cut anywhere in ${name} is a typed error`, () => {
      everyPrefix(fromHex(`11 ${hex}`), (prefix) => {
        if (prefix.length === 0) return;
        const result = valueOrProtocolError(() => decodeAmf0(prefix));
        assert.ok(result instanceof ProtocolError, 'an error');
        assert.match(result.code, /truncated|bad-length/);
      });
    });
  }

  test('whatever Flash would write decodes to the same value, repeated parts as references', () => {
    fc.assert(
      fc.property(fc.array(amf3Values, { minLength: 1, maxLength: 3 }), (values) => {
        const twice = [values, values];
        const bytes = concatBytes([Uint8Array.of(0x11), new Amf3Writer().value(twice).finish()]);
        assert.deepEqual(decodeAmf0(bytes, { maxDepth: 30 }), [twice]);
      }),
    );
  });

  test('integers, texts, byte arrays and vectors decode to themselves around every edge of a U29', () => {
    const limits = { maxStringBytes: 2 ** 21, maxTextBytes: 2 ** 24, maxValues: 2 ** 18 };
    // A length is written doubled, with a bit that says that it stands here.
    const edges = [0x40, 0x80, 0x2000, 0x4000, 0x10_0000, 0x20_0000];
    const decodeOf = (write: (out: Amf3Writer) => void): AmfValue => {
      const out = new Amf3Writer();
      write(out);
      return decodeAmf0(concatBytes([Uint8Array.of(0x11), out.finish()]), limits)[0];
    };
    fc.assert(
      fc.property(
        aroundBoundaries(2 ** 28, edges),
        aroundBoundaries(2 ** 20, edges).map((length) => 'x'.repeat(length)),
        sizedBytes(20_000, edges),
        aroundBoundaries(20_000, edges),
        (number, text, bytes, count) => {
          for (const value of [number, -number])
            assert.equal(
              decodeOf((out) => out.value(value)),
              value,
            );
          assert.equal(
            decodeOf((out) => out.value(text)),
            text,
          );
          assert.deepEqual(
            decodeOf((out) => out.value({ kind: 'bytes', bytes })),
            { kind: 'bytes', bytes },
          );
          const array = new Array<AmfValue>(count).fill(null);
          assert.deepEqual(
            decodeOf((out) => out.value(array)),
            array,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('random bytes and flipped bytes give values or a ProtocolError', () => {
    const anything = fc
      .tuple(fc.integer({ min: 0, max: 0x12 }), fc.uint8Array({ maxLength: 60 }))
      .map(([type, rest]) => Uint8Array.of(0x11, type, ...rest));
    const flipped = fc.tuple(amf3Values, fc.nat(), fc.nat(255)).map(([value, where, byte]) => {
      const bytes = new Amf3Writer().value(value).finish();
      bytes[where % bytes.length] = byte;
      return concatBytes([Uint8Array.of(0x11), bytes]);
    });
    fc.assert(
      fc.property(fc.oneof(anything, flipped), (bytes) => void valueOrProtocolError(() => decodeAmf0(bytes))),
      { numRuns: 3000 },
    );
  });

  test('stands among AMF0 values, also inside them, and the tables begin anew at each switch', () => {
    // "a", switch: array ["bc"], null, {k: switch "bc"}
    const bytes = fromHex('02 0001 61 11 09 03 01 06 05 6263 05 03 0001 6b 11 06 05 6263 000009');
    assert.deepEqual(decodeAmf0(bytes), ['a', ['bc'], null, amfObject({ k: 'bc' })]);
    assertProtocolError('bad-value', () => decodeAmf0(fromHex('11 06 05 6263 11 06 00')));
    const decoder = new Amf0Decoder(bytes);
    decoder.next();
    assert.equal(decoder.sawAmf3, false);
    decoder.next();
    assert.equal(decoder.sawAmf3, true);
  });

  test('a reference to nothing, or to a value around it, is refused', () => {
    for (const hex of ['06 00', '09 00', '0a 00', '0a 01', '08 02', '0c 00', '11 00']) {
      assertProtocolError('bad-value', () => decode(hex));
    }
    assertProtocolError('bad-value', () => decode('09 03 01 09 00'));
  });

  test('objects that write themselves are refused, but for ArrayCollection', () => {
    assertProtocolError('bad-value', () => decode('0a 07 0354 01'));
  });

  test('unknown types are refused', () => {
    for (const hex of ['12', '7f', 'ff']) assertProtocolError('bad-marker', () => decode(hex));
  });

  test('a key called __proto__ is only a key', () => {
    const value = decode('0a 0b 01 13 5f5f70726f746f5f5f 0401 01');
    assert.equal(amfGet(value, '__proto__'), 1);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
  });

  test('no count is believed that the bytes left could not hold', () => {
    for (const hex of [
      '09 ffffffff 01', // elements
      '0a fffffffb 01', // sealed names
      '0d ffffffff 00 00000001',
      '0f ffffffff 00',
      '10 ffffffff 00 01',
      '11 ffffffff 00',
    ]) {
      assertProtocolError('bad-length', () => decode(hex));
    }
    assertProtocolError('too-large', () => decode('06 ffffffff'));
    assertProtocolError('too-large', () => decode('0c ffffffff'));
  });

  test('shares its limits with the AMF0 around it', () => {
    const nested = (levels: number) => `${'09 03 01'.repeat(levels - 1)}09 01 01`;
    assert.doesNotThrow(() => decode(nested(16)));
    assertProtocolError('too-deep', () => decode(nested(17)));
    // An AMF0 array around 16 levels of AMF3.
    assertProtocolError('too-deep', () => decodeAmf0(fromHex(`0a 00000001 11 ${nested(16)}`)));
    assert.doesNotThrow(() => decode(`0d 07 00 ${'00000000'.repeat(3)}`, { maxValues: 4 }));
    assertProtocolError('too-many', () => decode(`0d 07 00 ${'00000000'.repeat(3)}`, { maxValues: 3 }));
    assertProtocolError('too-large', () => decode('06 07 616263', { maxStringBytes: 2 }));
  });

  test('text that unfolds from references is charged each time', () => {
    // ["abcd", "abcd", "abcd"], the last two as references
    const array = '09 07 01 06 09 61626364 06 00 06 00';
    assert.deepEqual(decode(array, { maxTextBytes: 12 }), ['abcd', 'abcd', 'abcd']);
    assertProtocolError('too-large', () => decode(array, { maxTextBytes: 11 }));
    // [["abcd"], reference to it]
    const object = '09 05 01 09 03 01 06 09 61626364 09 02';
    assert.deepEqual(decode(object, { maxTextBytes: 8 }), [['abcd'], ['abcd']]);
    assertProtocolError('too-large', () => decode(object, { maxTextBytes: 7 }));
  });

  test('told in AMF0, values stay what they are and what has no form there becomes unsupported', () => {
    const bytes: AmfValue = { kind: 'bytes', bytes: Uint8Array.of(1) };
    const dictionary: AmfValue = { kind: 'dictionary', pairs: [] };
    assert.deepEqual(encodeAmf0([bytes, dictionary]), fromHex('0d 0d'));
    assert.deepEqual(decodeAmf0(encodeAmf0([decode('09 03 0378 0402 01 0407')])), [
      amfEcmaArray({ x: 2, 0: 7 }),
    ]);
  });
});
