import type { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { decodeUtf8 } from '../bytes/utf8.ts';
import type { AmfValue } from './amf-value.ts';

/** What one message may cost. Real commands and metadata stay far below. */
export interface AmfLimits {
  /** Nested objects and arrays; a value at the top that has members is 1 deep. */
  readonly maxDepth: number;
  /** Values of all levels together; a reference costs as much as what it stands for. */
  readonly maxValues: number;
  /** Bytes of one string, key or byte array. */
  readonly maxStringBytes: number;
  /** Bytes of all of these together, counted each time they are referred to: what writing the values out could take. */
  readonly maxTextBytes: number;
}

export const defaultAmfLimits: AmfLimits = {
  maxDepth: 16,
  maxValues: 4096,
  maxStringBytes: 65_536,
  maxTextBytes: 1_048_576,
};

/** A message costs more than it may. */
export class AmfLimitError extends ProtocolError {
  readonly limit: keyof AmfLimits;

  constructor(
    code: 'too-deep' | 'too-large' | 'too-many',
    fault: { readonly limit: keyof AmfLimits; readonly message: string; readonly offset: number },
  ) {
    super(code, fault.message, fault.offset);
    this.limit = fault.limit;
  }
}

/** A value that later references may name. `value` is missing while its members are still being read. */
export interface Referable {
  value?: AmfValue;
  size: number;
  height: number;
  textBytes: number;
}

/** The costs of the values of one message, AMF0 and AMF3 together. Every excess is a `ProtocolError`. */
export class AmfBudget {
  readonly #reader: ByteReader;
  readonly #limits: AmfLimits;
  #count = 0;
  #textBytes = 0;
  #depth = 0;
  /** Deepest level reached since the innermost open value began; gives each complex value its height. */
  #deepest = 0;

  constructor(reader: ByteReader, limits: Partial<AmfLimits>) {
    this.#reader = reader;
    this.#limits = { ...defaultAmfLimits, ...limits };
  }

  countValues(by: number): void {
    this.#count += by;
    if (this.#count > this.#limits.maxValues) {
      throw this.#over('too-many', 'maxValues', `more than ${this.#limits.maxValues} values`);
    }
  }

  /** A text of the input that is met again without being written again. */
  countText(bytes: number): void {
    this.#textBytes += bytes;
    if (this.#textBytes > this.#limits.maxTextBytes) {
      throw this.#over('too-large', 'maxTextBytes', `more than ${this.#limits.maxTextBytes} bytes of text`);
    }
  }

  /** The next `length` bytes of the input, a view. */
  bytes(length: number): Uint8Array {
    if (length > this.#limits.maxStringBytes) {
      throw this.#over('too-large', 'maxStringBytes', `a string of ${length} bytes`);
    }
    this.countText(length);
    return this.#reader.take(length);
  }

  text(length: number): string {
    return decodeUtf8(this.bytes(length));
  }

  /** A number of elements that take at least `bytesEach`, checked against what is left before anything is made. */
  checkCount(count: number, bytesEach: number): void {
    const { remaining, offset } = this.#reader;
    if (count * bytesEach > remaining) {
      throw new ProtocolError('bad-length', `an array of ${count} in ${remaining} bytes`, offset);
    }
  }

  /** Reads a value with members one level down; it gets the next index of `table`, before what is inside it. */
  nested(table: Referable[], read: () => AmfValue): AmfValue {
    const slot: Referable = { size: 0, height: 0, textBytes: 0 };
    table.push(slot);
    const countBefore = this.#count;
    const textBefore = this.#textBytes;
    const deepestBefore = this.#deepest;
    this.#depth++;
    this.#deepest = 0;
    this.#reach(this.#depth);
    slot.value = read();
    slot.size = this.#count - countBefore;
    slot.textBytes = this.#textBytes - textBefore;
    slot.height = this.#deepest - this.#depth + 1;
    this.#depth--;
    this.#deepest = Math.max(deepestBefore, this.#deepest);
    return slot.value;
  }

  /**
   * A reference is the value it names, charged in full: a few bytes of references to references must not
   * unfold into a tree that hangs whoever walks it. A reference to an enclosing value would be a loop.
   */
  resolve(table: readonly Referable[], index: number): AmfValue {
    const slot = table[index];
    if (slot === undefined) {
      throw new ProtocolError('bad-value', `reference ${index} to nothing`, this.#reader.offset);
    }
    if (slot.value === undefined) {
      throw new ProtocolError('bad-value', `reference ${index} to a value around it`, this.#reader.offset);
    }
    this.countValues(slot.size);
    this.countText(slot.textBytes);
    this.#reach(this.#depth + slot.height);
    return slot.value;
  }

  #reach(depth: number): void {
    if (depth > this.#limits.maxDepth) {
      throw this.#over('too-deep', 'maxDepth', `nested deeper than ${this.#limits.maxDepth}`);
    }
    if (depth > this.#deepest) this.#deepest = depth;
  }

  #over(code: 'too-deep' | 'too-large' | 'too-many', limit: keyof AmfLimits, message: string): AmfLimitError {
    return new AmfLimitError(code, { limit, message, offset: this.#reader.offset });
  }
}
