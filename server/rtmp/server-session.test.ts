import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amfGet, amfObject } from '../../shared/amf/amf-value.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { assertProtocolError } from '../../shared/testing/every-prefix.ts';
import { RawClient, testCrypto } from '../test/rtmp-kit.ts';
import { encodeCommand } from './command.ts';
import type { RtmpLimits } from './limits.ts';
import { ServerSession } from './server-session.ts';
import { encodeUserControl } from './user-control.ts';

const newClient = (limits: Partial<RtmpLimits> = {}): RawClient =>
  new RawClient(new ServerSession({ crypto: testCrypto, limits }));

const connectedClient = (limits: Partial<RtmpLimits> = {}): RawClient => {
  const client = newClient(limits);
  client.connect();
  return client;
};

const publishingClient = (limits: Partial<RtmpLimits> = {}): RawClient => {
  const client = connectedClient(limits);
  client.command(1, 'publish', 3, null, 'main', 'live');
  client.take();
  client.session.acceptPublish(1);
  client.replies();
  return client;
};

describe('connect', () => {
  test('is answered in one piece: window, bandwidth, chunk size, result', () => {
    const client = newClient();
    client.command(0, 'connect', 1, amfObject({ app: 'live', objectEncoding: 3 }));
    assert.deepEqual(client.take(), ['handshake-done', 'connect-request']);
    assert.deepEqual(client.messages(), []);
    assert.equal(client.session.acceptConnect(), true);
    const messages = client.messages();
    assert.deepEqual(
      messages.map(({ typeId }) => typeId),
      [5, 6, 1, 20],
    );
    assert.equal(client.session.outChunkSize, 60_000);
    assert.equal(client.session.acceptConnect(), false);
  });

  test('gives back the object encoding, and nothing of Enhanced RTMP to who showed nothing of it', () => {
    const client = newClient();
    client.command(0, 'connect', 1, amfObject({ app: 'live', objectEncoding: 3, videoFunction: 1 }));
    client.take();
    client.session.acceptConnect();
    const [result] = client.commands();
    assert.equal(result?.name, '_result');
    assert.equal(result.transactionId, 1);
    assert.equal(amfGet(result.args[0], 'objectEncoding'), 3);
    assert.equal(amfGet(result.object, 'capsEx'), undefined);
    assert.equal(amfGet(result.object, 'fourCcList'), undefined);
    assert.equal(client.session.info.enhanced, null);
    assert.equal(client.session.requestReconnect({ description: 'Moving.' }), false);
    assert.deepEqual(client.messages(), []);
  });

  test('answers who showed anything of Enhanced RTMP with what a relay can do', () => {
    const client = newClient();
    const shown = { app: 'live', fourCcList: ['hvc1', 'av01'], capsEx: 3 };
    client.command(0, 'connect', 1, amfObject(shown));
    client.take();
    client.session.acceptConnect();
    const [result] = client.commands();
    assert.deepEqual(amfGet(result?.object, 'fourCcList'), ['*']);
    assert.deepEqual(amfGet(result?.object, 'videoFourCcInfoMap'), amfObject({ '*': 4 }));
    assert.deepEqual(amfGet(result?.object, 'audioFourCcInfoMap'), amfObject({ '*': 4 }));
    assert.equal(amfGet(result?.object, 'capsEx'), 15);
    assert.deepEqual(client.session.info.enhanced?.fourCcList, ['hvc1', 'av01']);
    assert.equal(client.session.info.enhanced.capsEx, 3);
  });

  test('asks a client to reconnect only if it said it would', () => {
    for (const [capsEx, asked] of [
      [1, true],
      [15, true],
      [14, false],
    ] as const) {
      const client = newClient();
      client.command(0, 'connect', 1, amfObject({ app: 'live', capsEx }));
      client.take();
      assert.equal(client.session.requestReconnect({ description: 'Moving.' }), false, 'not before connect');
      client.session.acceptConnect();
      client.messages();
      assert.equal(
        client.session.requestReconnect({ tcUrl: 'rtmp://b/live', description: 'Moving.' }),
        asked,
      );
      const [command] = client.commands();
      const expected = {
        level: 'status',
        code: 'NetConnection.Connect.ReconnectRequest',
        tcUrl: 'rtmp://b/live',
        description: 'Moving.',
      };
      assert.deepEqual(command?.args, asked ? [amfObject(expected)] : undefined);
      assert.equal(command?.messageStreamId, asked ? 0 : undefined);
    }
  });

  test('without an object, or with properties of odd types, is still a request', () => {
    const client = newClient();
    client.command(0, 'connect', 1, null);
    client.take();
    const request = client.events.find((event) => event.type === 'connect-request');
    assert.deepEqual([request?.app, request?.tcUrl, request?.objectEncoding], ['', '', 0]);
    const odd = newClient();
    odd.command(0, 'connect', 1, amfObject({ app: 5, tcurl: 'rtmp://h/x', objectEncoding: Number.NaN }));
    odd.take();
    const oddRequest = odd.events.find((event) => event.type === 'connect-request');
    assert.deepEqual([oddRequest?.app, oddRequest?.tcUrl], ['', 'rtmp://h/x']);
  });

  test('refused: an error with the code, and nothing more is done', () => {
    const client = newClient();
    client.command(0, 'connect', 1, amfObject({ app: 'nowhere' }));
    client.take();
    assert.equal(client.session.rejectConnect('NetConnection.Connect.InvalidApp', 'No such app.'), true);
    client.command(0, 'createStream', 2);
    client.command(1, 'publish', 3, null, 'main');
    assert.deepEqual(client.take(), []);
    // The first is for OBS, which shows no text of the second.
    assert.deepEqual(client.replies(), [
      'onStatus NetStream.Failed',
      '_error NetConnection.Connect.InvalidApp',
    ]);
  });

  test('refused for a login: the error alone, in which clients look for the next step', () => {
    const client = newClient();
    client.command(0, 'connect', 1, amfObject({ app: 'live' }));
    client.take();
    assert.equal(client.session.rejectForLogin('[ code=403 need auth; authmod=adobe ]'), true);
    assert.deepEqual(client.replies(), ['_error NetConnection.Connect.Rejected']);
    assert.equal(client.session.rejectForLogin('again'), false);
  });

  test('twice is a protocol error', () => {
    const client = connectedClient();
    client.command(0, 'connect', 3, amfObject({ app: 'live' }));
    assertProtocolError('out-of-order', () => client.take());
    assert.equal(client.session.nextEvent(), undefined, 'the session is dead');
  });

  for (const name of ['createStream', 'publish', 'play', '_checkbw']) {
    test(`${name} before it is a protocol error`, () => {
      const client = newClient();
      client.command(1, name, 2, null, 'main');
      assertProtocolError('out-of-order', () => client.take());
    });
  }
});

describe('publish', () => {
  test('goes the way of FFmpeg and OBS, and Publish.Start comes only when it is granted', () => {
    const client = newClient();
    client.connect();
    client.command(0, 'releaseStream', 3, null, 'main?token=x');
    client.command(0, 'FCPublish', 4, null, 'main?token=x');
    client.command(1, 'publish', 5, null, 'main?token=x', 'live');
    assert.deepEqual(client.take(), ['publish-request']);
    assert.deepEqual(client.replies(), ['_result', '_result']);
    const request = client.events.find((event) => event.type === 'publish-request');
    assert.deepEqual(request, {
      type: 'publish-request',
      messageStreamId: 1,
      name: 'main?token=x',
      publishType: 'live',
    });
    assert.equal(client.session.acceptPublish(1), true);
    assert.deepEqual(client.replies(), [
      'onFCPublish NetStream.Publish.Start',
      'onStatus NetStream.Publish.Start',
    ]);
    client.audio(1, 20);
    assert.deepEqual(client.take(), ['media']);
    client.command(0, 'FCUnpublish', 6, null, 'main?token=x');
    client.command(0, 'deleteStream', 7, null, 1);
    assert.deepEqual(client.take(), ['unpublish']);
    assert.deepEqual(client.replies(), [
      'onFCUnpublish NetStream.Unpublish.Success',
      '_result',
      'onStatus NetStream.Unpublish.Success',
    ]);
  });

  test('works for a client that sends everything in one segment and decisions that come late', () => {
    const client = newClient();
    client.command(0, 'connect', 1, amfObject({ app: 'live' }));
    client.command(0, 'createStream', 2);
    client.command(1, 'publish', 0, null, 'main');
    client.audio(1, 0, 1);
    client.audio(1, 20, 2);
    assert.deepEqual(client.take(), ['handshake-done', 'connect-request']);
    client.session.acceptConnect();
    assert.deepEqual(client.take(), ['publish-request']);
    client.audio(1, 40, 3);
    assert.deepEqual(client.take(), []);
    client.session.acceptPublish(1);
    assert.deepEqual(client.take(), ['media', 'media', 'media']);
    assert.deepEqual(client.replies(), [
      '_result NetConnection.Connect.Success',
      '_result',
      'onStatus NetStream.Publish.Start',
    ]);
    assert.equal(client.session.droppedMedia, 0);
  });

  test('refused: the status carries code and reason, and what was held is dropped and counted', () => {
    const client = connectedClient();
    client.command(1, 'publish', 3, null, 'main', 'live');
    client.audio(1, 0);
    client.take();
    assert.equal(client.session.rejectPublish(1, 'NetStream.Publish.BadName', 'Taken.'), true);
    client.audio(1, 20);
    assert.deepEqual(client.take(), []);
    const [status] = client.commands();
    assert.equal(amfGet(status?.args[0], 'level'), 'error');
    assert.equal(amfGet(status?.args[0], 'description'), 'Taken.');
    assert.equal(client.session.droppedMedia, 2);
    assert.equal(client.session.acceptPublish(1), false);
  });

  test('media that is held while a decision is awaited is bounded', () => {
    const client = connectedClient({ maxHeldBytes: 10 });
    client.command(1, 'publish', 3, null, 'main', 'live');
    client.take();
    for (let i = 0; i < 25; i++) client.audio(1, i);
    client.take();
    client.session.acceptPublish(1);
    assert.equal(client.take().length, 10);
    assert.equal(client.session.droppedMedia, 15);
  });

  test('commands without end while a decision is awaited are a protocol error', () => {
    const client = connectedClient({ maxHeldMessages: 5 });
    client.command(1, 'publish', 3, null, 'main', 'live');
    client.take();
    for (let i = 0; i < 6; i++) client.command(0, 'releaseStream', 4, null, 'main');
    assertProtocolError('too-many', () => client.take());
  });

  test('a player cannot send media', () => {
    const client = connectedClient();
    client.command(1, 'play', 3, null, 'main');
    client.take();
    client.session.acceptPlay(1);
    client.audio(1, 0);
    assert.deepEqual(client.take(), []);
    assert.equal(client.session.droppedMedia, 1);
  });

  for (const id of [0, 7]) {
    test(`on message stream ${id} that nobody created is accepted and answered there`, () => {
      const client = connectedClient();
      client.command(id, 'publish', 0, null, 'camera');
      client.take();
      client.session.acceptPublish(id);
      const status = client.commands().at(-1);
      assert.equal(status?.messageStreamId, id);
      client.audio(id, 0);
      assert.deepEqual(client.take(), ['media']);
    });
  }

  test('with a name that is no string asks for the empty name', () => {
    const client = connectedClient();
    client.command(1, 'publish', 0, null, false);
    client.take();
    const request = client.events.find((event) => event.type === 'publish-request');
    assert.deepEqual([request?.name, request?.publishType], ['', 'live']);
  });

  test('asked again for the same is answered again, for something else refused', () => {
    const client = publishingClient();
    client.command(1, 'publish', 4, null, 'main', 'live');
    assert.deepEqual(client.take(), []);
    assert.deepEqual(client.replies(), ['onStatus NetStream.Publish.Start']);
    client.command(2, 'publish', 5, null, 'other', 'live');
    assert.deepEqual(client.take(), ['not-possible']);
    assert.deepEqual(client.events.at(-1), {
      type: 'not-possible',
      request: 'publish',
      why: 'publishes-already',
      messageStreamId: 2,
      transactionId: 5,
    });
    assert.deepEqual(client.replies(), []);
    client.audio(1, 0);
    assert.deepEqual(client.take(), ['media']);
  });

  test('ended by the operator: the client is told, and its media is dropped', () => {
    const client = publishingClient();
    assert.equal(client.session.endPublish(1, 'NetStream.Publish.Denied', 'Kicked.'), true);
    client.audio(1, 0);
    assert.deepEqual(client.take(), []);
    assert.deepEqual(client.replies(), ['onStatus NetStream.Publish.Denied']);
    assert.equal(client.session.endPublish(1, 'x', 'y'), false);
  });
});

describe('media', () => {
  test('comes as it was sent: time, body, @setDataFrame and all', () => {
    const client = publishingClient();
    const data = encodeCommand('@setDataFrame', 0, null);
    client.send({ typeId: 18, chunkStreamId: 4, messageStreamId: 1, timestamp: 0xfffffffe, body: data });
    client.take();
    assert.deepEqual(client.events.at(-1), {
      type: 'media',
      kind: 'data',
      timestamp: 0xfffffffe,
      body: data,
      messageStreamId: 1,
    });
  });

  test('data of type 15 loses its leading zero, and is dropped when it is no AMF0', () => {
    const client = publishingClient();
    client.send({ typeId: 15, messageStreamId: 1, body: fromHex('00 02 0001 78') });
    client.send({ typeId: 15, messageStreamId: 1, body: fromHex('00 11 0a') });
    assert.deepEqual(client.take(), ['media']);
    const event = client.events.at(-1);
    assert.deepEqual(event?.type === 'media' && event.body, fromHex('02 0001 78'));
    assert.equal(client.session.droppedMedia, 1);
  });

  test('an aggregate comes as its parts', () => {
    const client = publishingClient();
    const part = '08 000001 000000 00 000000 aa 0000000c';
    client.send({ typeId: 22, messageStreamId: 1, timestamp: 500, body: fromHex(part + part) });
    assert.deepEqual(client.take(), ['media', 'media']);
  });

  test('an AMF3 command wrapper is understood', () => {
    const client = connectedClient();
    const body = concatBytes([Uint8Array.of(0), encodeCommand('publish', 3, null, 'main', 'live')]);
    client.send({ typeId: 17, messageStreamId: 1, body });
    assert.deepEqual(client.take(), ['publish-request']);
  });

  test('AMF3 in data is passed on as AMF0, and counted when it cannot be', () => {
    const client = publishingClient();
    const name = '02 0001 78';
    client.send({ typeId: 15, messageStreamId: 1, body: fromHex(`00 ${name} 11 0407`) });
    client.send({ typeId: 15, messageStreamId: 1, body: fromHex(`00 ${name} 11 0a 07 0354 01`) });
    client.take();
    const media = client.events.filter((event) => event.type === 'media');
    assert.deepEqual(
      media.map(({ kind, body }) => [kind, body]),
      [['data', fromHex(`${name} 00 401c000000000000`)]],
    );
    assert.equal(client.session.droppedMedia, 1);
  });
});

describe('play', () => {
  test('gets StreamBegin, Play.Start and sample access when it is granted', () => {
    const client = connectedClient();
    client.command(0, 'FCSubscribe', 3, null, 'main');
    client.command(0, 'getStreamLength', 4, null, 'main');
    client.command(1, 'play', 5, null, 'main?t=1', -2000);
    assert.deepEqual(client.take(), ['play-request']);
    assert.deepEqual(client.replies(), ['_result', 'onFCSubscribe NetStream.Play.Start', '_result']);
    assert.equal(client.session.acceptPlay(1), true);
    const messages = client.messages();
    assert.deepEqual(
      messages.map(({ typeId, messageStreamId }) => [typeId, messageStreamId]),
      [
        [4, 0],
        [20, 1],
        [18, 1],
      ],
    );
    assert.deepEqual(
      client.events.find((event) => event.type === 'play-request'),
      {
        type: 'play-request',
        messageStreamId: 1,
        name: 'main?t=1',
        durationMs: undefined,
        reset: false,
      },
    );
  });

  test('gets Play.Reset first when it asked for it', () => {
    const client = connectedClient();
    client.command(1, 'play', 5, null, 'main', -2, -1, true);
    client.take();
    client.session.acceptPlay(1);
    assert.deepEqual(client.replies(), ['onStatus NetStream.Play.Reset', 'onStatus NetStream.Play.Start']);
  });

  test('play(false) stops, pauseRaw pauses, and a subscription can be taken back', () => {
    const client = connectedClient();
    client.command(1, 'play', 5, null, false);
    assert.deepEqual(client.take(), [], 'nothing plays');
    client.command(1, 'play', 5, null, 'main');
    client.take();
    client.session.acceptPlay(1);
    client.replies();
    client.command(1, 'pauseRaw', 0, null, true, 0);
    client.command(1, 'play', 0, null, false);
    client.command(0, 'FCUnsubscribe', 6, null, 'main');
    assert.deepEqual(client.take(), ['pause', 'stop-play']);
    assert.deepEqual(client.replies(), [
      'onStatus NetStream.Pause.Notify',
      'onStatus NetStream.Play.Stop',
      '_result',
      'onFCUnsubscribe NetStream.Play.Stop',
    ]);
    assert.equal(client.session.endPlay(1, 'Over.'), false);
  });

  test('can be told that nothing comes for now, and can be ended with an error', () => {
    const client = connectedClient();
    client.command(1, 'play', 5, null, 'main');
    client.take();
    assert.equal(client.session.failPlay(1, 'NetStream.Play.Failed', 'No.'), false, 'not accepted yet');
    client.session.acceptPlay(1);
    client.messages();
    client.session.sendStreamDry(1);
    assert.deepEqual(
      client.messages().map(({ typeId, body }) => [typeId, body]),
      [[4, fromHex('0002 00000001')]],
    );
    assert.equal(client.session.failPlay(1, 'NetStream.Play.Failed', 'No.'), true);
    assert.deepEqual(client.replies(), ['onStatus NetStream.Play.Failed']);
    assert.equal(client.session.endPlay(1, 'Over.'), false);
  });

  test('pauses, resumes, filters, seeks, switches and stops', () => {
    const client = connectedClient();
    client.command(1, 'play', 3, null, 'one');
    client.take();
    client.session.acceptPlay(1);
    client.replies();
    client.command(1, 'pause', 0, null, true, 0);
    client.command(1, 'pause', 0, null, false, 0);
    client.command(1, 'receiveVideo', 0, null, false);
    client.command(1, 'receiveAudio', 0, null, true);
    client.command(1, 'seek', 0, null, 1000);
    client.command(1, 'play', 0, null, 'two');
    client.command(0, 'deleteStream', 0, null, 1);
    assert.deepEqual(client.take(), [
      'pause',
      'pause',
      'receive-video',
      'receive-audio',
      'stop-play',
      'play-request',
      'stop-play',
    ]);
    assert.deepEqual(client.replies(), [
      'onStatus NetStream.Pause.Notify',
      'onStatus NetStream.Unpause.Notify',
      'onStatus NetStream.Seek.Notify',
      'onStatus NetStream.Play.Start',
      'onStatus NetStream.Seek.Notify',
    ]);
    assert.equal(client.session.acceptPlay(1), false, 'the answer came too late');
  });

  test('ends with UnpublishNotify, StreamEOF and Play.Stop', () => {
    const client = connectedClient();
    client.command(1, 'play', 3, null, 'one');
    client.take();
    client.session.acceptPlay(1);
    client.messages();
    assert.equal(client.session.endPlay(1, 'The stream has ended.'), true);
    assert.deepEqual(
      client.messages().map(({ typeId }) => typeId),
      [20, 4, 20],
    );
    assert.equal(client.session.endPlay(1, ''), false);
  });

  test('that lasted as long as was asked for ends with StreamEOF and Play.Stop', () => {
    const client = connectedClient();
    client.command(1, 'play', 3, null, 'one', -1, 5);
    client.take();
    const request = client.events.find((event) => event.type === 'play-request');
    assert.equal(request?.durationMs, 5000);
    assert.equal(client.session.completePlay(1), false, 'not accepted yet');
    client.session.acceptPlay(1);
    client.messages();
    assert.equal(client.session.completePlay(1), true);
    const [eof, ...rest] = client.messages();
    assert.deepEqual(eof?.body, fromHex('0001 00000001'));
    assert.equal(rest.length, 1);
    assert.equal(client.session.completePlay(1), false);
  });

  test('refused gives an error status', () => {
    const client = connectedClient();
    client.command(1, 'play', 3, null, 'one');
    client.take();
    assert.equal(client.session.rejectPlay(1, 'NetStream.Play.StreamNotFound', 'Not live.'), true);
    assert.deepEqual(client.replies(), ['onStatus NetStream.Play.StreamNotFound']);
  });

  test('goes beside a publish of the same connection', () => {
    const client = publishingClient();
    client.command(0, 'createStream', 4);
    client.command(2, 'play', 5, null, 'other');
    client.audio(1, 0);
    assert.deepEqual(client.take(), ['play-request', 'media']);
    client.command(1, 'play', 6, null, 'other');
    assert.deepEqual(client.take(), ['not-possible']);
    const [last] = client.events.slice(-1);
    assert.equal(last?.type === 'not-possible' && last.why, 'stream-is-published');
    assert.deepEqual(client.replies(), ['_result']);
  });
});

describe('the rest of the protocol', () => {
  test('unknown calls get an empty result, and none when they want none', () => {
    const client = connectedClient();
    client.command(0, '_checkbw', 8);
    client.command(0, '__proto__', 9);
    client.command(0, 'anything', 0);
    client.take();
    assert.deepEqual(
      client.commands().map(({ name, transactionId, object }) => [name, transactionId, object]),
      [
        ['_result', 8, null],
        ['_result', 9, null],
      ],
    );
  });

  test('message streams are numbered from 1, freed, and limited', () => {
    const client = newClient({ maxMessageStreams: 2 });
    client.command(0, 'connect', 1, amfObject({ app: 'live' }));
    client.take();
    client.session.acceptConnect();
    client.replies();
    for (let i = 0; i < 3; i++) client.command(0, 'createStream', 2 + i);
    client.command(0, 'deleteStream', 0, null, 1);
    client.command(0, 'createStream', 5);
    client.take();
    const refused = client.events.filter((event) => event.type === 'not-possible');
    assert.deepEqual(
      refused.map(({ request, why, transactionId }) => [request, why, transactionId]),
      [['createStream', 'too-many-streams', 4]],
    );
    client.session.rejectCreateStream(4, 'NetConnection.Call.Failed', 'Too many.');
    const answers = client.commands().map(({ name, transactionId, args }) => [name, transactionId, args[0]]);
    assert.deepEqual(
      answers.map(([name, id, value]) => [name, id, typeof value === 'number' ? value : 'status']),
      [
        ['_result', 2, 1],
        ['_result', 3, 2],
        ['_result', 5, 3],
        ['_error', 4, 'status'],
      ],
    );
  });

  test('a ping is answered, a thousand pings once until the answer is taken', () => {
    const client = connectedClient();
    const ping = { typeId: 4, chunkStreamId: 2, body: encodeUserControl({ event: 6, value: 77 }) };
    for (let i = 0; i < 1000; i++) client.send(ping);
    client.take();
    const answers = client.messages();
    assert.equal(answers.length, 1);
    assert.deepEqual(answers[0]?.body, encodeUserControl({ event: 7, value: 77 }));
    client.send(ping);
    client.take();
    assert.equal(client.messages().length, 1);
  });

  test('our ping comes back as a pong', () => {
    const client = connectedClient();
    client.session.ping(5000);
    assert.deepEqual(client.messages()[0]?.body, encodeUserControl({ event: 6, value: 5000 }));
    client.send({ typeId: 4, body: encodeUserControl({ event: 7, value: 5000 }) });
    assert.deepEqual(client.take(), ['pong']);
  });

  test('what was received is acknowledged at half the window', () => {
    const client = publishingClient();
    client.send({ typeId: 5, body: fromHex('00008000') });
    client.take();
    const video = { typeId: 9, chunkStreamId: 6, messageStreamId: 1, body: new Uint8Array(1000) };
    for (let i = 0; i < 100; i++) client.send(video);
    client.take();
    const acks = client.messages().filter(({ typeId }) => typeId === 3);
    assert.ok(acks.length >= 5 && acks.length <= 7, `${acks.length} acks of 100 kB`);
    assert.equal(client.session.info.peerAckWindow, 0x8000);
  });

  test('without a window of the peer the default applies, and a tiny window is not obeyed', () => {
    const acksFor = (window: string | undefined): number => {
      const client = publishingClient({ defaultAckWindow: 40_000, minAckWindow: 20_000 });
      if (window !== undefined) client.send({ typeId: 5, body: fromHex(window) });
      client.take();
      client.messages();
      const video = { typeId: 9, chunkStreamId: 6, messageStreamId: 1, body: new Uint8Array(1000) };
      for (let i = 0; i < 100; i++) client.send(video);
      client.take();
      return client.messages().filter(({ typeId }) => typeId === 3).length;
    };
    assert.equal(acksFor(undefined), 5);
    assert.ok(acksFor('00000000') <= 11);
    assert.ok(acksFor('00000001') <= 11);
  });

  test('Set Peer Bandwidth is answered with a window when that is news', () => {
    const client = connectedClient();
    client.send({ typeId: 6, body: fromHex('0026259f 02') });
    client.send({ typeId: 6, body: fromHex('0026259f 02') });
    client.take();
    assert.deepEqual(
      client.messages().map(({ typeId, body }) => [typeId, body]),
      [[5, fromHex('0026259f')]],
    );
  });

  test('acknowledgements, buffer lengths and control messages are told', () => {
    const client = connectedClient();
    client.send({ typeId: 3, body: fromHex('fffffff0') });
    client.send({ typeId: 4, body: encodeUserControl({ event: 3, value: 1, bufferLengthMs: 300 }) });
    client.send({ typeId: 4, body: encodeUserControl({ event: 0, value: 1 }) });
    client.send({ typeId: 4, body: fromHex('ffff') });
    client.send({ typeId: 99, body: fromHex('ffff') });
    client.send({ typeId: 99, body: fromHex('ffff') });
    assert.deepEqual(client.take(), ['ack', 'buffer-length', 'user-control', 'unknown-message']);
    assert.equal(client.session.info.bytesAcknowledged, 0xfffffff0);
  });

  test('shared objects are ignored, and told by a name without secrets', () => {
    const client = connectedClient();
    client.send({ typeId: 19, body: fromHex('0003 613f62 00000000 00000000 00000000 01 00000000') });
    client.send({ typeId: 16, body: fromHex('00 0001 63 00000000 00000000 00000000 01 00000000') });
    client.send({ typeId: 19, body: fromHex('ffff') });
    client.send({ typeId: 16, body: fromHex('') });
    client.take();
    assert.deepEqual(
      client.events.filter((event) => event.type === 'shared-object').map(({ name }) => name),
      ['a?***', 'c', '', ''],
    );
    assert.deepEqual(client.messages(), []);
  });

  test('a peer that asks without end and reads nothing is stopped', () => {
    const client = connectedClient({ maxPendingOutputBytes: 5000 });
    for (let i = 0; i < 1000; i++) client.command(0, '_checkbw', 8);
    assertProtocolError('too-many', () => client.take());
  });

  test('a malformed command is an error that names the message', () => {
    const client = connectedClient();
    client.send({ typeId: 20, body: fromHex('02 0001 78 00') });
    assert.throws(() => client.take(), /needs 8 bytes, has 0 .*csid 3, type 20, length 5/);
  });

  test('fail says why in the form that fits the state', () => {
    const waiting = newClient();
    waiting.command(0, 'connect', 1, amfObject({ app: 'live' }));
    waiting.take();
    waiting.session.fail('NetStream.Failed', 'Broken.');
    assert.deepEqual(waiting.replies(), [
      'onStatus NetStream.Failed',
      '_error NetConnection.Connect.Rejected',
    ]);
    const publishing = publishingClient();
    publishing.session.fail('NetStream.Failed', 'Broken.');
    assert.equal(publishing.commands()[0]?.messageStreamId, 1);
    const fresh = newClient();
    fresh.session.fail('NetStream.Failed', 'Broken.');
    assert.deepEqual(fresh.messages(), []);
  });

  test('an HTTP request is refused at once, and its query string is not repeated', () => {
    const session = new ServerSession({ crypto: testCrypto });
    session.receive(Buffer.from('GET /live/main.flv?token=hunter2 HTTP/1.1\r\n'));
    assert.throws(
      () => session.nextEvent(),
      (error: unknown) =>
        error instanceof Error &&
        /HTTP.*bytes \| 47 45 54 20/.test(error.message) &&
        !/68 75 6e 74/.test(error.message),
    );
    assert.equal(session.takeOutput(), undefined);
  });
});
