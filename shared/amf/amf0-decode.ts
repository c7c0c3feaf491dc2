import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { AmfBudget, type AmfLimits, type Referable } from './amf-budget.ts';
import type { AmfObject, AmfValue } from './amf-value.ts';
import { amf0Marker as marker } from './amf0-marker.ts';
import { Amf3Decoder } from './amf3-decode.ts';

// AMF0: Adobe "Action Message Format - AMF 0", section 2. A value behind marker 0x11 is AMF3 (section 3.1).

/** Decodes every value up to the end of the bytes. Throws `ProtocolError` on anything that is not AMF within limits. */
export function decodeAmf0(bytes: Uint8Array, limits: Partial<AmfLimits> = {}): AmfValue[] {
  const decoder = new Amf0Decoder(bytes, limits);
  const values: AmfValue[] = [];
  while (decoder.remaining > 0) values.push(decoder.next());
  return values;
}

/** Decodes the values of one message one at a time, for a caller that needs only the first few. */
export class Amf0Decoder {
  /** One of the values so far was AMF3, or held some. */
  sawAmf3 = false;
  readonly #reader: ByteReader;
  readonly #budget: AmfBudget;
  readonly #complex: Referable[] = [];

  constructor(bytes: Uint8Array, limits: Partial<AmfLimits> = {}) {
    this.#reader = new ByteReader(bytes);
    this.#budget = new AmfBudget(this.#reader, limits);
  }

  get remaining(): number {
    return this.#reader.remaining;
  }

  next(): AmfValue {
    const reader = this.#reader;
    const budget = this.#budget;
    const at = reader.offset;
    const type = reader.u8();
    if (type === marker.avmPlus) {
      this.sawAmf3 = true;
      // Section 3.1 of the AMF3 document: the reference tables begin anew with each switch.
      return new Amf3Decoder(reader, budget).next();
    }
    budget.countValues(1);
    switch (type) {
      case marker.number:
        return reader.f64();
      case marker.boolean:
        return reader.u8() !== 0;
      case marker.string:
        return budget.text(reader.u16());
      case marker.object:
        return this.#complexValue(() => ({ kind: 'object', entries: this.#members() }));
      case marker.null:
        return null;
      case marker.undefined:
      case marker.unsupported:
        return undefined;
      case marker.reference:
        return budget.resolve(this.#complex, reader.u16());
      case marker.ecmaArray:
        // The count is only a hint: encoders write 0 or a wrong number.
        reader.skip(4);
        return this.#complexValue(() => ({ kind: 'ecma-array', entries: this.#members() }));
      case marker.strictArray:
        return this.#complexValue(() => this.#elements());
      case marker.date: {
        const epochMs = reader.f64();
        reader.skip(2); // time zone, reserved
        return { kind: 'date', epochMs };
      }
      case marker.longString:
        return budget.text(reader.u32());
      case marker.xmlDocument:
        return { kind: 'xml', text: budget.text(reader.u32()) };
      case marker.typedObject:
        return this.#complexValue(() => this.#typedObject());
      default:
        throw new ProtocolError('bad-marker', `0x${type.toString(16).padStart(2, '0')} is no AMF0 type`, at);
    }
  }

  // Section 2.9: objects and arrays get an index in order of appearance, outer before inner.
  #complexValue(read: () => AmfValue): AmfValue {
    return this.#budget.nested(this.#complex, read);
  }

  #members(): Map<string, AmfValue> {
    const reader = this.#reader;
    const entries = new Map<string, AmfValue>();
    // Some encoders leave out the end marker of the last object.
    while (reader.remaining > 0) {
      const key = this.#budget.text(reader.u16());
      if (key === '' && reader.bytes[reader.offset] === marker.objectEnd) {
        reader.skip(1);
        break;
      }
      entries.set(key, this.next());
    }
    return entries;
  }

  #elements(): AmfValue[] {
    const count = this.#reader.u32();
    this.#budget.checkCount(count, 1);
    const values: AmfValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.next());
    return values;
  }

  #typedObject(): AmfObject {
    const className = this.#budget.text(this.#reader.u16());
    return { kind: 'typed-object', className, entries: this.#members() };
  }
}
