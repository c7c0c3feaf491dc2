import { concatBytes } from '../../shared/bytes/concat.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { decodeUtf8, encodeUtf8 } from '../../shared/bytes/utf8.ts';
import { encodeFlvTags } from '../../shared/flv/flv-writer.ts';
import { rtmpPlayableBody } from '../../shared/media/rtmp-player-body.ts';
import { headerParts, trackIdOf } from '../../shared/media/tracks-of.ts';
import { goldenVectors } from '../../shared/testing/golden.ts';
import { parseAddressList } from '../config/address-list.ts';
import { RefusalError } from '../http/refusal-error.ts';
import { AggregateReader } from '../rtmp/aggregate.ts';
import { decodeCommand } from '../rtmp/command.ts';
import { decodeControlMessage, encodeControlMessage } from '../rtmp/control-message.ts';
import { isMediaType, toMediaEvent } from '../rtmp/media-message.ts';
import type { RtmpMessage } from '../rtmp/message.ts';
import { nextAuthAttempt } from '../rtmp/publisher-auth.ts';
import { isSharedObjectType, sharedObjectName } from '../rtmp/shared-object.ts';
import { decodeUserControl, encodeUserControl } from '../rtmp/user-control.ts';
import { captureBytes, HANDSHAKE } from '../test/rtmp-kit.ts';
import { parseProxyHeader } from '../transport/listener/proxy-protocol.ts';
import { nodeCrypto } from '../transport/node-crypto.ts';
import { parseTrackId } from '../transport/pick-tracks.ts';
import { attempt, whole } from './attempt.ts';
import { messagesOf } from './mutate-chunks.ts';
import type { FuzzTarget } from './target.ts';
import type { Trace } from './trace.ts';

const captured = ['publish-ffmpeg5-av', 'publish-obs29-av', 'play-rtmpdump'].flatMap((name) =>
  messagesOf(captureBytes(name).subarray(HANDSHAKE)),
);
const tagBodies = goldenVectors<{ kind: 'audio' | 'video' | 'data' }>('flv/bodies.json').map(
  ({ bytes, expected }) => ({ kind: expected.kind, body: bytes }),
);
const packed = [2, 9, 30].map((count) =>
  encodeFlvTags(tagBodies.slice(0, count).map((tag, i) => ({ ...tag, timestampMs: 0xfffff0 + 20 * i }))),
);
/** Seeds with the kind of thing that they are in front. */
const tagged = (kind: number, body: Uint8Array): Uint8Array => concatBytes([Uint8Array.of(kind), body]);

const messageOf = (bytes: Uint8Array): RtmpMessage => ({
  typeId: bytes[0] ?? 0,
  body: bytes.slice(1),
  timestamp: 0xfffffff0,
  messageStreamId: 1,
  chunkStreamId: 4,
});

const must = (holds: boolean, text: string): void => {
  if (!holds) throw new Error(text);
};

/** A message of any type, without chunks: what its bytes mean. */
function readMessage(message: RtmpMessage, trace: Trace): void {
  attempt(trace, () => decodeCommand(message));
  if (isMediaType(message.typeId)) attempt(trace, () => toMediaEvent(message));
  if (isSharedObjectType(message.typeId)) trace.add(sharedObjectName(message));
  attempt(trace, () => {
    const control = decodeControlMessage(message);
    if (control === undefined) return undefined;
    const again = decodeControlMessage({ ...message, ...encodeControlMessage(control) });
    must(
      JSON.stringify(again) === JSON.stringify(control),
      'a control message that changes when it is written',
    );
    return control;
  });
  const user = decodeUserControl(message.body);
  trace.add(user);
  if (user === undefined) return;
  const written = encodeUserControl(user);
  must(
    Buffer.compare(written, message.body.subarray(0, written.length)) === 0,
    'user control is written otherwise',
  );
}

/** Nothing comes out that was not inside, and no more of it. */
function readAggregate(message: RtmpMessage, trace: Trace): void {
  const reader = new AggregateReader(message);
  let bytes = 0;
  for (let part = reader.next(); part; part = reader.next()) {
    bytes += 11 + part.body.length;
    must(part.timestamp >= 0 && part.timestamp <= 0xffffffff, 'a time out of range');
    must(isMediaType(part.typeId), `a message of type ${part.typeId} from an aggregate`);
    trace.add(part);
  }
  must(bytes <= message.body.length, 'more than was inside');
}

const players = [false, true].flatMap((multitrack) => [false, true].map((modEx) => ({ multitrack, modEx })));

/** What is taken out of a wrapping is never longer than the packet, but for a few bytes a track. */
function readTracks(kind: 'audio' | 'video', body: Uint8Array, trace: Trace): void {
  trace.add(trackIdOf(kind, body));
  const parts = headerParts(kind, body);
  trace.add(parts);
  must(parts.length <= 256, `${parts.length} tracks`);
  const bytes = parts.reduce((sum, part) => sum + part.body.length, 0);
  must(bytes <= body.length + 7 * parts.length, 'tracks that are longer than their packet');
  for (const takes of players) {
    const playable = rtmpPlayableBody(kind, body, takes);
    trace.add(playable);
    if (playable === undefined) continue;
    must(playable.length <= body.length, 'a player gets more than came');
    must(rtmpPlayableBody(kind, playable, takes) !== undefined, 'a player gets what it does not take');
  }
}

/** Judged as it comes, as from a socket: once there is an answer, more bytes do not change it. */
const proxy: FuzzTarget = {
  name: 'proxy',
  seeds: [
    encodeUtf8('PROXY TCP4 192.0.2.7 10.0.0.1 51234 1935\r\n\x03rest'),
    encodeUtf8('PROXY TCP6 2001:db8::7 fd00::1 51234 1935\r\n'),
    encodeUtf8('PROXY UNKNOWN ffff::1 x\r\n'),
    ...[
      '0d0a0d0a000d0a515549540a 2111000c c0000207 0a000001 c822 078f 03',
      '0d0a0d0a000d0a515549540a 21210024 20010db8000000000000000000000007 fd000000000000000000000000000001 c822078f',
      '0d0a0d0a000d0a515549540a 20000000',
      '0d0a0d0a000d0a515549540a 21110014 c0000207 0a000001 c822 078f 04 0005 0000000000',
    ].map((hex) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))),
  ],
  run(parts, trace) {
    let bytes: Uint8Array = new Uint8Array(0);
    for (const part of parts) {
      bytes = concatBytes([bytes, part]);
      const header = parseProxyHeader(bytes);
      if (!header) continue;
      must(header.length <= bytes.length, 'a header that is longer than what came');
      trace.add(header);
      return;
    }
    must(bytes.length <= 16 + 2048, 'a header that never ends');
  },
};

const queries = [
  '0',
  '7',
  '255',
  '256',
  '007',
  '-1',
  '1e2',
  ' 1',
  '٣',
  '10.0.0.2, fd00::/8',
  '::1',
  '10.0.0.0/33',
  '[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=me&salt=abc&challenge=YWJj&opaque=YWJj',
  'code=403 need auth; authmod=llnw',
];

export const wireTargets: readonly FuzzTarget[] = [
  whole(
    'message',
    [
      ...captured
        .filter(({ typeId }) => typeId !== 8 && typeId !== 9)
        .map(({ typeId, body }) => tagged(typeId, body)),
      ...[1, 2, 3, 5, 6].map((typeId) => tagged(typeId, Uint8Array.of(0, 0, 16, 0, 2))),
      ...[0, 1, 2, 3, 4, 6, 7, 31, 32].map((event) =>
        tagged(4, Uint8Array.of(0, event, 0, 0, 0, 1, 0, 0, 11, 184)),
      ),
      ...[15, 16, 17, 19].map((typeId) => tagged(typeId, Uint8Array.of(0, 0, 2, 97, 98, 17, 10, 11, 1))),
    ],
    (bytes, trace) => readMessage(messageOf(bytes), trace),
  ),
  whole('aggregate', packed, (bytes, trace) =>
    readAggregate({ ...messageOf(bytes), typeId: 22, body: bytes }, trace),
  ),
  whole(
    'tracks',
    tagBodies.map(({ body }) => body),
    (bytes, trace) => {
      for (const kind of ['audio', 'video'] as const) readTracks(kind, bytes, trace);
    },
  ),
  proxy,
  whole('query', queries.map(encodeUtf8), (bytes, trace) => {
    const text = decodeUtf8(bytes);
    try {
      const track = parseTrackId(text);
      must(track === undefined || (Number.isInteger(track) && track > 0 && track <= 255), `track ${track}`);
      trace.add(track);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      trace.add(error.refusal.code);
    }
    const credentials = { user: 'me', password: 's3cr3t-password' };
    const next = nextAuthAttempt(text, { app: 'live', credentials }, nodeCrypto);
    must(!next?.includes(credentials.password), 'the password itself is sent');
    trace.add(next === undefined);
    trace.add(listOf(text));
  }),
];

/** Whether a list of addresses is one; its faults are plain errors, for they are the operator's. */
function listOf(text: string): string {
  try {
    return String(parseAddressList(text)('10.0.0.2'));
  } catch (error) {
    if (error instanceof ProtocolError || !(error instanceof Error)) throw error;
    return error.message.slice(0, 20);
  }
}
