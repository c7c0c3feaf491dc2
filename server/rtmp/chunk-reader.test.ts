import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { assertProtocolError, everyPrefix } from '../../shared/testing/every-prefix.ts';
import { everySplit } from '../../shared/testing/every-split.ts';
import { readAll } from '../test/rtmp-kit.ts';
import { ChunkReader } from './chunk-reader.ts';
import { defaultRtmpLimits } from './limits.ts';
import { RtmpProtocolError } from './rtmp-protocol-error.ts';

const zeros = (count: number): string => '00'.repeat(count);
const chunk = (count: number, byte = 'ab'): string => byte.repeat(count);

/** Chunks, and what is read of them: a line a message, with chunk stream, type, message stream, time and length. */
const golden: readonly (readonly [name: string, hex: string, ...messages: string[]])[] = [
  ['a control message', '02 000000 000004 05 00000000 004c4b40', '2 5 0 0 4'],
  [
    'a message longer than the default chunk size',
    `03 000000 00008b 14 00000000 ${chunk(128)} c3 ${chunk(11)}`,
    '3 20 0 0 139',
  ],
  ['a message stream id, little-endian', '08 000000 000001 14 01020000 aa', '8 20 513 0 1'],
  [
    'type 3 that starts a message: after type 0 it adds the timestamp, then the last delta (FMLE)',
    '04 0003e8 000001 08 01000000 aa  c4 bb  84 000014 cc  c4 dd',
    '4 8 1 1000 1',
    '4 8 1 2000 1',
    '4 8 1 2020 1',
    '4 8 1 2040 1',
  ],
  [
    'type 1 on a fresh chunk stream (librtmp answers a ping so)',
    '42 000000 000006 04 0007 00001234',
    '2 4 0 0 6',
  ],
  [
    'an acknowledgement of rtmpdump and a SetBufferLength that starts with type 3',
    `42 000000 000004 03 0007a3dc  02 000000 00000a 04 00000000 0003 00000000 0000012c
          c2 0003 00000001 02255100`,
    '2 3 0 0 4',
    '2 4 0 0 10',
    '2 4 0 0 10',
  ],
  [
    'a two-byte chunk stream id',
    '00 00 000001 000001 08 01000000 aa  00 ff 000001 000001 08 01000000 aa',
    '64 8 1 1 1',
    '319 8 1 1 1',
  ],
  [
    'a three-byte chunk stream id, low byte first',
    `01 2d 01 000001 000001 08 01000000 aa  01 ff ff 000001 000001 08 01000000 aa
          01 00 01 000001 000001 08 01000000 aa`,
    '365 8 1 1 1',
    '65599 8 1 1 1',
    '320 8 1 1 1',
  ],
  [
    'one chunk stream under its two-byte and three-byte id',
    `00 ff 000001 000081 08 01000000 ${chunk(128)}  c1 ff 00 aa`,
    '319 8 1 1 129',
  ],
  [
    'an extended timestamp that type 3 repeats',
    `06 ffffff 000083 09 01000000 01036640 ${chunk(128)} c6 01036640 ${chunk(3)}`,
    '6 9 1 17000000 131',
  ],
  [
    'an extended timestamp that type 3 does not repeat',
    `06 ffffff 000083 09 01000000 01036640 ${chunk(128)} c6 ${chunk(3)}`,
    '6 9 1 17000000 131',
  ],
  [
    'an extended timestamp that is not repeated, before payload that begins like it',
    `06 ffffff 000083 09 01000000 01036640 ${chunk(128)} c6 010366`
      .concat(' 04 000000 000001 08 01000000 aa')
      .concat(` 06 ffffff 000085 09 01000000 01036641 ${chunk(128)} c6 0103664000`),
    '6 9 1 17000000 131',
    '4 8 1 0 1',
    '6 9 1 17000001 133',
  ],
  [
    'an extended delta (FFmpeg after a sequence header at 0)',
    `06 000000 000001 09 01000000 aa  46 ffffff 000002 09 01036607 bbbb  c6 01036607 cccc`,
    '6 9 1 0 1',
    '6 9 1 16999943 2',
    '6 9 1 33999886 2',
  ],
  [
    'an extended timestamp of exactly 0xffffff and one that needed no extension',
    '04 ffffff 000001 08 01000000 00ffffff aa  04 ffffff 000001 08 01000000 00000005 bb',
    '4 8 1 16777215 1',
    '4 8 1 5 1',
  ],
  [
    'deltas that pass 2^32',
    '04 ffffff 000001 08 01000000 fffffff0 aa  84 000020 bb',
    '4 8 1 4294967280 1',
    '4 8 1 16 1',
  ],
  [
    'two interleaved messages',
    `06 00000a 000081 09 01000000 ${chunk(128)}  04 00000b 000081 08 01000000 ${chunk(128, 'cd')}
          c6 aa  c4 bb`,
    '6 9 1 10 129',
    '4 8 1 11 129',
  ],
  [
    'Set Chunk Size in the middle of another message',
    `06 00000a 000090 09 01000000 ${chunk(128)}  02 000000 000004 01 00000000 00000008
          c6 ${chunk(8)} c6 ${chunk(8)}`,
    '2 1 0 0 4',
    '6 9 1 10 144',
  ],
  [
    'a chunk size of 1',
    '02 000000 000004 01 00000000 00000001  04 000001 000003 08 01000000 aa c4 bb c4 cc',
    '2 1 0 0 4',
    '4 8 1 1 3',
  ],
  [
    'the largest chunk size there is',
    `02 000000 000004 01 00000000 7fffffff  04 000001 000100 08 01000000 ${zeros(256)}`,
    '2 1 0 0 4',
    '4 8 1 1 256',
  ],
  [
    'empty messages, also as type 3',
    '04 000005 000000 08 01000000  c4  44 000001 000000 09',
    '4 8 1 5 0',
    '4 8 1 10 0',
    '4 9 1 11 0',
  ],
  [
    'type 0 in the middle of a message: the half message is lost, the new one is read',
    `04 000001 000100 08 01000000 ${chunk(128)}  04 000002 000001 08 01000000 aa`,
    '4 8 1 2 1',
  ],
  [
    'Abort, after which type 3 starts a message',
    `04 000001 000081 08 01000000 ${chunk(128)}  02 000000 000004 02 00000000 00000004
          c4 ${chunk(128)} c4 aa`,
    '2 2 0 0 4',
    '4 8 1 2 129',
  ],
  [
    'control messages with surplus bytes on an unusual chunk stream',
    '05 000000 000006 01 01000000 000000ff 0000',
    '5 1 1 0 6',
  ],
];

describe('golden chunks', () => {
  for (const [name, hex, ...messages] of golden) {
    const bytes = fromHex(hex);

    test(`${name}: read the same in every split`, () => {
      everySplit(bytes, (parts) => {
        const read = readAll(new ChunkReader(), parts);
        assert.deepEqual(
          read.map((m) =>
            [m.chunkStreamId, m.typeId, m.messageStreamId, m.timestamp, m.body.length].join(' '),
          ),
          messages,
        );
      });
    });

    test(`${name}: a prefix gives the first messages and asks for more`, () => {
      const whole = readAll(new ChunkReader(), [bytes.slice()]);
      everyPrefix(bytes, (prefix) => {
        const read = readAll(new ChunkReader(), [prefix]);
        assert.deepEqual(read, whole.slice(0, read.length));
      });
    });
  }
});

test('bodies hold the payload without chunk headers', () => {
  const bytes = fromHex(
    `06 00000a 000084 09 01000000 ${chunk(128)}  04 00000b 000002 08 01000000 1234  c6 11223344`,
  );
  const [audio, video] = readAll(new ChunkReader(), [bytes]);
  assert.equal(toHex(audio!.body), '1234');
  assert.equal(toHex(video!.body), `${chunk(128)}11223344`);
});

test('bodies lie outside of what was fed, and in hardly more memory than they need', () => {
  const reader = new ChunkReader();
  const bytes = Buffer.from(
    fromHex(`04 000001 000003 08 01000000 aabbcc 06 000001 0000c8 09 01000000 ${zeros(128)} c6 ${zeros(72)}`),
  );
  const messages = readAll(reader, [bytes]);
  assert.equal(messages.length, 2);
  for (const { body } of messages) {
    assert.equal(body.constructor, Uint8Array);
    assert.notEqual(body.buffer, bytes.buffer);
    assert.ok(body.buffer.byteLength <= 4096);
  }
  assert.deepEqual(messages[0]?.body, Uint8Array.of(0xaa, 0xbb, 0xcc));
});

const broken: readonly (readonly [string, string, string])[] = [
  ['a first chunk of type 2', 'bad-chunk-header', '84 000014'],
  ['a first chunk of type 3', 'bad-chunk-header', 'c4'],
  [
    'type 1 inside a message',
    'bad-chunk-header',
    `04 000001 000100 08 01000000 ${chunk(128)} 44 000001 000100 08`,
  ],
  ['type 2 inside a message', 'bad-chunk-header', `04 000001 000100 08 01000000 ${chunk(128)} 84 000001`],
  ['a chunk size of 0', 'bad-chunk-size', '02 000000 000004 01 00000000 00000000'],
  ['a chunk size with the top bit', 'bad-chunk-size', '02 000000 000004 01 00000000 80000001'],
  ['a Set Chunk Size of 3 bytes', 'truncated', '02 000000 000003 01 00000000 000010'],
  ['an empty Set Chunk Size', 'truncated', '02 000000 000000 01 00000000'],
  ['an empty Abort', 'truncated', '02 000000 000000 02 00000000'],
  ['a video message of 16 MB', 'too-large', '06 000000 ffffff 09 01000000'],
  ['a command of 1 MB', 'too-large', '03 000000 100000 14 00000000'],
  ['a data message of 1 MB', 'too-large', '03 000000 100000 12 00000000'],
  ['a control message of 1000 bytes', 'too-large', '02 000000 0003e8 04 00000000'],
  ['a message of unknown type of 1 MB', 'too-large', '02 000000 100000 63 00000000'],
];

for (const [name, code, hex] of broken) {
  test(`${name} is a protocol error in every split`, () => {
    everySplit(fromHex(hex), (parts) => {
      assertProtocolError(code as 'truncated', () => readAll(new ChunkReader(), parts));
    });
  });
}

test('chunk streams are limited', () => {
  const limits = { ...defaultRtmpLimits, maxChunkStreams: 2 };
  const messages = (ids: string[]): string => ids.map((id) => `${id} 000001 000001 08 01000000 aa`).join(' ');
  assert.equal(readAll(new ChunkReader(limits), [fromHex(messages(['04', '05', '04']))]).length, 3);
  assertProtocolError('too-many', () =>
    readAll(new ChunkReader(limits), [fromHex(messages(['04', '05', '06']))]),
  );
});

test('half messages are limited together, and what is given up or finished counts no more', () => {
  const limits = { ...defaultRtmpLimits, maxPartialBytes: 40_000 };
  const reader = new ChunkReader(limits);
  const start = (id: string): Uint8Array => fromHex(`${id} 000001 010000 09 01000000 ${zeros(128)}`);
  readAll(reader, [start('04'), start('05')]);
  readAll(reader, [start('04')]);
  assert.equal(reader.counters.abandonedMessages, 1);
  assert.ok(reader.partialBytes <= 40_000);
  assertProtocolError('too-large', () => readAll(reader, [start('06')]));
});

test('memory follows what arrives, not what is announced', () => {
  const reader = new ChunkReader();
  for (let id = 4; id < 64; id++) {
    readAll(reader, [fromHex(`${id.toString(16).padStart(2, '0')} 000001 7fffff 09 01000000 ${zeros(128)}`)]);
  }
  assert.ok(reader.partialBytes <= 60 * 16 * 1024, `${reader.partialBytes}`);
});

test('a large message is put together from many chunks', () => {
  const body = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * 31) & 0xff);
  const parts = [fromHex('06 000001 0f4243 09 01000000'), body.slice(0, 128)];
  for (let at = 128; at < body.length; at += 128) parts.push(Uint8Array.of(0xc6), body.slice(at, at + 128));
  const [message] = readAll(new ChunkReader(), parts);
  assert.deepEqual(message?.body, body);
});

test('an error says where it happened, after what, and shows the bytes but no query string', () => {
  const reader = new ChunkReader(undefined, 3073);
  // A peer that writes larger chunks than it announced: text is read as a header.
  const text = toHex(Buffer.from('live?token=hunter2secret'));
  const bytes = fromHex(`02 000000 000004 05 00000000 004c4b40 ${text}`);
  let error: unknown;
  try {
    readAll(reader, [bytes]);
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof RtmpProtocolError);
  const { diagnostic } = error;
  assert.equal(diagnostic.inputOffset, 3073 + 16);
  assert.equal(diagnostic.chunkStreamId, 0x6c & 0x3f);
  assert.equal(diagnostic.fmt, 1);
  assert.equal(diagnostic.chunkSize, 128);
  assert.deepEqual(diagnostic.lastMessage, { typeId: 5, chunkStreamId: 2, length: 4, timestamp: 0 });
  assert.match(diagnostic.hex, /\| 6c 69 76 65 3f \*\*/);
  assert.match(error.message, /at input byte 3089, csid 44, fmt 1/);
});
