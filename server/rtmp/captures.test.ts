import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../shared/bytes/hex.ts';
import { splitInto } from '../../shared/testing/every-split.ts';
import {
  acceptAll,
  captureBytes,
  captureTruths,
  drain,
  HANDSHAKE,
  readAll,
  summarizeMedia,
  testCrypto,
} from '../test/rtmp-kit.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ClientSession } from './client-session.ts';
import { decodeCommand } from './command.ts';
import { isControlType, messageType, type RtmpMessage } from './message.ts';
import { ServerSession } from './server-session.ts';
import type { SessionEvent } from './session-event.ts';

const mediaTypes = {
  audio: messageType.audio,
  video: messageType.video,
  data: messageType.dataAmf0,
} as const;
const kinds = ['audio', 'video', 'data'] as const;

function checkMessages(name: string, messages: readonly RtmpMessage[], reader: ChunkReader): void {
  const truth = captureTruths[name]!;
  assert.equal(messages.length, truth.messagesTotal);
  for (const kind of kinds) {
    const ofKind = messages.filter(({ typeId }) => typeId === mediaTypes[kind]);
    assert.deepEqual(summarizeMedia(ofKind), truth[kind], kind);
  }
  const commands = messages.filter(({ typeId }) => typeId === messageType.commandAmf0);
  assert.deepEqual(
    commands
      .map((message) => decodeCommand(message))
      .map((command) => [command?.name, command?.transactionId]),
    truth.commands,
  );
  const control = messages.filter(({ typeId }) => isControlType(typeId));
  assert.deepEqual(
    control.map(({ typeId, body }) => [typeId, toHex(body)]),
    truth.control,
  );
  assert.deepEqual(
    reader.counters.chunksByFmt,
    ['0', '1', '2', '3'].map((fmt) => truth.chunksByFmt[fmt] ?? 0),
  );
  assert.equal(reader.counters.messagesStartedByType3, truth.messagesStartedByType3);
  assert.equal(reader.counters.abandonedMessages, 0);
  assert.equal(reader.partialBytes, 0);
}

function checkEvents(name: string, events: readonly SessionEvent[], session: ServerSession): void {
  const truth = captureTruths[name]!;
  const media = events.filter((event) => event.type === 'media');
  for (const kind of kinds) {
    assert.deepEqual(summarizeMedia(media.filter((event) => event.kind === kind)), truth[kind], kind);
  }
  assert.deepEqual(
    events.filter((event) => event.type === 'command').map((event) => [event.name, event.transactionId]),
    truth.commands,
  );
  assert.equal(session.droppedMedia, 0);
  assert.equal(session.bytesReceived, truth.bytes);
  const last = name.startsWith('publish') ? 'unpublish' : 'stop-play';
  assert.equal(events.filter((event) => event.type === last).length, 1);
}

/** The bytes whole, byte by byte, and in a few fixed rhythms. */
const rhythms: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array[]>> = {
  whole: (bytes) => [bytes.slice()],
  'byte by byte': (bytes) => splitInto(bytes, [1]),
  'in segments of an Ethernet': (bytes) => splitInto(bytes, [1448]),
  'in 64 KiB reads': (bytes) => splitInto(bytes, [65536]),
  'in odd pieces': (bytes) => splitInto(bytes, [7, 3000, 1, 11, 129, 18]),
};

for (const name of Object.keys(captureTruths)) {
  describe(`capture ${name}`, () => {
    const bytes = captureBytes(name);

    for (const [rhythm, cut] of Object.entries(rhythms)) {
      test(`the chunk reader finds every message when fed ${rhythm}`, () => {
        const reader = new ChunkReader(undefined, HANDSHAKE);
        const messages = readAll(reader, cut(bytes.subarray(HANDSHAKE)));
        checkMessages(name, messages, reader);
      });

      test(`a server session that grants everything relays it when fed ${rhythm}`, () => {
        const session = new ServerSession({ crypto: testCrypto });
        const events: SessionEvent[] = [];
        for (const part of cut(bytes)) {
          session.receive(part);
          acceptAll(session, events);
          part.fill(0xee);
        }
        checkEvents(name, events, session);
      });
    }

    test('random splits give the same messages and events', () => {
      const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 9000 })), {
        minLength: 1,
        maxLength: 50,
      });
      fc.assert(
        fc.property(sizes, (lengths) => {
          const reader = new ChunkReader(undefined, HANDSHAKE);
          checkMessages(name, readAll(reader, splitInto(bytes.subarray(HANDSHAKE), lengths)), reader);
          const session = new ServerSession({ crypto: testCrypto });
          const events: SessionEvent[] = [];
          for (const part of splitInto(bytes, lengths)) {
            session.receive(part);
            acceptAll(session, events);
          }
          checkEvents(name, events, session);
        }),
        { numRuns: 15 },
      );
    });
  });
}

test('decisions that come after everything else lose nothing of a small capture', () => {
  const name = 'publish-ffmpeg5-av';
  const session = new ServerSession({ crypto: testCrypto });
  const events: SessionEvent[] = [];
  const takeAll = (): string[] => {
    const taken = drain(session);
    events.push(...taken);
    return taken.map(({ type }) => type).filter((type) => type !== 'command' && type !== 'control');
  };
  session.receive(captureBytes(name));
  assert.deepEqual(takeAll(), ['handshake-done', 'connect-request']);
  session.acceptConnect();
  assert.deepEqual(takeAll(), ['publish-request']);
  session.acceptPublish(1);
  takeAll();
  checkEvents(name, events, session);
});

test('the handshake kind of each client is found', () => {
  const kindOf = (name: string): string | null => {
    const session = new ServerSession({ crypto: testCrypto });
    session.receive(captureBytes(name));
    return session.info.handshake;
  };
  assert.equal(kindOf('publish-ffmpeg5-av'), 'digest');
  assert.equal(kindOf('publish-obs29-av'), 'simple');
  assert.equal(kindOf('play-rtmpdump'), 'simple');
});

test('what a client with a token negotiated is shown without the token', () => {
  const session = new ServerSession({ crypto: testCrypto });
  session.receive(captureBytes('publish-obs29-av'));
  const events = acceptAll(session);
  const request = events.find((event) => event.type === 'publish-request');
  assert.equal(request?.name, 'obs?token=abc123');
  const { info } = session;
  assert.equal(info.app, 'live');
  assert.equal(info.inChunkSize, 4096);
  assert.match(info.flashVer ?? '', /^FMLE\/3\.0/);
  assert.doesNotMatch(JSON.stringify(info), /abc123/);
});

test('a player client finds what nginx-rtmp sent it', () => {
  const client = new ClientSession({ crypto: testCrypto, app: 'live', tcUrl: 'rtmp://127.0.0.1/live' });
  client.play('src2');
  const types: string[] = [];
  const media: Record<string, { timestamp: number; body: Uint8Array }[]> = { audio: [], video: [], data: [] };
  for (const part of splitInto(captureBytes('play-rtmpdump.s2c'), [4000, 1])) {
    client.receive(part);
    for (const event of drain(client)) {
      if (event.type === 'media') media[event.kind]?.push(event);
      else types.push(event.type);
    }
  }
  assert.deepEqual(types, ['connected', 'play-started', 'stream-eof']);
  // One header each before the frames; the first two data messages are |RtmpSampleAccess and onMetaData.
  const audio = summarizeMedia(media.audio ?? []);
  const video = summarizeMedia(media.video ?? []);
  assert.deepEqual([audio.messages, audio.firstTs, audio.lastTs], [301, 7590, 14534]);
  assert.deepEqual([video.messages, video.firstTs, video.lastTs], [198, 7967, 14543]);
  assert.equal(media.data?.length, 2);
});

test('the chunk reader understands what nginx-rtmp answered to a publisher', () => {
  const reader = new ChunkReader(undefined, HANDSHAKE);
  const messages = readAll(reader, [captureBytes('publish-ffmpeg5-av.s2c').subarray(HANDSHAKE)]);
  assert.deepEqual(
    messages.map(({ typeId }) => typeId),
    [5, 6, 1, 20, 20, 20, 20],
  );
  const commands = messages.slice(3).map((message) => decodeCommand(message));
  assert.deepEqual(
    commands.map((command) => [command?.name, command?.transactionId]),
    [
      ['_result', 1],
      ['_result', 4],
      ['onStatus', 0],
      ['onStatus', 0],
    ],
  );
  assert.equal(reader.chunkSize, 4096);
});
