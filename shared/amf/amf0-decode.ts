import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { decodeUtf8 } from '../bytes/utf8.ts';
import type { AmfObject, AmfValue } from './amf-value.ts';
import { amf0Marker as marker } from './amf0-marker.ts';

// AMF0: Adobe "Action Message Format - AMF 0", section 2.

/** What one message may cost. Real commands and metadata stay far below. */
export interface Amf0Limits {
  /** Nested objects and arrays; a value at the top that has members is 1 deep. */
  readonly maxDepth: number;
  /** Values of all levels together; a reference costs as much as what it stands for. */
  readonly maxValues: number;
  /** UTF-8 bytes of one string or key. */
  readonly maxStringBytes: number;
}

export const defaultAmf0Limits: Amf0Limits = { maxDepth: 16, maxValues: 4096, maxStringBytes: 65_536 };

/** Decodes every value up to the end of the bytes. Throws `ProtocolError` on anything that is not AMF0 within limits. */
export function decodeAmf0(bytes: Uint8Array, limits: Partial<Amf0Limits> = {}): AmfValue[] {
  const decoder = new Amf0Decoder(bytes, limits);
  const values: AmfValue[] = [];
  while (decoder.remaining > 0) values.push(decoder.next());
  return values;
}

/** A complex value as later references see it. `value` is missing while its members are still being read. */
interface Referable {
  value?: AmfValue;
  size: number;
  height: number;
}

/** Decodes the values of one message one at a time, for a caller that needs only the first few. */
export class Amf0Decoder {
  readonly #reader: ByteReader;
  readonly #limits: Amf0Limits;
  readonly #complex: Referable[] = [];
  #count = 0;
  #depth = 0;
  /** Deepest level reached since the innermost open value began; gives each complex value its height. */
  #deepest = 0;

  constructor(bytes: Uint8Array, limits: Partial<Amf0Limits> = {}) {
    this.#reader = new ByteReader(bytes);
    this.#limits = { ...defaultAmf0Limits, ...limits };
  }

  get remaining(): number {
    return this.#reader.remaining;
  }

  next(): AmfValue {
    const reader = this.#reader;
    const at = reader.offset;
    const type = reader.u8();
    this.#countValues(1);
    switch (type) {
      case marker.number:
        return reader.f64();
      case marker.boolean:
        return reader.u8() !== 0;
      case marker.string:
        return this.#text(reader.u16());
      case marker.object:
        return this.#complexValue(() => ({ kind: 'object', entries: this.#members() }));
      case marker.null:
        return null;
      case marker.undefined:
      case marker.unsupported:
        return undefined;
      case marker.reference:
        return this.#resolve(reader.u16());
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
        return this.#text(reader.u32());
      case marker.xmlDocument:
        return { kind: 'xml', text: this.#text(reader.u32()) };
      case marker.typedObject:
        return this.#complexValue(() => this.#typedObject());
      case marker.avmPlus:
        throw new ProtocolError('bad-marker', 'AMF3 values (marker 0x11) are not supported', at);
      default:
        throw new ProtocolError('bad-marker', `0x${type.toString(16).padStart(2, '0')} is no AMF0 type`, at);
    }
  }

  #countValues(by: number): void {
    this.#count += by;
    if (this.#count > this.#limits.maxValues) {
      throw new ProtocolError('too-many', `more than ${this.#limits.maxValues} values`, this.#reader.offset);
    }
  }

  #reach(depth: number): void {
    if (depth > this.#limits.maxDepth) {
      throw new ProtocolError('too-deep', `nested deeper than ${this.#limits.maxDepth}`, this.#reader.offset);
    }
    if (depth > this.#deepest) this.#deepest = depth;
  }

  #text(length: number): string {
    if (length > this.#limits.maxStringBytes) {
      throw new ProtocolError('too-large', `a string of ${length} bytes`, this.#reader.offset);
    }
    return decodeUtf8(this.#reader.take(length));
  }

  // Section 2.9: objects and arrays get an index in order of appearance, outer before inner.
  #complexValue(read: () => AmfValue): AmfValue {
    const slot: Referable = { size: 0, height: 0 };
    this.#complex.push(slot);
    const countBefore = this.#count;
    const deepestBefore = this.#deepest;
    this.#depth++;
    this.#deepest = 0;
    this.#reach(this.#depth);
    const value = read();
    slot.value = value;
    slot.size = this.#count - countBefore;
    slot.height = this.#deepest - this.#depth + 1;
    this.#depth--;
    this.#deepest = Math.max(deepestBefore, this.#deepest);
    return value;
  }

  /**
   * A reference is the value it names, charged in full: a few bytes of references to references must not
   * unfold into a tree that hangs whoever walks it. A reference to an enclosing value would be a loop.
   */
  #resolve(index: number): AmfValue {
    const slot = this.#complex[index];
    if (slot === undefined) {
      throw new ProtocolError('bad-value', `reference ${index} to nothing`, this.#reader.offset);
    }
    if (slot.value === undefined) {
      throw new ProtocolError('bad-value', `reference ${index} to a value around it`, this.#reader.offset);
    }
    this.#countValues(slot.size);
    this.#reach(this.#depth + slot.height);
    return slot.value;
  }

  #members(): Map<string, AmfValue> {
    const reader = this.#reader;
    const entries = new Map<string, AmfValue>();
    // Some encoders leave out the end marker of the last object.
    while (reader.remaining > 0) {
      const key = this.#text(reader.u16());
      if (key === '' && reader.bytes[reader.offset] === marker.objectEnd) {
        reader.skip(1);
        break;
      }
      entries.set(key, this.next());
    }
    return entries;
  }

  #elements(): AmfValue[] {
    const reader = this.#reader;
    const count = reader.u32();
    // A value takes at least one byte.
    if (count > reader.remaining) {
      throw new ProtocolError(
        'bad-length',
        `an array of ${count} in ${reader.remaining} bytes`,
        reader.offset,
      );
    }
    const values: AmfValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.next());
    return values;
  }

  #typedObject(): AmfObject {
    const className = this.#text(this.#reader.u16());
    return { kind: 'typed-object', className, entries: this.#members() };
  }
}
