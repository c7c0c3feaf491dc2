import { type AmfValue, amfEcmaArray, amfObject } from '../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import { ChunkWriter } from '../rtmp/chunk-writer.ts';
import { encodeCommand } from '../rtmp/command.ts';
import { HANDSHAKE } from './rtmp-kit.ts';

/**
 * What becomes of it: the protocol error that ends the connection, the refusal that does, or `idle`: it is stood, and ends when it
 * has done nothing useful for too long.
 */
export type Outcome = { readonly error: string } | { readonly refusal: string } | 'idle';

export interface HostileInput {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly outcome: Outcome;
}

/** Is in all media that nobody may ever see. */
export const FOREIGN = encodeUtf8('FOREIGN');

const CHUNK = 128;

/** A message in chunks that depend on nothing before them. */
export function message(
  typeId: number,
  body: Uint8Array | string,
  { csid = 3, msid = 0, timestamp = 0 } = {},
): Uint8Array {
  const out = new ByteWriter();
  new ChunkWriter().write(out, {
    typeId,
    chunkStreamId: csid,
    messageStreamId: msid,
    timestamp,
    body: typeof body === 'string' ? fromHex(body) : body,
  });
  return out.finish();
}

export const command = (messageStreamId: number, name: string, ...values: AmfValue[]): Uint8Array => {
  const [object = null, ...args] = values;
  return message(20, encodeCommand(name, 5, object, ...args), { msid: messageStreamId });
};

export const handshake = (): Uint8Array => {
  const bytes = new Uint8Array(HANDSHAKE);
  bytes[0] = 3;
  return bytes;
};

export const connect = (properties: Readonly<Record<string, AmfValue>> = {}): Uint8Array =>
  command(0, 'connect', amfObject({ app: 'live', tcUrl: 'rtmp://h/live', ...properties }));

/** Handshake, connect and a message stream, said in one go. */
export const connected = (): Uint8Array => concatBytes([handshake(), connect(), command(0, 'createStream')]);

const foreign = (typeId: number, msid: number): Uint8Array =>
  message(typeId, concatBytes([fromHex(typeId === 9 ? '2701000000' : 'af01'), FOREIGN]), { msid, csid: 6 });

const text = (length: number): string => 'a'.repeat(length);
const repeat = (hex: string, times: number): string => hex.repeat(times);
/** A command that begins well and goes on with these bytes. */
const commandWith = (hex: string): Uint8Array =>
  message(20, concatBytes([encodeCommand('_checkbw', 0, null), fromHex(hex)]));
const many = (count: number, make: (index: number) => Uint8Array): Uint8Array =>
  concatBytes(Array.from({ length: count }, (_, i) => make(i)));
/** The first chunk of a video message of this length. */
const beginVideo = (length: number, body: Uint8Array, csid = 5): Uint8Array =>
  concatBytes([new ByteWriter().u8(csid).u24(0).u24(length).u8(9).u32(0).finish(), body]);
const setChunkSize = (hex: string): Uint8Array => message(1, hex, { csid: 2 });

const beforeHandshake: HostileInput[] = [
  ['HTTP', encodeUtf8('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['a TLS ClientHello', fromHex('160301 0200 010001fc0303')],
  ['SSH', encodeUtf8('SSH-2.0-OpenSSH_9.2\r\n')],
  ['a PROXY header from somebody who is no proxy', encodeUtf8('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n')],
  ['a PROXY header of version 2', fromHex('0d0a0d0a000d0a515549540a 2111000c 01020304 05060708 00010002')],
  ['version 0', new Uint8Array(HANDSHAKE)],
  ['version 2', new Uint8Array(HANDSHAKE).fill(2)],
  ['version 4', new Uint8Array(HANDSHAKE).fill(4)],
  ['RTMPE', concatBytes([Uint8Array.of(6), new Uint8Array(1536)])],
  ['version 8', new Uint8Array(HANDSHAKE).fill(8)],
  ['version 255', new Uint8Array(HANDSHAKE).fill(255)],
].map(([name, bytes]) => ({
  name: name as string,
  bytes: bytes as Uint8Array,
  outcome: { error: 'bad-version' },
}));

const neverShakesHands: HostileInput[] = [
  ['one byte of a handshake', 1],
  ['half a handshake', 1000],
  ['a handshake without its last byte', HANDSHAKE - 1],
].map(([name, length]) => ({
  name: name as string,
  bytes: handshake().subarray(0, length as number),
  outcome: { refusal: 'timeout' },
}));

type Row = readonly [name: string, bytes: Uint8Array, outcome: Outcome];

const error = (code: string): Outcome => ({ error: code });

const chunks: Row[] = [
  ['nothing', new Uint8Array(0), 'idle'],
  ['a chunk of type 2 first', fromHex('85 000000'), error('bad-chunk-header')],
  ['a chunk of type 3 first', fromHex('c5'), error('bad-chunk-header')],
  ['a chunk of type 3 first, on a long chunk stream id', fromHex('c1 ffff'), error('bad-chunk-header')],
  ['a chunk of type 1 first, of nothing', fromHex('45 000000 000000 08'), 'idle'],
  [
    'a new header inside a message',
    fromHex(`05 000000 0000ff 09 00000000 ${repeat('00', 128)} 45 000000 0000ff 09`),
    error('bad-chunk-header'),
  ],
  [
    'another length inside a message',
    fromHex(`05 000000 0000ff 09 00000000 ${repeat('00', 128)} 85 000000`),
    error('bad-chunk-header'),
  ],
  ['a message that is never ended', fromHex(`05 000000 00ffff 09 00000000 ${repeat('00', 128)}`), 'idle'],
  ['Set Chunk Size 0', setChunkSize('00000000'), error('bad-chunk-size')],
  ['Set Chunk Size with its first bit set', setChunkSize('80000080'), error('bad-chunk-size')],
  ['Set Chunk Size 2^32-1', setChunkSize('ffffffff'), error('bad-chunk-size')],
  ['Set Chunk Size of no bytes', setChunkSize(''), error('truncated')],
  ['Set Chunk Size of 1 byte', setChunkSize('00'), error('truncated')],
  ['Set Chunk Size of 3 bytes', setChunkSize('000010'), error('truncated')],
  [
    'Set Chunk Size 2^31-1, and a little of a long message',
    concatBytes([setChunkSize('7fffffff'), fromHex('05 000000 07ffff 09 00000000 00'), new Uint8Array(1000)]),
    'idle',
  ],
  [
    'Set Chunk Size 1, and a long message',
    concatBytes([
      setChunkSize('00000001'),
      fromHex('05 000000 000400 08 00000000 00'),
      many(1023, () => fromHex('c5 00')),
    ]),
    'idle',
  ],
  ['a video message over the limit', fromHex('05 000000 800001 09 00000000'), error('too-large')],
  ['the longest message there can be', fromHex('05 000000 ffffff 09 00000000'), error('too-large')],
  ['a command over the limit', fromHex('05 000000 010001 14 00000000'), error('too-large')],
  ['data over the limit', fromHex('05 000000 040001 12 00000000'), error('too-large')],
  ['a control message over the limit', fromHex('02 000000 000101 05 00000000'), error('too-large')],
  ['an unknown message over the limit', fromHex('05 000000 010001 63 00000000'), error('too-large')],
  [
    '65 chunk streams',
    many(65, (i) => fromHex(`00 ${(i + 6).toString(16).padStart(2, '0')} 000000 000001 08 00000000 00`)),
    error('too-many'),
  ],
  ['an Abort of nothing', message(2, 'ffffffff', { csid: 2 }), 'idle'],
  ['an Abort that is cut', message(2, '0000', { csid: 2 }), error('truncated')],
  ['an Acknowledgement that is cut', message(3, '00', { csid: 2 }), error('truncated')],
  ['an Acknowledgement of what was never sent', message(3, 'ffffffff', { csid: 2 }), 'idle'],
  ['an acknowledgement window of 0', message(5, '00000000', { csid: 2 }), 'idle'],
  [
    'an acknowledgement window of 1',
    concatBytes([message(5, '00000001', { csid: 2 }), many(500, () => message(99, '00', { csid: 4 }))]),
    'idle',
  ],
  ['an acknowledgement window of 2^32-1', message(5, 'ffffffff', { csid: 2 }), 'idle'],
  ['an acknowledgement window that is cut', message(5, '0000', { csid: 2 }), error('truncated')],
  ['Set Peer Bandwidth 0 of a limit type that is none', message(6, '00000000 09', { csid: 2 }), 'idle'],
  ['Set Peer Bandwidth without its type', message(6, '00000000', { csid: 2 }), error('truncated')],
  ['a user control message of one byte', message(4, '00', { csid: 2 }), 'idle'],
  ['a user control event that is none', message(4, 'ffff 00000000', { csid: 2 }), 'idle'],
  ['a buffer length that is cut', message(4, '0003 00000001 00', { csid: 2 }), 'idle'],
  ['answers to pings that nobody sent', many(1000, () => message(4, '0007 00000001', { csid: 2 })), 'idle'],
  [
    'messages of every type, empty',
    many(256, (i) =>
      i === 1 || i === 2 || i === 3 || i === 5 || i === 6 ? new Uint8Array(0) : message(i, ''),
    ),
    'idle',
  ],
  [
    'timestamps around every corner',
    many(64, (i) =>
      message(99, '00', {
        timestamp: [0, 0xfffffe, 0xffffff, 0x1000000, 0x7fffffff, 0x80000000, 0xffffffff][i % 7]!,
        csid: 5,
      }),
    ),
    'idle',
  ],
  ['an aggregate of nonsense', message(22, repeat('ff', 300)), 'idle'],
  ['an aggregate within aggregates', message(22, encodeNested(5)), 'idle'],
  ['an aggregate with Set Chunk Size 0', message(22, '01 000004 000000 00 000000 00000000 0000000f'), 'idle'],
  [
    'shared objects that are cut',
    concatBytes([message(19, 'ffff 00'), message(16, ''), message(19, '')]),
    'idle',
  ],
];

function encodeNested(levels: number): Uint8Array {
  let inner: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < levels; i++) {
    const head = new ByteWriter().u8(22).u24(inner.length).u24(0).u8(0).u24(0).finish();
    inner = concatBytes([head, inner, new Uint8Array(4)]);
  }
  return inner;
}

const amf: Row[] = [
  ['a command of nothing', message(20, ''), 'idle'],
  ['a command that does not begin with a name', message(20, '00 00 00 00'), 'idle'],
  ['an AMF3 command of nothing', message(17, ''), 'idle'],
  ['a command that is cut in its name', message(20, '02 0010 61'), error('truncated')],
  ['a command without a number', message(20, '02 0001 61'), error('out-of-order')],
  ['a number that is cut', message(20, '02 0001 61 00 0000'), error('truncated')],
  ['17 levels of objects', commandWith(`${repeat('03 0001 61', 17)}05`), error('too-deep')],
  ['10000 levels of arrays', commandWith(`${repeat('0a 00000001', 10_000)}05`), error('too-deep')],
  [
    '10000 levels of objects of AMF3',
    commandWith(`11${repeat('0a 0b 01 03 61', 10_000)}`),
    error('too-deep'),
  ],
  [
    'an object of 8000 keys',
    commandWith(
      `03 ${Array.from({ length: 8000 }, (_, i) => `0004${(0x61616161 + i).toString(16)}05`).join('')} 000009`,
    ),
    error('too-many'),
  ],
  ['60000 values', commandWith(repeat('05', 60_000)), error('too-many')],
  ['an array of 4 billion', commandWith('0a ffffffff 05'), error('bad-length')],
  [
    'an ECMA array that says it has 4 billion',
    commandWith('08 ffffffff 0001 61 05 000009'),
    error('out-of-order'),
  ],
  ['a text of 4 GB', commandWith('0c ffffffff 61'), error('too-large')],
  ['an XML text of 4 GB', commandWith('0f ffffffff 61'), error('too-large')],
  ['a text that is cut', commandWith('02 ffff 61'), error('truncated')],
  ['a reference to nothing', commandWith('07 0005'), error('bad-value')],
  ['a reference to itself', commandWith('03 0001 61 07 0000 000009'), error('bad-value')],
  ['references that unfold into 4 billion values', commandWith(bombOfReferences()), error('too-many')],
  ['a movie clip', commandWith('04'), error('bad-marker')],
  ['a record set', commandWith('0e'), error('bad-marker')],
  ['a stray end', commandWith('09'), error('bad-marker')],
  ['a type that is none', commandWith('77'), error('bad-marker')],
  ['an AMF3 type that is none', commandWith('11 7f'), error('bad-marker')],
  ['an AMF3 array of 268 million', commandWith('11 09 ffffffff 01'), error('bad-length')],
  ['an AMF3 vector of 268 million', commandWith('11 0d ffffffff 00'), error('bad-length')],
  ['an AMF3 class of 33 million members', commandWith('11 0a fffffffb 01'), error('bad-length')],
  ['an AMF3 text that stood nowhere', commandWith('11 06 08'), error('bad-value')],
  ['an AMF3 class that stood nowhere', commandWith('11 0a 05'), error('bad-value')],
  [
    'an AMF3 object of a class that only itself can read',
    commandWith('11 0a 07 05 61 62'),
    error('bad-value'),
  ],
  ['an AMF3 dictionary of itself', commandWith('11 11 03 00 11 00 01'), error('bad-value')],
];

/** Each array holds two references to the one before: thirty of them stand for four billion values. */
function bombOfReferences(): string {
  let hex = '0a 00000001 05';
  for (let i = 0; i < 30; i++) {
    const reference = `07 ${i.toString(16).padStart(4, '0')}`;
    hex += `0a 00000002 ${reference} ${reference}`;
  }
  return hex;
}

const order: Row[] = [
  ['publish before connect', command(0, 'publish', null, 'a'), error('out-of-order')],
  ['play before connect', command(1, 'play', null, 'a'), error('out-of-order')],
  ['createStream before connect', command(0, 'createStream'), error('out-of-order')],
  ['an answer before connect', command(0, '_result', null), error('out-of-order')],
  [
    'a command whose name breaks a line, before connect',
    command(0, 'a\r\n{"level":"fatal"}'),
    error('out-of-order'),
  ],
  ['media before connect', concatBytes([foreign(8, 1), foreign(9, 1)]), 'idle'],
  ['two connects', concatBytes([connect(), connect()]), error('out-of-order')],
  ['too much before connect', many(1100, () => message(8, new Uint8Array(CHUNK))), error('too-large')],
  ['connect with a number for an object', command(0, 'connect', 7), 'idle'],
  ['connect with a number for an app', connect({ app: 7 }), 'idle'],
  ['connect without a tcUrl', command(0, 'connect', amfObject({ app: 'live' })), 'idle'],
  ['connect with objects for texts', connect({ flashVer: amfObject({}), tcUrl: [1], swfUrl: true }), 'idle'],
  ['connect with a text of 60 KB', connect({ swfUrl: text(60_000) }), 'idle'],
  [
    'connect with keys of Object.prototype',
    connect({ ['__proto__']: amfObject({ app: 'evil' }), constructor: 1, toString: 2 }),
    'idle',
  ],
  [
    'connect with capabilities that are none',
    connect({
      capsEx: Number.NaN,
      fourCcList: new Array<string>(3000).fill('hvc1'),
      videoFourCcInfoMap: amfEcmaArray({ ['__proto__']: 7, '*': -1 }),
    }),
    'idle',
  ],
  [
    'connect with an app that breaks a line',
    connect({ app: 'live\r\n{"level":"fatal"}', flashVer: 'x\r\ny\u2028z\u001b[31m' }),
    'idle',
  ],
];

/** Names that no stream can have. */
const badNames = [
  '',
  '/',
  '..',
  '../../etc/passwd',
  './a',
  '.a',
  'a/../../b',
  'a\\b',
  'a\0b',
  'a\r\nb',
  'a\nlevel=fatal',
  'a b',
  'a%2e%2e%2fb',
  'a<script>',
  "a'--",
  'a\u202eb',
  'a\u200bb',
  'a\ufe0f',
  text(129),
  'a/b/c/d/e/f/g',
  text(60_000),
];

const floods: Row[] = [
  [
    'messages that are begun anew and anew',
    many(2000, () => beginVideo(0x00ffff, new Uint8Array(CHUNK))),
    'idle',
  ],
  [
    'more half messages than a connection may hold',
    concatBytes([
      setChunkSize('00061a80'),
      many(3, (i) => beginVideo(0x7ffff, new Uint8Array(400_000), 5 + i)),
    ]),
    error('too-large'),
  ],
  ['20000 pings', many(20_000, () => message(4, '0006 00000001', { csid: 2 })), 'idle'],
  [
    '2000 bandwidths, each another one',
    many(2000, (i) =>
      message(
        6,
        new ByteWriter()
          .u32(100_000 + i)
          .u8(2)
          .finish(),
        { csid: 2 },
      ),
    ),
    'idle',
  ],
];

const requests: Row[] = [
  ...badNames.map(
    (name): Row => [
      `publish of ${JSON.stringify(name.slice(0, 30))}`,
      command(1, 'publish', null, name, 'live'),
      { refusal: 'name-invalid' },
    ],
  ),
  ...badNames.map(
    (name): Row => [
      `play of ${JSON.stringify(name.slice(0, 30))}`,
      command(1, 'play', null, name),
      { refusal: 'name-invalid' },
    ],
  ),
  ...[undefined, null, true, 7, Number.NaN, [], amfObject({})].map(
    (name): Row => [
      `publish of ${String(name) || 'an array'}`,
      command(1, 'publish', null, name),
      { refusal: 'name-invalid' },
    ],
  ),
  ['publish(false)', command(1, 'publish', null, false), { refusal: 'name-invalid' }],
  ['play(false)', command(1, 'play', null, false), 'idle'],
  [
    'publish of a key that is taken, and media behind it',
    concatBytes([command(1, 'publish', null, 'a', 'live'), foreign(9, 1), foreign(8, 1)]),
    { refusal: 'key-in-use' },
  ],
  [
    'publish of the same key written otherwise',
    command(1, 'publish', null, '/a.flv?x=1', 'live'),
    { refusal: 'key-in-use' },
  ],
  [
    'media without a publish',
    concatBytes([0, 1, 2, 0xffffffff].flatMap((id) => [foreign(8, id), foreign(9, id), foreign(18, id)])),
    'idle',
  ],
  ['201 commands', many(202, () => command(0, '_checkbw')), error('too-many')],
  ['commands whose name is 60 KB', command(0, text(60_000)), 'idle'],
  [
    'commands of every sort with nothing behind them',
    concatBytes(
      [
        'deleteStream',
        'closeStream',
        'pause',
        'seek',
        'receiveAudio',
        'receiveVideo',
        'FCPublish',
        'FCUnpublish',
        'FCSubscribe',
        'releaseStream',
        'getStreamLength',
        'onStatus',
        '_error',
        '_result',
        '@setDataFrame',
        'constructor',
        '__proto__',
        'toString',
      ].map((name) => command(1, name)),
    ),
    'idle',
  ],
  [
    'the same with what makes no sense',
    concatBytes(
      [
        'deleteStream',
        'closeStream',
        'pause',
        'seek',
        'receiveAudio',
        'receiveVideo',
        'FCPublish',
        'FCUnpublish',
        'releaseStream',
        'getStreamLength',
      ].flatMap((name) =>
        [Number.NaN, -1, 1e300, [], amfObject({ a: 1 }), 'x'].map((value) => command(1, name, null, value)),
      ),
    ),
    'idle',
  ],
  [
    'streams that are made up',
    concatBytes([
      command(0xffffffff, 'closeStream'),
      command(77, 'deleteStream', null, 0xffffffff),
      command(0, 'deleteStream', null, 2 ** 40),
    ]),
    'idle',
  ],
  ['20 streams', many(20, () => command(0, 'createStream')), 'idle'],
];

/** Everything that is sent to the RTMP port by somebody who means no good. */
export const hostileInputs: readonly HostileInput[] = [
  ...beforeHandshake,
  ...neverShakesHands,
  ...[...chunks, ...amf, ...order].map(([name, bytes, outcome]) => ({
    name,
    bytes: concatBytes([handshake(), bytes]),
    outcome,
  })),
  ...[...floods, ...requests].map(([name, bytes, outcome]) => ({
    name,
    bytes: concatBytes([connected(), bytes]),
    outcome,
  })),
];

/** Bodies that no encoder makes, for a stream of their own: kind and hex. */
export const hostileMedia: readonly (readonly [typeId: 8 | 9 | 18 | 22, body: Uint8Array])[] = [
  [9, ''],
  [8, ''],
  [18, ''],
  [22, ''],
  [9, '17'],
  [9, '1700'],
  [9, '1700000000'],
  [9, `1700000000 01640028 ffe1 ffff ${repeat('00', 8)}`],
  [9, '1700000000 0142c01e ffe1 0004 6742ffff 01 0001 68'],
  [9, '17010000000000000001'],
  [9, '27010000ffffffffff'],
  [9, '1702000000'],
  [9, '1703'],
  [9, '5701'],
  [9, '1c00000000 01'],
  [9, '70'],
  [9, 'f0'],
  [9, '80'],
  [9, '9068766331'],
  [9, '9168766331 000000'],
  [9, '90617630 3181'],
  [9, '9076703039'],
  [9, `90${'41'.repeat(4)}`],
  [9, '96'],
  [9, '9600'],
  [9, '9610'],
  [9, '960068766331'],
  [9, '9610687663310000ffff'],
  [9, '962068766331 00 68766331 ffffff'],
  [9, `9620${repeat('68766331 00 000000', 300)}`],
  [9, '97'],
  [9, '9700'],
  [9, '97ff'],
  [9, '97ffffff'],
  [9, `${repeat('9700000000', 400)}`],
  [9, '9402000161'],
  [8, 'af'],
  [8, 'af00'],
  [8, 'af00ffff'],
  [8, 'af0013'],
  [8, 'af01'],
  [8, '2f'],
  [8, '2fffe300'],
  [8, '90'],
  [8, '904f707573'],
  [8, '90664c6143'],
  [8, '9530'],
  [8, '95204f707573 00 ffffff'],
  [8, '97ff'],
  [8, '9d'],
  [18, '02000a6f6e4d65746144617461'],
  [18, '02000a6f6e4d65746144617461 08ffffffff'],
  [18, `02000a6f6e4d65746144617461 ${repeat('0300016a', 3000)}`],
  [18, '02000d40736574446174614672616d65'],
  [18, '02000f40636c6561724461746146726d6500'],
  [18, '11 0a ffffffff 01'],
  [18, '07 0000'],
  [22, '08 ffffff'],
  [22, '09000001 000000 00 000000 17 0000000c'],
].map(([typeId, hex]) => [typeId as 8 | 9 | 18 | 22, concatBytes([fromHex(hex as string)])] as const);
