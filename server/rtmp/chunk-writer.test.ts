import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import { aroundBoundaries, sizedBytes, timestamps } from '../../shared/testing/arbitraries.ts';
import { splitInto } from '../../shared/testing/every-split.ts';
import { readAll } from '../test/rtmp-kit.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ChunkWriter, encodeSharedChunks, type OutgoingMessage, writeBasicHeader } from './chunk-writer.ts';
import { encodeCommand } from './command.ts';
import { encodeControlMessage } from './control-message.ts';
import { defaultRtmpLimits } from './limits.ts';
import { encodeUserControl } from './user-control.ts';

const hexOf = (messages: readonly OutgoingMessage[], chunkSize = 128): string => {
  const writer = new ChunkWriter();
  writer.chunkSize = chunkSize;
  const out = new ByteWriter();
  for (const message of messages) writer.write(out, message);
  return toHex(out.finish());
};

const flat = (hex: string): string => toHex(fromHex(hex));

const audio = (timestamp: number, body: Uint8Array): OutgoingMessage => ({
  chunkStreamId: 4,
  typeId: 8,
  timestamp,
  messageStreamId: 1,
  body,
});

describe('golden bytes', () => {
  test('StreamBegin', () => {
    const body = encodeUserControl({ event: 0, value: 1 });
    assert.equal(
      hexOf([{ chunkStreamId: 2, typeId: 4, timestamp: 0, messageStreamId: 0, body }]),
      flat('02 000000 000006 04 00000000 0000 00000001'),
    );
  });

  test('Window Acknowledgement Size', () => {
    const { typeId, body } = encodeControlMessage({ name: 'window-ack-size', size: 5_000_000 });
    assert.equal(
      hexOf([{ chunkStreamId: 2, typeId, timestamp: 0, messageStreamId: 0, body }]),
      flat('02 000000 000004 05 00000000 004c4b40'),
    );
  });

  test('createStream result', () => {
    const body = encodeCommand('_result', 4, null, 1);
    assert.equal(
      hexOf([{ chunkStreamId: 3, typeId: 20, timestamp: 0, messageStreamId: 0, body }]),
      flat(`03 000000 00001d 14 00000000
            02 0007 5f726573756c74 00 4010000000000000 05 00 3ff0000000000000`),
    );
  });

  test('publish and releaseStream', () => {
    assert.equal(
      hexOf([
        {
          chunkStreamId: 8,
          typeId: 20,
          timestamp: 0,
          messageStreamId: 1,
          body: encodeCommand('publish', 5, null, 'ffav', 'live'),
        },
      ]),
      flat(`08 000000 000022 14 01000000
            02 0007 7075626c697368 00 4014000000000000 05 02 0004 66666176 02 0004 6c697665`),
    );
    const first = { chunkStreamId: 3, typeId: 20, timestamp: 0, messageStreamId: 0, body: encodeUtf8('x') };
    const second = { ...first, body: encodeCommand('releaseStream', 2, null, 'ffav') };
    assert.equal(
      hexOf([first, second]).slice(26),
      flat(`43 000000 000021 14
            02 000d 72656c6561736553747265616d 00 4000000000000000 05 02 0004 66666176`),
    );
  });

  test('chunk stream ids in their shortest form', () => {
    const header = (fmt: number, id: number): string => {
      const out = new ByteWriter();
      writeBasicHeader(out, fmt, id);
      return toHex(out.finish());
    };
    assert.deepEqual(
      [2, 63, 64, 319, 320, 365, 65599].map((id) => header(0, id)),
      ['02', '3f', '0000', '00ff', '010001', '012d01', '01ffff'],
    );
    assert.equal(header(3, 365), 'c12d01');
    assert.throws(() => header(0, 1));
    assert.throws(() => header(0, 65600));
  });
});

test('headers get shorter as less changes, and a type 3 start waits until a delta is known', () => {
  const one = Uint8Array.of(0xaa);
  assert.equal(
    hexOf([audio(20, one), audio(40, one), audio(60, one), audio(80, Uint8Array.of(1, 2)), audio(70, one)]),
    flat(`04 000014 000001 08 01000000 aa
          84 000014 aa
          c4 aa
          44 000014 000002 08 0102
          04 000046 000001 08 01000000 aa`),
  );
});

test('extended timestamps are repeated in continuations', () => {
  const body = new Uint8Array(5);
  assert.equal(
    hexOf([audio(17_000_000, body)], 2),
    flat('04 ffffff 000005 08 01000000 01036640 0000 c4 01036640 0000 c4 01036640 00'),
  );
});

const outgoing: fc.Arbitrary<OutgoingMessage> = fc.record(
  {
    chunkStreamId: fc.constantFrom(2, 3, 4, 63, 64, 319, 320, 65599),
    typeId: fc.constantFrom(8, 9, 18, 20),
    timestamp: timestamps,
    messageStreamId: fc.constantFrom(0, 1, 0xffffffff),
    body: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(40))),
  },
  { noNullPrototype: true },
);

test('whatever the writer writes the reader reads, in any pieces', () => {
  const chunkSizes = aroundBoundaries(70_000, [128]).filter((size) => size > 0);
  fc.assert(
    fc.property(
      fc.array(outgoing, { maxLength: 30 }),
      chunkSizes,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 10 }),
      (messages, chunkSize, sizes) => {
        const writer = new ChunkWriter();
        const out = new ByteWriter();
        const { typeId, body } = encodeControlMessage({ name: 'set-chunk-size', size: chunkSize });
        writer.write(out, { chunkStreamId: 2, typeId, timestamp: 0, messageStreamId: 0, body });
        writer.chunkSize = chunkSize;
        for (const message of messages) writer.write(out, message);
        const [first, ...read] = readAll(new ChunkReader(), splitInto(out.finish(), sizes));
        assert.equal(first?.typeId, 1);
        assert.deepEqual(read, messages);
      },
    ),
    { numRuns: 300 },
  );
});

test('bodies whose length lies around the chunk size, and around every other edge, arrive', () => {
  const sizes = fc.constantFrom(1, 2, 127, 128, 129, 4096, 0xffff, 0x10000, 0xfffffe, 0xffffff);
  const message = sizes.chain((chunkSize) => {
    const edges = [1, 2, 3].map((times) => times * chunkSize).filter((edge) => edge < 200_000);
    return fc.record({
      chunkSize: fc.constant(chunkSize),
      chunkStreamId: aroundBoundaries(65_599, [2, 63, 319]).filter((id) => id >= 2),
      timestamp: timestamps,
      body: sizedBytes(chunkSize < 100 ? 2_000 : 140_000, [...edges, 128]),
    });
  });
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), (messages) => {
      const writer = new ChunkWriter();
      const out = new ByteWriter();
      for (const { chunkSize, ...rest } of messages) {
        const control = encodeControlMessage({ name: 'set-chunk-size', size: chunkSize });
        writer.write(out, { chunkStreamId: 2, timestamp: 0, messageStreamId: 0, ...control });
        writer.chunkSize = chunkSize;
        writer.write(out, { typeId: 9, messageStreamId: 1, ...rest });
      }
      const read = readAll(new ChunkReader(), splitInto(out.finish(), [1460]));
      const media = read.filter(({ typeId }) => typeId === 9);
      assert.equal(media.length, messages.length);
      for (const [i, { body, timestamp, chunkStreamId }] of messages.entries()) {
        assert.deepEqual([media[i]?.timestamp, media[i]?.chunkStreamId], [timestamp, chunkStreamId]);
        assert.ok(Buffer.compare(media[i]!.body, body) === 0, `a body of ${body.length} bytes`);
      }
    }),
    { numRuns: 150 },
  );
});

test('the longest message that a header can announce arrives, and no byte more fits', () => {
  const limits = { ...defaultRtmpLimits, maxMediaBytes: 0xffffff };
  const body = new Uint8Array(0xffffff).fill(7);
  const writer = new ChunkWriter();
  const out = new ByteWriter();
  writer.chunkSize = 60_000;
  const message = { chunkStreamId: 6, typeId: 9, timestamp: 0, messageStreamId: 1 };
  writer.write(out, { ...message, body });
  const reader = new ChunkReader(limits);
  const size = encodeControlMessage({ name: 'set-chunk-size', size: 60_000 });
  const first = new ByteWriter();
  new ChunkWriter().write(first, { chunkStreamId: 2, timestamp: 0, messageStreamId: 0, ...size });
  const read = readAll(reader, [first.finish(), ...splitInto(out.finish(), [65_536])]);
  assert.equal(read[1]?.body.length, 0xffffff);
  const longer = new Uint8Array(0x1000000);
  assert.throws(() => writer.write(out, { ...message, body: longer }));
  assert.throws(() =>
    encodeSharedChunks({ kind: 'video', timestampMs: 0, body: longer, messageStreamId: 1, chunkSize: 128 }),
  );
});

test('shared chunks can follow anything on the same connection', () => {
  const kinds = fc.constantFrom('audio' as const, 'video' as const, 'data' as const);
  const shared = fc.record({ kind: kinds, timestampMs: timestamps, body: fc.uint8Array({ maxLength: 400 }) });
  fc.assert(
    fc.property(
      fc.array(shared, { maxLength: 20 }),
      fc.constantFrom(128, 200, 4096),
      (messages, chunkSize) => {
        const reader = new ChunkReader();
        reader.feed(fromHex(`02 000000 000004 01 00000000 ${chunkSize.toString(16).padStart(8, '0')}`));
        reader.next();
        const parts = messages.map((message) =>
          encodeSharedChunks({ ...message, messageStreamId: 1, chunkSize }),
        );
        const read = readAll(reader, parts);
        assert.deepEqual(
          read.map(({ typeId, timestamp, body }) => ({ typeId, timestamp, body })),
          messages.map(({ kind, timestampMs, body }) => ({
            typeId: { audio: 8, video: 9, data: 18 }[kind],
            timestamp: timestampMs,
            body,
          })),
        );
      },
    ),
  );
});

test('shared chunks are exactly sized', () => {
  const bytes = encodeSharedChunks({
    kind: 'video',
    timestampMs: 17_000_000,
    body: new Uint8Array(300),
    messageStreamId: 1,
    chunkSize: 128,
  });
  assert.equal(bytes.length, 12 + 4 + 300 + 2 * 5);
  assert.equal(bytes.buffer.byteLength, bytes.length);
});
