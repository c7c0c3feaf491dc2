import fc from 'fast-check';
import type { AmfObject, AmfValue } from '../amf/amf-value.ts';
import type { FlvTag, FlvTagKind } from '../flv/flv-tag.ts';

/** Integers up to `max`, mostly next to the powers of two and other edges where encodings change. */
export function aroundBoundaries(max: number, edges: readonly number[] = []): fc.Arbitrary<number> {
  const near: number[] = [];
  for (const edge of [0, 0x7f, 0xff, 0x7fff, 0xffff, 0xffffff, 0x7fffffff, 0xffffffff, max, ...edges]) {
    for (const value of [edge - 1, edge, edge + 1]) if (value >= 0 && value <= max) near.push(value);
  }
  return fc.oneof(
    fc.constantFrom(...near),
    fc.integer({ min: 0, max }),
    fc.integer({ min: 0, max: Math.min(max, 300) }),
  );
}

/** Millisecond timestamps as RTMP and FLV carry them: 32 bits, often near the wrap or the 24-bit edge. */
export const timestamps = aroundBoundaries(0xffffffff, [0x80000000, 0xfffffe]);

/** Bytes whose number lies near an edge where encodings change; what they are does not matter. */
export const sizedBytes = (max: number, edges: readonly number[] = []): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(aroundBoundaries(max, edges), fc.nat(255))
    .map(([length, first]) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff));

/** Random bytes, now and then with a byte pattern that decoders take for something. */
export const someBytes = (maxLength = 200): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

const keys = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', '__proto__', 'constructor', 'width', 'код', 'duration'),
);

const leaves: fc.Arbitrary<AmfValue> = fc.oneof(
  fc.constantFrom(undefined, null, true, false),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double().map((epochMs) => ({ kind: 'date' as const, epochMs })),
  fc.string({ maxLength: 20 }).map((text) => ({ kind: 'xml' as const, text })),
);

const { value: anyAmf } = fc.letrec<{ value: AmfValue; object: AmfObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaves,
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc
    .tuple(
      fc.constantFrom('object', 'ecma-array', 'typed-object'),
      fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }),
    )
    .map(
      ([kind, entries]): AmfObject =>
        kind === 'typed-object'
          ? { kind, className: 'org.example.Thing', entries: new Map(entries) }
          : { kind, entries: new Map(entries) },
    ),
}));

/** Any value that AMF0 can carry, nested a few levels. */
export const amfValues: fc.Arbitrary<AmfValue> = anyAmf;

/** FLV tags of any kind and time; bodies are random bytes. */
export const flvTags: fc.Arbitrary<FlvTag> = fc.record(
  {
    kind: fc.constantFrom<FlvTagKind>('audio', 'video', 'data'),
    timestampMs: timestamps,
    body: someBytes(300),
  },
  { noNullPrototype: true },
);
