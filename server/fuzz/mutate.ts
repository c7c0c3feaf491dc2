import { concatBytes } from '../../shared/bytes/concat.ts';
import type { Random } from './random.ts';

/** Longer inputs find nothing that shorter ones do not, and take longer. */
const MAX_BYTES = 64 * 1024;

/** Numbers at which lengths, sizes and signs turn over. */
const edges = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffff, 0xfffffe, 0xffffff];
const wideEdges = [...edges, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const changed = (bytes: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array => {
  const copy = bytes.slice();
  if (copy.length > 0) change(copy);
  return copy;
};

/** A part of the bytes: mostly short. */
function range(bytes: Uint8Array, random: Random): [number, number] {
  const from = random.below(bytes.length + 1);
  const length = random.below(random.chance(4) ? bytes.length + 1 : 64);
  return [from, Math.min(bytes.length, from + length)];
}

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    return changed(bytes, (copy) => {
      const at = random.below(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    });
  },
  function setByte(bytes, random) {
    return changed(bytes, (copy) => {
      copy[random.below(copy.length)] = random.chance(2) ? random.pick(edges) : random.u32();
    });
  },
  function setNumber(bytes, random) {
    return changed(bytes, (copy) => {
      const width = 2 + random.below(3);
      const value = random.chance(3) ? copy.length + random.below(9) - 4 : random.pick(wideEdges);
      const at = random.below(copy.length);
      for (let i = 0; i < width && at + i < copy.length; i++) copy[at + i] = value >>> (8 * (width - 1 - i));
    });
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length + 1));
  },
  function cutOut(bytes, random) {
    const [from, to] = range(bytes, random);
    return concatBytes([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function duplicate(bytes, random) {
    const [from, to] = range(bytes, random);
    return concatBytes([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    return concatBytes([bytes.subarray(0, at), random.bytes(random.below(40)), bytes.subarray(at)]);
  },
  function splice(bytes, random, others) {
    const other = random.pick(others);
    const [from, to] = range(other, random);
    const at = random.below(bytes.length + 1);
    return concatBytes([
      bytes.subarray(0, at),
      other.subarray(from, to),
      bytes.subarray(Math.min(bytes.length, at + (random.chance(2) ? to - from : 0))),
    ]);
  },
];

/** The bytes with a few things wrong with them; now and then with none. */
export function mutate(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let result = bytes;
  for (let left = random.chance(20) ? 0 : 1 + random.below(random.chance(4) ? 12 : 3); left > 0; left--) {
    result = random.pick(mutations)(result, random, others);
  }
  return result.slice(0, MAX_BYTES);
}

/** The bytes in pieces as a socket may give them: mostly short at one place and long at others. */
export function split(bytes: Uint8Array, random: Random): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const usual = random.pick([1, 3, 16, 128, 1460, 8192]);
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(random.chance(8) ? 4 * usual : usual);
    parts.push(bytes.slice(at, at + size));
    at += size;
  }
  return parts;
}
