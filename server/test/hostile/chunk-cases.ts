import { ByteWriter } from '../../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../../shared/bytes/concat.ts';
import { fromHex } from '../../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts';
import { HANDSHAKE } from '../rtmp-kit.ts';
import { control, handshake, many, message } from './bytes.ts';
import { breaks, type HostileCase, isRefused, isStood } from './case.ts';

const version = (number: number): Uint8Array => new Uint8Array(HANDSHAKE).fill(number);
const startOf = (length: number): Uint8Array => handshake().subarray(0, length);

/** Instead of a handshake. */
export const handshakeCases: readonly HostileCase[] = [
  ...breaks('bad-version', {
    HTTP: encodeUtf8('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    'a TLS ClientHello': '160301 0200 010001fc0303',
    SSH: encodeUtf8('SSH-2.0-OpenSSH_9.2\r\n'),
    'a PROXY header from somebody who is no proxy': encodeUtf8('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n'),
    'a PROXY header of version 2': '0d0a0d0a000d0a515549540a 2111000c 01020304 05060708 00010002',
    'version 0': version(0),
    'version 2': version(2),
    'version 4': version(4),
    RTMPE: concatBytes([Uint8Array.of(6), new Uint8Array(1536)]),
    'version 8': version(8),
    'version 255': version(255),
  }),
  ...isRefused('timeout', {
    'one byte of a handshake': startOf(1),
    'half a handshake': startOf(1000),
    'a handshake without its last byte': startOf(HANDSHAKE - 1),
  }),
];

const zeros = (count: number): string => '00'.repeat(count);
/** The first chunk of a message that is longer. */
const begun = (header: string): string => `${header} ${zeros(128)}`;
const chunkSize = (hex: string): Uint8Array => control(1, hex);
const corners = [0, 0xfffffe, 0xffffff, 0x1000000, 0x7fffffff, 0x80000000, 0xffffffff];

/** Behind a handshake: chunks and control messages. */
export const chunkCases: readonly HostileCase[] = [
  ...breaks('bad-chunk-header', {
    'a chunk of type 2 first': '85 000000',
    'a chunk of type 3 first': 'c5',
    'a chunk of type 3 first, on a long chunk stream id': 'c1 ffff',
    'a new header inside a message': `${begun('05 000000 0000ff 09 00000000')} 45 000000 0000ff 09`,
    'another length inside a message': `${begun('05 000000 0000ff 09 00000000')} 85 000000`,
  }),
  ...breaks('bad-chunk-size', {
    'Set Chunk Size 0': chunkSize('00000000'),
    'Set Chunk Size with its first bit set': chunkSize('80000080'),
    'Set Chunk Size 2^32-1': chunkSize('ffffffff'),
  }),
  ...breaks('truncated', {
    'Set Chunk Size of no bytes': chunkSize(''),
    'Set Chunk Size of 1 byte': chunkSize('00'),
    'Set Chunk Size of 3 bytes': chunkSize('000010'),
    'an Abort that is cut': control(2, '0000'),
    'an Acknowledgement that is cut': control(3, '00'),
    'an acknowledgement window that is cut': control(5, '0000'),
    'Set Peer Bandwidth without its type': control(6, '00000000'),
  }),
  ...breaks('too-large', {
    'a video message over the limit': '05 000000 800001 09 00000000',
    'the longest message there can be': '05 000000 ffffff 09 00000000',
    'a command over the limit': '05 000000 010001 14 00000000',
    'data over the limit': '05 000000 040001 12 00000000',
    'a control message over the limit': '02 000000 000101 05 00000000',
    'an unknown message over the limit': '05 000000 010001 63 00000000',
  }),
  ...breaks('too-many', {
    '65 chunk streams': many(65, (i) =>
      concatBytes([Uint8Array.of(0, i + 6), fromHex('000000 000001 08 00000000 00')]),
    ),
  }),
  ...isStood({
    nothing: '',
    'a chunk of type 1 first, of nothing': '45 000000 000000 08',
    'a message that is never ended': begun('05 000000 00ffff 09 00000000'),
    'Set Chunk Size 2^31-1, and a little of a long message': concatBytes([
      chunkSize('7fffffff'),
      fromHex('05 000000 07ffff 09 00000000 00'),
      new Uint8Array(1000),
    ]),
    'Set Chunk Size 1, and a long message': concatBytes([
      chunkSize('00000001'),
      fromHex('05 000000 000400 08 00000000 00'),
      many(1023, () => fromHex('c5 00')),
    ]),
    'an Abort of nothing': control(2, 'ffffffff'),
    'an Acknowledgement of what was never sent': control(3, 'ffffffff'),
    'an acknowledgement window of 0': control(5, '00000000'),
    'an acknowledgement window of 1': concatBytes([
      control(5, '00000001'),
      many(500, () => message(99, '00', { csid: 4 })),
    ]),
    'an acknowledgement window of 2^32-1': control(5, 'ffffffff'),
    'Set Peer Bandwidth 0 of a limit type that is none': control(6, '00000000 09'),
    'a user control message of one byte': control(4, '00'),
    'a user control event that is none': control(4, 'ffff 00000000'),
    'a buffer length that is cut': control(4, '0003 00000001 00'),
    'answers to pings that nobody sent': many(1000, () => control(4, '0007 00000001')),
    'messages of every type, empty': many(256, (i) =>
      [1, 2, 3, 5, 6].includes(i) ? new Uint8Array(0) : message(i, ''),
    ),
    'timestamps around every corner': many(64, (i) =>
      message(99, '00', { timestamp: corners[i % corners.length]!, csid: 5 }),
    ),
    'an aggregate of nonsense': message(22, 'ff'.repeat(300)),
    'an aggregate within aggregates': message(22, aggregateWithin(5)),
    'an aggregate with Set Chunk Size 0': message(22, '01 000004 000000 00 000000 00000000 0000000f'),
    'shared objects that are cut': concatBytes([message(19, 'ffff 00'), message(16, ''), message(19, '')]),
  }),
];

function aggregateWithin(levels: number): Uint8Array {
  let inner: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < levels; i++) {
    const head = new ByteWriter().u8(22).u24(inner.length).u24(0).u8(0).u24(0).finish();
    inner = concatBytes([head, inner, new Uint8Array(4)]);
  }
  return inner;
}

/** The first chunk of a video message of this length. */
const beginVideo = (length: number, body: Uint8Array, csid = 5): Uint8Array =>
  concatBytes([new ByteWriter().u8(csid).u24(0).u24(length).u8(9).u32(0).finish(), body]);

/** Behind a connect: very much of something. */
export const floodCases: readonly HostileCase[] = [
  ...breaks('too-large', {
    'more half messages than a connection may hold': concatBytes([
      chunkSize('00061a80'),
      many(3, (i) => beginVideo(0x7ffff, new Uint8Array(400_000), 5 + i)),
    ]),
  }),
  ...isStood({
    'messages that are begun anew and anew': many(2000, () => beginVideo(0x00ffff, new Uint8Array(128))),
    '20000 pings': many(20_000, () => control(4, '0006 00000001')),
    '2000 bandwidths, each another one': many(2000, (i) =>
      control(
        6,
        new ByteWriter()
          .u32(100_000 + i)
          .u8(2)
          .finish(),
      ),
    ),
  }),
];
