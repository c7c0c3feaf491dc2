import type { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import type { AmfBudget, Referable } from './amf-budget.ts';
import type { AmfObject, AmfValue } from './amf-value.ts';
import { amf3Marker as marker } from './amf3-marker.ts';

// AMF3: Adobe "Action Message Format - AMF 3", section 3. Most values begin with a U29, 1 to 4 bytes: its lowest bit
// says whether what follows is written here (1) or stood earlier, under an index (0).

/** Flex wraps arrays in this class; its body is the array. No other class that writes itself is known here. */
const ARRAY_COLLECTION = 'flex.messaging.io.ArrayCollection';

/** What the objects of one class have in common. */
interface Traits {
  readonly className: string;
  readonly sealed: readonly string[];
  readonly dynamic: boolean;
  readonly externalizable: boolean;
}

/** Decodes AMF3 values that stand in a message of AMF0, from where its reader is. Limits are those of the message. */
export class Amf3Decoder {
  readonly #reader: ByteReader;
  readonly #budget: AmfBudget;
  readonly #strings: string[] = [];
  readonly #objects: Referable[] = [];
  readonly #traits: Traits[] = [];

  constructor(reader: ByteReader, budget: AmfBudget) {
    this.#reader = reader;
    this.#budget = budget;
  }

  next(): AmfValue {
    const reader = this.#reader;
    const at = reader.offset;
    const type = reader.u8();
    this.#budget.countValues(1);
    switch (type) {
      case marker.undefined:
        return undefined;
      case marker.null:
        return null;
      case marker.false:
        return false;
      case marker.true:
        return true;
      case marker.integer:
        // 29 bits, the highest of them the sign.
        return (this.#u29() << 3) >> 3;
      case marker.double:
        return reader.f64();
      case marker.string:
        return this.#string();
      case marker.xmlDocument:
      case marker.xml:
        return this.#referable((length) => ({ kind: 'xml', text: this.#budget.text(length) }));
      case marker.date:
        return this.#referable(() => ({ kind: 'date', epochMs: reader.f64() }));
      case marker.array:
        return this.#referable((count) => this.#array(count));
      case marker.object:
        return this.#referable((head) => this.#object(head));
      case marker.byteArray:
        return this.#referable((length) => ({ kind: 'bytes', bytes: this.#budget.bytes(length).slice() }));
      case marker.vectorInt:
        return this.#vector(4, () => reader.s32());
      case marker.vectorUint:
        return this.#vector(4, () => reader.u32());
      case marker.vectorDouble:
        return this.#vector(8, () => reader.f64());
      case marker.vectorObject:
        return this.#referable((count) => this.#objectVector(count));
      case marker.dictionary:
        return this.#referable((count) => this.#dictionary(count));
      default:
        throw new ProtocolError('bad-marker', `0x${type.toString(16).padStart(2, '0')} is no AMF3 type`, at);
    }
  }

  /** Section 1.3.1: seven bits a byte while the top bit is set, and all eight of a fourth byte. */
  #u29(): number {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      const byte = this.#reader.u8();
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return (value << 8) | this.#reader.u8();
  }

  /** A value of the object table: the one that is referred to, or the one that `read` makes of what the head says. */
  #referable(read: (head: number) => AmfValue): AmfValue {
    const head = this.#u29();
    if ((head & 1) === 0) return this.#budget.resolve(this.#objects, head >> 1);
    return this.#budget.nested(this.#objects, () => read(head >> 1));
  }

  /** The empty string is never put into the table (section 1.3.2). */
  #string(): string {
    const head = this.#u29();
    if (head & 1) {
      const text = this.#budget.text(head >> 1);
      if (head > 1) this.#strings.push(text);
      return text;
    }
    const text = this.#strings[head >> 1];
    if (text === undefined) {
      throw new ProtocolError('bad-value', `reference ${head >> 1} to no string`, this.#reader.offset);
    }
    this.#budget.countText(text.length);
    return text;
  }

  /** Named members up to an empty name, then the elements by position. With names it is what AMF0 calls an ECMA array. */
  #array(count: number): AmfValue {
    this.#budget.checkCount(count, 1);
    const entries = this.#dynamicMembers(new Map());
    if (entries.size === 0) return this.#elements(count);
    for (let i = 0; i < count; i++) entries.set(String(i), this.next());
    return { kind: 'ecma-array', entries };
  }

  #elements(count: number): AmfValue[] {
    const values: AmfValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.next());
    return values;
  }

  #dynamicMembers(entries: Map<string, AmfValue>): Map<string, AmfValue> {
    for (let key = this.#string(); key !== ''; key = this.#string()) entries.set(key, this.next());
    return entries;
  }

  #object(head: number): AmfValue {
    const traits = this.#readTraits(head);
    const { className } = traits;
    if (traits.externalizable) {
      if (className === ARRAY_COLLECTION) return this.next();
      const text = 'an object that only its own class can read';
      throw new ProtocolError('bad-value', text, this.#reader.offset);
    }
    const entries = new Map<string, AmfValue>();
    for (const name of traits.sealed) {
      // The names stand in the input once for all objects of the class.
      this.#budget.countText(name.length);
      entries.set(name, this.next());
    }
    if (traits.dynamic) this.#dynamicMembers(entries);
    if (className === '') return { kind: 'object', entries };
    this.#budget.countText(className.length);
    return { kind: 'typed-object', className, entries } satisfies AmfObject;
  }

  /** `head` without its lowest bit: 0 and an index; or 1, externalizable, dynamic and the number of sealed members. */
  #readTraits(head: number): Traits {
    if ((head & 1) === 0) {
      const known = this.#traits[head >> 1];
      if (known !== undefined) return known;
      throw new ProtocolError('bad-value', `reference ${head >> 1} to no class`, this.#reader.offset);
    }
    const externalizable = (head & 2) !== 0;
    const className = this.#string();
    const sealed: string[] = [];
    if (!externalizable) {
      const count = head >> 3;
      this.#budget.checkCount(count, 1);
      for (let i = 0; i < count; i++) sealed.push(this.#string());
    }
    const traits = { className, sealed, dynamic: (head & 4) !== 0, externalizable };
    this.#traits.push(traits);
    return traits;
  }

  /** Numbers of a fixed width behind a byte that says whether the vector may grow. */
  #vector(bytesEach: number, read: () => number): AmfValue {
    return this.#referable((count) => {
      this.#reader.skip(1);
      this.#budget.checkCount(count, bytesEach);
      this.#budget.countValues(count);
      return Array.from({ length: count }, read);
    });
  }

  #objectVector(count: number): AmfValue {
    this.#reader.skip(1);
    this.#string(); // class of the elements; each of them says it again
    this.#budget.checkCount(count, 1);
    return this.#elements(count);
  }

  #dictionary(count: number): AmfValue {
    this.#reader.skip(1); // whether keys are held weakly
    this.#budget.checkCount(count, 2);
    const pairs: [AmfValue, AmfValue][] = [];
    for (let i = 0; i < count; i++) pairs.push([this.next(), this.next()]);
    return { kind: 'dictionary', pairs };
  }
}
