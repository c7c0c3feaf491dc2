import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes/concat.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { flvTags, sizedBytes, someBytes, timestamps } from '../testing/arbitraries.ts';
import { assertProtocolError, valueOrProtocolError } from '../testing/every-prefix.ts';
import { everySplit, splitInto } from '../testing/every-split.ts';
import { goldenBytes } from '../testing/golden.ts';
import { encodeFlvHeader, type FlvHeader } from './flv-header.ts';
import { FlvReader } from './flv-reader.ts';
import type { FlvTag, FlvTagKind } from './flv-tag.ts';
import { encodeFlvTags, flvTagsBytes, writeFlvTags } from './flv-writer.ts';

const av = encodeFlvHeader({ audio: true, video: true });

function readAll(parts: readonly Uint8Array[], reader = new FlvReader()): (FlvHeader | FlvTag)[] {
  const items: (FlvHeader | FlvTag)[] = [];
  for (const part of parts) {
    reader.push(part);
    for (let item = reader.next(); item !== undefined; item = reader.next()) items.push(item);
  }
  return items;
}

const tagsOf = (items: readonly (FlvHeader | FlvTag)[]): FlvTag[] =>
  items.filter((item) => item.kind !== 'header');

test('the header is 13 bytes with the first back pointer and tells the tracks', () => {
  assert.equal(toHex(av), '464c5601050000000900000000');
  assert.equal(toHex(encodeFlvHeader({ audio: true, video: false })).slice(8, 10), '04');
  assert.equal(toHex(encodeFlvHeader({ audio: false, video: true })).slice(8, 10), '01');
  assert.deepEqual(readAll([encodeFlvHeader({ audio: false, video: true })]), [
    { kind: 'header', audio: false, video: true },
  ]);
});

test('a tag has its size, low 24 bits of time, high 8 bits of time, and its length behind it', () => {
  const body = fromHex('af01 2110');
  assert.equal(
    toHex(encodeFlvTags([{ kind: 'audio', timestampMs: 0x12345678, body }])),
    '08000004' + '34567812' + '000000' + 'af012110' + '0000000f',
  );
  assert.equal(
    toHex(encodeFlvTags([{ kind: 'video', timestampMs: 0xffffffff, body }])).slice(0, 16),
    '09000004ffffffff',
  );
  assert.equal(toHex(encodeFlvTags([{ kind: 'data', timestampMs: 0, body }])).slice(0, 2), '12');
});

test('whatever is written reads back, in any pieces', () => {
  fc.assert(
    fc.property(
      fc.array(flvTags, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (tags, sizes) => {
        const bytes = concatBytes([av, encodeFlvTags(tags)]);
        const reader = new FlvReader();
        const items = readAll(splitInto(bytes, sizes), reader);
        assert.deepEqual(items, [{ kind: 'header', audio: true, video: true }, ...tags]);
        assert.equal(reader.wrongBackPointers, 0);
        assert.equal(reader.atTagBoundary, true);
      },
    ),
  );
});

test('bodies of any length read back, in any pieces', () => {
  const tag = fc.record(
    {
      kind: fc.constantFrom<FlvTagKind>('audio', 'video', 'data'),
      timestampMs: timestamps,
      body: sizedBytes(140_000),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(tag, { minLength: 1, maxLength: 3 }), (tags) => {
      const items = readAll(splitInto(concatBytes([av, encodeFlvTags(tags)]), [1460]));
      assert.equal(items.length, 1 + tags.length);
      for (const [i, { body, kind, timestampMs }] of tags.entries()) {
        const read = items[1 + i] as FlvTag;
        assert.deepEqual([read.kind, read.timestampMs], [kind, timestampMs]);
        assert.ok(Buffer.compare(read.body, body) === 0, `a body of ${body.length} bytes`);
      }
    }),
    { numRuns: 100 },
  );
});

test('the longest body that a tag can hold reads back', () => {
  const body = new Uint8Array(0xffffff).fill(7);
  const reader = new FlvReader({ maxBodyBytes: 0xffffff });
  const [, tag] = readAll(
    splitInto(concatBytes([av, encodeFlvTags([{ kind: 'video', timestampMs: 0, body }])]), [65_536]),
    reader,
  );
  assert.equal(tag?.kind === 'video' && tag.body.length, 0xffffff);
});

test('a file that ffmpeg wrote reads and writes back byte for byte', () => {
  const file = goldenBytes('flv/ffmpeg5-av.flv');
  const reader = new FlvReader();
  const items = readAll([file], reader);
  assert.deepEqual(items[0], { kind: 'header', audio: true, video: true });
  const tags = tagsOf(items);
  const count = (kind: string): number => tags.filter((tag) => tag.kind === kind).length;
  assert.deepEqual([count('audio'), count('video'), count('data')], [46, 17, 1]);
  assert.equal(reader.wrongBackPointers, 0);
  assert.deepEqual(concatBytes([av, encodeFlvTags(tags)]), file);
});

test('every split of a real file gives the same tags', () => {
  const file = goldenBytes('flv/ffmpeg5-av.flv').subarray(0, 3000);
  const whole = readAll([file]);
  assert.ok(whole.length > 3);
  everySplit(file, (parts) => assert.deepEqual(readAll(parts), whole));
});

test('a tag is handed out as soon as its body is there, and the end of a tag is known', () => {
  const bytes = concatBytes([av, encodeFlvTags([{ kind: 'audio', timestampMs: 5, body: fromHex('2f00') }])]);
  const reader = new FlvReader();
  assert.equal(readAll([bytes.subarray(0, bytes.length - 5)], reader).length, 1);
  assert.equal(reader.atTagBoundary, false);
  assert.equal(readAll([bytes.subarray(bytes.length - 5, bytes.length - 4)], reader).length, 1);
  assert.equal(reader.atTagBoundary, false);
  assert.equal(readAll([bytes.subarray(bytes.length - 4)], reader).length, 0);
  assert.equal(reader.atTagBoundary, true);
});

test('time is counted from the time base, and nothing goes below 0', () => {
  const body = fromHex('2f00');
  const tags: FlvTag[] = [900, 1000, 1040].map((timestampMs) => ({ kind: 'audio', timestampMs, body }));
  const read = tagsOf(readAll([concatBytes([av, encodeFlvTags(tags, 1000)])]));
  assert.deepEqual(
    read.map((tag) => tag.timestampMs),
    [0, 0, 40],
  );
});

test('tags can be written behind something else in one buffer', () => {
  const tags: FlvTag[] = [{ kind: 'video', timestampMs: 1, body: fromHex('17') }];
  const into = new Uint8Array(3 + flvTagsBytes(tags));
  assert.equal(writeFlvTags(into, 3, tags), into.length);
  assert.deepEqual(into.subarray(3), encodeFlvTags(tags));
  assert.equal(toHex(into.subarray(0, 3)), '000000');
});

test('unknown and encrypted tags are passed over and counted', () => {
  const odd = fromHex('0f 000001 000000 00 000000 aa 0000000c  29 000001 000000 00 000000 bb 0000000c');
  const after = encodeFlvTags([{ kind: 'audio', timestampMs: 0, body: fromHex('2f00') }]);
  const reader = new FlvReader();
  assert.equal(tagsOf(readAll([av, odd, after], reader)).length, 1);
  assert.equal(reader.skippedTags, 2);
});

test('a wrong back pointer is counted and otherwise ignored', () => {
  const bytes = encodeFlvTags([{ kind: 'audio', timestampMs: 0, body: fromHex('2f00') }]);
  bytes[bytes.length - 1] = 0;
  const reader = new FlvReader();
  assert.equal(readAll([av, bytes, bytes], reader).length, 3);
  assert.equal(reader.wrongBackPointers, 2);
});

test('a header that is longer than usual is passed over', () => {
  const reader = new FlvReader();
  const items = readAll(
    [fromHex('464c5601 04 0000000b aabb 00000000'), fromHex('08 000000 000000 00 000000 0000000b'.repeat(2))],
    reader,
  );
  assert.equal(items.length, 3);
  assert.equal(reader.wrongBackPointers, 0);
});

test('what is no FLV is refused at its header', () => {
  assertProtocolError('bad-marker', () => readAll([fromHex('474c5601 05 00000009')]));
  assertProtocolError('bad-version', () => readAll([fromHex('464c5602 05 00000009')]));
  assertProtocolError('bad-length', () => readAll([fromHex('464c5601 05 00000008')]));
  assertProtocolError('bad-length', () => readAll([fromHex('464c5601 05 ffffffff')]));
});

test('a tag over the limit is refused before its body comes', () => {
  const reader = new FlvReader({ maxBodyBytes: 100 });
  assertProtocolError('too-large', () => readAll([av, fromHex('09 000065 000000 00 000000')], reader));
  assert.equal(
    readAll([av, fromHex('09 000064 000000 00 000000')], new FlvReader({ maxBodyBytes: 100 })).length,
    1,
  );
});

test('a body that no tag can hold is our own mistake', () => {
  assert.throws(
    () => encodeFlvTags([{ kind: 'video', timestampMs: 0, body: new Uint8Array(0x1000000) }]),
    /no FLV tag holds/,
  );
});

test('random bytes behind a header give tags or a ProtocolError', () => {
  fc.assert(fc.property(someBytes(400), (bytes) => void valueOrProtocolError(() => readAll([av, bytes]))));
});
