import { seedOf } from './random.ts';

/** What a target saw, as text that two runs can be compared by. */
export class Trace {
  readonly lines: string[] = [];
  readonly #maxLines: number;

  /** A reader that gives more than it can have got from so many bytes would go on for ever. */
  constructor(inputBytes: number) {
    this.#maxLines = 1000 + 4 * inputBytes;
  }

  add(value: unknown): void {
    if (this.lines.length >= this.#maxLines) throw new Error(`more than ${this.#maxLines} steps`);
    this.lines.push(describe(value));
  }
}

/** Any value of ours, whole; byte arrays as their length and a sum. */
export function describe(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => {
      if (part instanceof Uint8Array) return `${part.length} bytes ${seedOf(part)}`;
      if (part instanceof Map) return [...part];
      if (typeof part === 'number' && !Number.isFinite(part)) return String(part);
      return part;
    }) ?? 'undefined'
  );
}
