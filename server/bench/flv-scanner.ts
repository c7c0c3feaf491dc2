import type { ByteSink } from './byte-sink.ts';
import { LEAD_BYTES, readU32 } from './frame-mark.ts';
import type { MediaCheck } from './media-check.ts';

// Adobe FLV specification 10.1, section E.4. The scanner looks at every header and steps over the bodies.

const FILE_HEADER = 13;
const TAG_HEADER = 11;
const BACK_POINTER = 4;

type Part = 'file-header' | 'tag-header' | 'lead' | 'body' | 'back-pointer';

/** Follows one viewer's FLV stream across pieces and checks each tag, without making anything. */
export class FlvScanner implements ByteSink {
  tags = 0;
  readonly #check: MediaCheck;
  readonly #carry = new Uint8Array(LEAD_BYTES);
  #held = 0;
  #part: Part = 'file-header';
  /** Bytes that the part has in all; of a body, those that are missing. */
  #need = FILE_HEADER;
  #type = 0;
  #size = 0;
  #timestampMs = 0;
  #error: string | undefined;

  constructor(check: MediaCheck) {
    this.#check = check;
  }

  push(bytes: Uint8Array, start: number, end: number): string | undefined {
    let at = start;
    while (at < end && this.#error === undefined) {
      if (this.#part === 'body') {
        const step = Math.min(this.#need, end - at);
        at += step;
        this.#need -= step;
        if (this.#need === 0) this.#bodyDone();
      } else if (this.#held === 0 && end - at >= this.#need) {
        // Nearly always: the header lies in one piece and is read where it is.
        const from = at;
        at += this.#need;
        this.#partDone(bytes, from);
      } else {
        at = this.#collect(bytes, at, end);
      }
    }
    return this.#error;
  }

  #collect(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && this.#held < this.#need) this.#carry[this.#held++] = bytes[at++]!;
    if (this.#held === this.#need) {
      this.#held = 0;
      this.#partDone(this.#carry, 0);
    }
    return at;
  }

  #partDone(bytes: Uint8Array, at: number): void {
    if (this.#part === 'tag-header') this.#readTagHeader(bytes, at);
    else if (this.#part === 'lead') this.#readLead(bytes, at);
    else if (this.#part === 'back-pointer') this.#readBackPointer(bytes, at);
    else if (readU32(bytes, at) !== 0x464c5601) this.#error = 'the stream does not begin with an FLV header';
    else this.#expect('tag-header', TAG_HEADER);
  }

  #readTagHeader(bytes: Uint8Array, at: number): void {
    this.#type = bytes[at]!;
    this.#size = readU32(bytes, at) & 0xffffff;
    this.#timestampMs = ((bytes[at + 7]! << 24) | (readU32(bytes, at + 4) >>> 8)) >>> 0;
    const streamId = readU32(bytes, at + 7) & 0xffffff;
    if ((this.#type !== 8 && this.#type !== 9 && this.#type !== 18) || streamId !== 0) {
      this.#error = `an FLV tag of type ${this.#type} with stream id ${streamId}`;
    } else if (this.#size === 0) {
      this.#check.begin(this.#type, this.#timestampMs, 0, bytes, at);
      this.#bodyDone();
    } else {
      this.#expect('lead', Math.min(LEAD_BYTES, this.#size));
    }
  }

  #readLead(bytes: Uint8Array, at: number): void {
    this.#check.begin(this.#type, this.#timestampMs, this.#size, bytes, at);
    const rest = this.#size - this.#need;
    if (rest === 0) this.#bodyDone();
    else this.#expect('body', rest);
  }

  #bodyDone(): void {
    this.tags++;
    this.#check.end();
    this.#expect('back-pointer', BACK_POINTER);
  }

  #readBackPointer(bytes: Uint8Array, at: number): void {
    const size = readU32(bytes, at);
    if (size !== TAG_HEADER + this.#size)
      this.#error = `a back pointer of ${size} behind ${TAG_HEADER + this.#size} bytes`;
    this.#expect('tag-header', TAG_HEADER);
  }

  #expect(part: Part, need: number): void {
    this.#part = part;
    this.#need = need;
  }
}
