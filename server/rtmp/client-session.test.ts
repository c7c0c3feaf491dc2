import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type AmfValue, amfObject } from '../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { timestamps } from '../../shared/testing/arbitraries.ts';
import { splitInto } from '../../shared/testing/every-split.ts';
import { drain, granting, HANDSHAKE, type Joined, joinSessions, testCrypto } from '../test/rtmp-kit.ts';
import { ChunkWriter, encodeSharedChunks } from './chunk-writer.ts';
import { ClientSession } from './client-session.ts';
import { encodeCommand } from './command.ts';
import { relayCapabilities } from './enhanced-capabilities.ts';
import { ServerSession } from './server-session.ts';

function joined(cut?: (bytes: Uint8Array) => readonly Uint8Array[]): Joined {
  const client = new ClientSession({ crypto: testCrypto, app: 'live', tcUrl: 'rtmp://host/live' });
  return joinSessions(client, new ServerSession({ crypto: testCrypto }), cut);
}

/** An error as a server would send it next, in a form that needs no earlier header. */
function errorBytes(transactionId: number, info: AmfValue, chunkSize: number): Uint8Array {
  const out = new ByteWriter();
  const body = encodeCommand('_error', transactionId, null, info);
  const writer = new ChunkWriter();
  writer.chunkSize = chunkSize;
  writer.write(out, { chunkStreamId: 3, typeId: 20, timestamp: 0, messageStreamId: 0, body });
  return out.finish();
}

const typesOf = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type);

describe('a publishing client and a server', () => {
  test('agree, exchange media and part', () => {
    const { client, server, clientEvents, serverEvents, settle } = joined();
    client.publish('main?token=x');
    settle(granting(server));
    assert.deepEqual(typesOf(clientEvents), ['connected', 'publish-started']);
    client.sendMedia('data', 0, Uint8Array.of(2, 0, 0));
    client.sendMedia('audio', 10, new Uint8Array(5000).fill(7));
    client.sendMedia('video', 0xffffffff, new Uint8Array(100_000).fill(9));
    settle();
    const media = serverEvents.filter((event) => event.type === 'media');
    assert.deepEqual(
      media.map(({ kind, timestamp, body }) => [kind, timestamp, body.length]),
      [
        ['data', 0, 3],
        ['audio', 10, 5000],
        ['video', 0xffffffff, 100_000],
      ],
    );
    client.stop();
    settle();
    const commands = serverEvents.filter((event) => event.type === 'command').map(({ name }) => name);
    assert.deepEqual(commands, [
      'connect',
      'releaseStream',
      'FCPublish',
      'createStream',
      'publish',
      'FCUnpublish',
      'deleteStream',
    ]);
    assert.equal(serverEvents.at(-1)?.type, 'command');
    assert.equal(serverEvents.filter(({ type }) => type === 'unpublish').length, 1);
    assert.equal(server.droppedMedia, 0);
  });

  test('agree byte by byte and in odd pieces', () => {
    for (const sizes of [[1], [3, 1000, 17]]) {
      const { client, server, clientEvents, settle } = joined((bytes) => splitInto(bytes, sizes));
      client.publish('main');
      settle(granting(server));
      assert.deepEqual(typesOf(clientEvents), ['connected', 'publish-started']);
    }
  });

  test('any media arrives unchanged and in order', () => {
    const bytes = fc.uint8Array({ maxLength: 6000 });
    // A data message without the byte that switches to AMF3, which a server undoes.
    const data = bytes.map((body) => body.map((byte) => (byte === 0x11 ? 0x10 : byte)));
    const item = fc.oneof(
      fc.tuple(fc.constantFrom('audio' as const, 'video' as const), timestamps, bytes),
      fc.tuple(fc.constant('data' as const), timestamps, data),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 15 }), sizes, (items, lengths) => {
        const { client, server, serverEvents, settle } = joined((bytes) => splitInto(bytes, lengths));
        client.publish('main');
        settle(granting(server));
        for (const [kind, timestamp, body] of items) client.sendMedia(kind, timestamp, body);
        settle();
        const media = serverEvents.filter((event) => event.type === 'media');
        assert.deepEqual(
          media.map(({ kind, timestamp, body }) => [kind, timestamp, body]),
          items,
        );
      }),
      { numRuns: 50 },
    );
  });

  test('a publish asked for after the connection stands works as well', () => {
    const { client, server, clientEvents, settle } = joined();
    settle(granting(server));
    assert.deepEqual(typesOf(clientEvents), ['connected']);
    client.publish('main');
    settle(granting(server));
    assert.deepEqual(typesOf(clientEvents), ['connected', 'publish-started']);
  });

  test('tell each other what they can do of Enhanced RTMP, and a request to reconnect is heard', () => {
    const capabilities = { ...relayCapabilities, fourCcList: ['av01'], capsEx: 1 };
    const client = new ClientSession({
      crypto: testCrypto,
      app: 'live',
      tcUrl: 'rtmp://h/live',
      capabilities,
    });
    const { server, clientEvents, settle } = joinSessions(client, new ServerSession({ crypto: testCrypto }));
    client.publish('main');
    settle(granting(server));
    assert.deepEqual(clientEvents[0], { type: 'connected', capabilities: relayCapabilities });
    assert.deepEqual(server.info.enhanced, capabilities);
    assert.equal(server.requestReconnect({ tcUrl: 'rtmp://b/live', description: 'Moving.' }), true);
    assert.equal(server.requestReconnect({ description: 'Here.' }), true);
    settle();
    assert.deepEqual(clientEvents.slice(-2), [
      { type: 'reconnect-requested', tcUrl: 'rtmp://b/live', description: 'Moving.' },
      { type: 'reconnect-requested', tcUrl: undefined, description: 'Here.' },
    ]);
  });

  test('a refusal is told with its code and reason', () => {
    const { client, server, clientEvents, settle } = joined();
    client.publish('main');
    settle((event) => {
      if (event.type === 'connect-request') server.acceptConnect();
      if (event.type === 'publish-request') server.rejectPublish(1, 'NetStream.Publish.BadName', 'Taken.');
    });
    const refused = { type: 'refused', code: 'NetStream.Publish.BadName', description: 'Taken.' };
    assert.deepEqual(clientEvents.at(-1), refused);
    assert.throws(() => client.sendMedia('audio', 0, new Uint8Array(1)), /before publish-started/);
  });

  test('a refused connect is told', () => {
    const { client, server, clientEvents, settle } = joined();
    client.publish('main');
    settle((event) => {
      if (event.type === 'connect-request') server.rejectConnect('NetConnection.Connect.Rejected', 'Full.');
    });
    assert.deepEqual(clientEvents, [
      { type: 'status', level: 'error', code: 'NetStream.Failed', description: 'Full.' },
      { type: 'refused', code: 'NetConnection.Connect.Rejected', description: 'Full.' },
    ]);
  });

  test('a server that sends us elsewhere is understood, and so is one that refuses the publish by its number', () => {
    for (const [transactionId, info, expected] of [
      [
        1,
        amfObject({
          level: 'error',
          code: 'NetConnection.Connect.Rejected',
          description: 'Moved.',
          ex: amfObject({ code: 302, redirect: 'rtmp://b:1935/live' }),
        }),
        {
          type: 'refused',
          code: 'NetConnection.Connect.Rejected',
          description: 'Moved.',
          redirect: 'rtmp://b:1935/live',
        },
      ],
      [
        5,
        amfObject({ level: 'error', code: 'NetStream.Publish.Denied', description: 'No.' }),
        { type: 'refused', code: 'NetStream.Publish.Denied', description: 'No.' },
      ],
      [3, amfObject({ level: 'error', code: 'NetConnection.Call.Failed', description: '' }), undefined],
    ] as const) {
      const { client, server, clientEvents, settle } = joined();
      client.publish('main');
      settle((event) => {
        if (event.type === 'connect-request' && transactionId !== 1) server.acceptConnect();
      });
      const before = clientEvents.length;
      client.receive(errorBytes(transactionId, info, server.outChunkSize));
      clientEvents.push(...drain(client));
      assert.deepEqual(clientEvents[before], expected);
    }
  });

  test('the type of a publish is told', () => {
    const { client, server, serverEvents, settle } = joined();
    client.publish('main', 'append');
    settle(granting(server));
    const request = serverEvents.find((event) => event.type === 'publish-request');
    assert.equal(request?.publishType, 'append');
  });

  test('a publish that the operator ends shows as an error status', () => {
    const { client, server, clientEvents, settle } = joined();
    client.publish('main');
    settle(granting(server));
    server.endPublish(1, 'NetStream.Publish.Denied', 'Kicked.');
    settle();
    assert.deepEqual(clientEvents.at(-1), {
      type: 'status',
      level: 'error',
      code: 'NetStream.Publish.Denied',
      description: 'Kicked.',
    });
  });

  test('acknowledge each other over a long stream', () => {
    const { client, server, settle } = joined();
    client.publish('main');
    settle(granting(server));
    for (let i = 0; i < 40; i++) {
      client.sendMedia('video', i * 40, new Uint8Array(100_000));
      settle();
    }
    assert.ok(client.bytesAcknowledged > 2_500_000, `${client.bytesAcknowledged}`);
    assert.equal(client.pendingOutputBytes, 0);
  });
});

describe('a playing client and a server', () => {
  test('agree, and shared chunks reach the player', () => {
    const { client, server, clientEvents, settle } = joined();
    client.play('main');
    settle(granting(server));
    // The media is the data message |RtmpSampleAccess.
    assert.deepEqual(typesOf(clientEvents), ['connected', 'play-started', 'media']);
    const chunkSize = server.outChunkSize;
    const body = new Uint8Array(150_000).fill(3);
    for (const timestampMs of [0, 40, 20_000_000]) {
      client.receive(encodeSharedChunks({ kind: 'video', timestampMs, body, messageStreamId: 1, chunkSize }));
      settle();
      clientEvents.push(...drain(client));
    }
    const media = clientEvents.filter((event) => event.type === 'media');
    assert.deepEqual(
      media.map(({ kind, timestamp, body: { length } }) => [kind, timestamp, length]),
      [
        ['data', 0, 24],
        ['video', 0, 150_000],
        ['video', 40, 150_000],
        ['video', 20_000_000, 150_000],
      ],
    );
    server.endPlay(1, 'The stream has ended.');
    settle();
    assert.deepEqual(typesOf(clientEvents).slice(-3), ['status', 'stream-eof', 'status']);
    client.stop();
    settle();
  });

  test('shake hands with digests when asked to', () => {
    const client = new ClientSession({ crypto: testCrypto, app: 'a', tcUrl: 'rtmp://h/a', digest: true });
    const { server, clientEvents, settle } = joinSessions(client, new ServerSession({ crypto: testCrypto }));
    client.play('main');
    settle(granting(server));
    assert.equal(server.info.handshake, 'digest');
    assert.equal(clientEvents[1]?.type, 'play-started');
  });

  test('tell each other where to start, for how long and whether to reset', () => {
    for (const [options, expected] of [
      [{}, [undefined, false]],
      [{ startMs: -1000 }, [undefined, false]],
      [{ durationMs: 4000 }, [4000, true]],
      [{ startMs: 0, durationMs: 4000 }, [undefined, true]],
      [{ reset: false }, [undefined, false]],
    ] as const) {
      const { client, server, serverEvents, settle } = joined();
      client.play('main', options);
      settle(granting(server));
      const request = serverEvents.find((event) => event.type === 'play-request');
      assert.deepEqual([request?.durationMs, request?.reset], expected);
    }
  });

  test('subscribes first where it is told to, and names its buffer', () => {
    const { client, server, serverEvents, settle } = joined();
    client.play('main', { subscribe: true, bufferLengthMs: 700 });
    settle(granting(server));
    const commands = serverEvents.filter((event) => event.type === 'command').map(({ name }) => name);
    assert.deepEqual(commands, ['connect', 'FCSubscribe', 'createStream', 'play']);
    assert.ok(serverEvents.some((event) => event.type === 'buffer-length' && event.bufferLengthMs === 700));
    client.seek(5_000);
    settle();
    assert.ok(serverEvents.some((event) => event.type === 'command' && event.name === 'seek'));
  });

  test('pause, choose tracks, and ping each other', () => {
    const { client, server, clientEvents, serverEvents, settle } = joined();
    assert.throws(() => client.pause(true), /before play/);
    client.play('main');
    settle(granting(server));
    client.pause(true, 1234);
    client.want('video', false);
    client.want('audio', true);
    client.ping(77);
    server.ping(88);
    server.sendStreamDry(1);
    settle();
    const seen = serverEvents.filter(({ type }) => /pause|receive|pong/.test(type));
    assert.deepEqual(seen, [
      { type: 'pause', messageStreamId: 1, paused: true },
      { type: 'receive-video', messageStreamId: 1, wanted: false },
      { type: 'receive-audio', messageStreamId: 1, wanted: true },
      { type: 'pong', timestampMs: 88 },
    ]);
    const own = clientEvents.filter(({ type }) => type === 'pong' || type === 'stream-dry');
    assert.deepEqual(own, [{ type: 'stream-dry' }, { type: 'pong', timestampMs: 77 }]);
  });

  test('a stream that is not there is told', () => {
    const { client, server, clientEvents, settle } = joined();
    client.play('main');
    settle((event) => {
      if (event.type === 'connect-request') server.acceptConnect();
      if (event.type === 'play-request') server.rejectPlay(1, 'NetStream.Play.StreamNotFound', 'Not live.');
    });
    assert.equal(clientEvents.at(-1)?.type, 'refused');
  });
});

test('a client session serves one stream', () => {
  const client = new ClientSession({ crypto: testCrypto, app: 'live', tcUrl: 'rtmp://host/live' });
  client.publish('one');
  assert.throws(() => client.play('two'), /one stream/);
});

test('a server that answers everything with transaction 0 is understood', () => {
  const client = new ClientSession({ crypto: testCrypto, app: 'live', tcUrl: 'rtmp://host/live' });
  client.publish('main');
  const writer = new ChunkWriter();
  const out = new ByteWriter();
  out.bytes(Uint8Array.of(3)).bytes(new Uint8Array(HANDSHAKE - 1));
  const say = (...values: AmfValue[]): void => {
    const [name, ...rest] = values;
    const body = encodeCommand(String(name), 0, null, ...rest);
    writer.write(out, { chunkStreamId: 3, typeId: 20, timestamp: 0, messageStreamId: 0, body });
  };
  say('_result', amfObject({ code: 'NetConnection.Connect.Success' }));
  say('_result');
  say('_result', 1);
  say('onStatus', amfObject({ level: 'status', code: 'NetStream.Publish.Start' }));
  client.receive(out.finish());
  assert.deepEqual(typesOf(drain(client)), ['connected', 'publish-started']);
});
