import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex } from '../bytes/hex.ts';

// Compiled code runs in dist/shared/testing; the files stay in shared/testdata.
const folder = join(import.meta.dirname, '../../../shared/testdata');

/** One vector of a JSON file under shared/testdata: bytes and what they mean. */
export interface GoldenVector<Meaning> {
  readonly name: string;
  /** Where the bytes come from. */
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly expected: Meaning;
}

/** Loads vectors written as `[{ name, source, hex, expected }]`; hex may be an array of lines. */
export function goldenVectors<Meaning>(file: string): GoldenVector<Meaning>[] {
  const raw = JSON.parse(goldenText(file)) as {
    name: string;
    source: string;
    hex: string | string[];
    expected: Meaning;
  }[];
  if (raw.length === 0) throw new Error(`${file} holds no vectors`);
  return raw.map(({ name, source, hex, expected }) => ({
    name,
    source,
    bytes: fromHex([hex].flat().join('\n')),
    expected,
  }));
}

/** A text file under shared/testdata. */
export const goldenText = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** A binary file under shared/testdata, as plain bytes. */
export const goldenBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));
