import fc from 'fast-check';
import type { AmfValue } from '../amf/amf-value.ts';
import { isAmfArray } from '../amf/amf-value.ts';
import { amf3Marker as marker } from '../amf/amf3-marker.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';

/**
 * Writes AMF3 as Flash does, with every string, class and object that came before as a reference: input for tests.
 * An object that is met again is the same JavaScript object.
 */
export class Amf3Writer {
  readonly #out = new ByteWriter();
  readonly #strings = new Map<string, number>();
  readonly #classes = new Map<string, number>();
  readonly #objects = new Map<object, number>();

  finish(): Uint8Array {
    return this.#out.finish().slice();
  }

  value(value: AmfValue): this {
    const out = this.#out;
    if (value === undefined) out.u8(marker.undefined);
    else if (value === null) out.u8(marker.null);
    else if (typeof value === 'boolean') out.u8(value ? marker.true : marker.false);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') {
      out.u8(marker.string);
      this.string(value);
    } else this.#complex(value);
    return this;
  }

  u29(value: number): this {
    const out = this.#out;
    if (value < 0x80) out.u8(value);
    else if (value < 0x4000) out.u8((value >> 7) | 0x80).u8(value & 0x7f);
    else if (value < 0x200000)
      out
        .u8((value >> 14) | 0x80)
        .u8(((value >> 7) & 0x7f) | 0x80)
        .u8(value & 0x7f);
    else
      out
        .u8((value >> 22) | 0x80)
        .u8(((value >> 15) & 0x7f) | 0x80)
        .u8(((value >> 8) & 0x7f) | 0x80)
        .u8(value & 0xff);
    return this;
  }

  string(text: string): void {
    const known = this.#strings.get(text);
    if (known !== undefined) {
      this.u29(known << 1);
      return;
    }
    const bytes = encodeUtf8(text);
    this.u29((bytes.length << 1) | 1);
    this.#out.bytes(bytes);
    if (bytes.length > 0) this.#strings.set(text, this.#strings.size);
  }

  #number(value: number): void {
    const isInteger = value >= -(2 ** 28) && value < 2 ** 28 && Object.is(value | 0, value);
    if (!isInteger) this.#out.u8(marker.double).f64(value);
    else {
      this.#out.u8(marker.integer);
      this.u29(value & 0x1fffffff);
    }
  }

  #complex(value: AmfValue & object): void {
    const out = this.#out;
    const kind = isAmfArray(value) ? 'array' : value.kind;
    const markers = {
      array: marker.array,
      'ecma-array': marker.array,
      object: marker.object,
      'typed-object': marker.object,
      date: marker.date,
      xml: marker.xml,
      bytes: marker.byteArray,
      dictionary: marker.dictionary,
    };
    out.u8(markers[kind]);
    const known = this.#objects.get(value);
    if (known !== undefined) {
      this.u29(known << 1);
      return;
    }
    this.#objects.set(value, this.#objects.size);
    if (isAmfArray(value)) {
      this.u29((value.length << 1) | 1);
      this.string('');
      for (const element of value) this.value(element);
      return;
    }
    switch (value.kind) {
      case 'date':
        this.u29(1);
        out.f64(value.epochMs);
        return;
      case 'xml': {
        const bytes = encodeUtf8(value.text);
        this.u29((bytes.length << 1) | 1);
        out.bytes(bytes);
        return;
      }
      case 'bytes':
        this.u29((value.bytes.length << 1) | 1);
        out.bytes(value.bytes);
        return;
      case 'dictionary':
        this.u29((value.pairs.length << 1) | 1);
        out.u8(0);
        for (const [key, element] of value.pairs) this.value(key).value(element);
        return;
      case 'ecma-array':
        this.u29(1);
        this.#dynamic(value.entries);
        return;
      case 'object':
      case 'typed-object':
        this.#object(value.className ?? '', value.entries);
        return;
      default:
        value satisfies never;
    }
  }

  /** A class with a name has sealed members here, one without has dynamic ones. */
  #object(className: string, entries: ReadonlyMap<string, AmfValue>): void {
    const names = className === '' ? [] : [...entries.keys()];
    const key = JSON.stringify([className, names]);
    const known = this.#classes.get(key);
    if (known === undefined) {
      this.#classes.set(key, this.#classes.size);
      this.u29((names.length << 4) | (className === '' ? 0b1011 : 0b0011));
      this.string(className);
      for (const name of names) this.string(name);
    } else this.u29((known << 2) | 1);
    if (className === '') this.#dynamic(entries);
    else for (const value of entries.values()) this.value(value);
  }

  #dynamic(entries: ReadonlyMap<string, AmfValue>): void {
    for (const [name, value] of entries) {
      this.string(name);
      this.value(value);
    }
    this.string('');
  }
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.constantFrom('__proto__', 'width', 'код'),
);

/** Any value that AMF3 can carry, nested a few levels; strings and classes repeat. */
export const amf3Values: fc.Arbitrary<AmfValue> = fc.letrec<{ value: AmfValue }>((tie) => {
  const entries = fc.array(fc.tuple(names, tie('value')), { maxLength: 3 });
  return {
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.constantFrom<AmfValue>(
        undefined,
        null,
        true,
        false,
        'again',
        '',
        -1,
        0x0fffffff,
        -(2 ** 28),
        2 ** 28,
      ),
      fc.double(),
      fc.integer(),
      text,
      fc.double().map((epochMs): AmfValue => ({ kind: 'date', epochMs })),
      text.map((value): AmfValue => ({ kind: 'xml', text: value })),
      fc.uint8Array({ maxLength: 20 }).map((bytes): AmfValue => ({ kind: 'bytes', bytes })),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 })
        .map((pairs): AmfValue => ({ kind: 'dictionary', pairs })),
      entries.map((list): AmfValue => ({ kind: 'object', entries: new Map(list) })),
      entries.map(
        (list): AmfValue => ({
          kind: 'typed-object',
          className: 'org.example.Thing',
          entries: new Map(list),
        }),
      ),
      fc
        .array(fc.tuple(names, tie('value')), { minLength: 1, maxLength: 3 })
        .map((list): AmfValue => ({ kind: 'ecma-array', entries: new Map(list) })),
    ),
  };
}).value;
