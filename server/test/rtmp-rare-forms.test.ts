import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { encodeCommand } from '../rtmp/command.ts';
import { bodies } from './media-fixtures.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// Forms that are legal, that few clients use, and that other servers are known to refuse or to misread.

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Sends the headers and first frames of a stream on the chunk stream that is usual for them. */
function sendOpening(dial: RtmpDial, messageStreamId = 1): void {
  for (const [typeId, body] of [
    [9, bodies.videoConfig],
    [8, bodies.audioConfig],
    [9, bodies.keyframe],
    [8, bodies.audio],
  ] as const) {
    dial.send({ typeId, chunkStreamId: typeId, messageStreamId, body });
  }
}

/** A connection that publishes live/a. */
async function publishing(server: TestServer): Promise<RtmpDial> {
  const dial = await RtmpDial.connected(server.rtmpPort);
  dial.command(1, 'publish', 3, null, 'a', 'live');
  await dial.status('NetStream.Publish.Start', 1);
  sendOpening(dial);
  return dial;
}

/** The same, with a player that has its beginning. */
async function onAir(t: TestContext) {
  const server = await startTestServer(t);
  const encoder = await publishing(server);
  const player = await RtmpDial.connected(server.rtmpPort);
  player.command(1, 'play', 3, null, 'a', -2000);
  await player.until(() => player.media().length >= 4);
  const since = player.media().length;
  const next = (count: number) =>
    player.until(() => {
      const news = player.media().slice(since);
      return news.length >= count ? news : undefined;
    });
  return { encoder, next };
}

describe('Media reaches players', () => {
  it('from chunk streams whose id takes two bytes or three', async (t) => {
    const { encoder, next } = await onAir(t);
    for (const [i, chunkStreamId] of [64, 319, 320, 365, 65_599].entries()) {
      encoder.send({
        typeId: 9,
        chunkStreamId,
        messageStreamId: 1,
        timestamp: 40 * (i + 1),
        body: bodies.interframe,
      });
    }
    const got = await next(5);
    assert.deepEqual(
      got.map(({ timestamp, body }) => [timestamp, body]),
      [40, 80, 120, 160, 200].map((timestamp) => [timestamp, bodies.interframe]),
    );
    encoder.socket.destroy();
  });

  it('in chunks as long as Set Chunk Size allows', async (t) => {
    const { encoder, next } = await onAir(t);
    encoder.send({ typeId: 1, chunkStreamId: 2, body: fromHex('7fffffff') });
    const length = hex(bodies.keyframe.length, 6);
    encoder.socket.write(concatBytes([fromHex(`06 000028 ${length} 09 01000000`), bodies.keyframe]));
    assert.deepEqual((await next(1))[0]?.body, bodies.keyframe);
    encoder.socket.destroy();
  });

  it('when an Abort gave up the message before on their chunk stream', async (t) => {
    const { encoder, next } = await onAir(t);
    const half = concatBytes([fromHex('af01'), new Uint8Array(126)]);
    const rest = new Uint8Array(128).fill(7);
    encoder.socket.write(concatBytes([fromHex('14 000028 000100 08 01000000'), half]));
    encoder.send({ typeId: 2, chunkStreamId: 2, body: fromHex('00000014') });
    // Without the Abort the first of these would end the message that was begun.
    encoder.socket.write(concatBytes([fromHex('d4'), half, fromHex('d4'), rest]));
    encoder.send({ typeId: 9, chunkStreamId: 9, messageStreamId: 1, timestamp: 90, body: bodies.interframe });
    const got = await next(2);
    assert.deepEqual(
      got.map(({ timestamp, body }) => [timestamp, body]),
      [
        [80, concatBytes([half, rest])],
        [90, bodies.interframe],
      ],
    );
    encoder.socket.destroy();
  });

  it('out of an aggregate, at its time', async (t) => {
    const { encoder, next } = await onAir(t);
    const part = (typeId: number, timestamp: number, body: Uint8Array) =>
      concatBytes([
        fromHex(`${hex(typeId, 2)} ${hex(body.length, 6)} ${hex(timestamp, 6)} 00 000000`),
        body,
        fromHex(hex(body.length + 11, 8)),
      ]);
    const body = concatBytes([part(8, 5_000, bodies.audio), part(9, 5_020, bodies.interframe)]);
    encoder.send({ typeId: 22, chunkStreamId: 9, messageStreamId: 1, timestamp: 40, body });
    const got = await next(2);
    assert.deepEqual(
      got.map(({ typeId, timestamp }) => [typeId, timestamp]),
      [
        [8, 40],
        [9, 60],
      ],
    );
    encoder.socket.destroy();
  });
});

describe('A client is understood', () => {
  it('that begins a chunk stream with a header without a message stream, as librtmp does', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.open(server.rtmpPort);
    dial.socket.write(fromHex('42 000000 000006 04 0007 00001234'));
    dial.sayConnect();
    await dial.reply('_result', 1);
    dial.socket.destroy();
  });

  it('that speaks in commands of type 17, as Flash does with AMF3', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort, { objectEncoding: 3 });
    const command = concatBytes([Uint8Array.of(0), encodeCommand('publish', 3, null, 'a', 'live')]);
    dial.send({ typeId: 17, messageStreamId: 1, body: command });
    await dial.status('NetStream.Publish.Start', 1);
    dial.socket.destroy();
  });

  it('that sends the events of Flash Media Server, a StreamBegin of its own and unknown ones', async (t) => {
    const server = await startTestServer(t);
    const dial = await publishing(server);
    for (const event of ['0000', '001f', '0020', '001b', '0005', 'abcd']) {
      dial.send({ typeId: 4, chunkStreamId: 5, messageStreamId: 1, body: fromHex(`${event} 00000001`) });
    }
    await dial.roundTrip();
    assert.equal((await server.stream('live/a'))?.state, 'live');
    dial.socket.destroy();
  });

  it('that asks _checkbw first and announces its publish after createStream, as Haivision does', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.open(server.rtmpPort);
    dial.sayConnect();
    dial.command(0, '_checkbw', 2);
    dial.command(0, 'createStream', 3);
    dial.command(0, 'FCPublish', 4, null, 'a');
    dial.command(1, 'publish', 5, null, 'a', 'live');
    await dial.status('NetStream.Publish.Start', 1);
    assert.deepEqual(dial.told, [
      '_result NetConnection.Connect.Success',
      '_result',
      '_result',
      '_result',
      'onFCPublish NetStream.Publish.Start',
      'onStatus NetStream.Publish.Start',
    ]);
    dial.socket.destroy();
  });

  it('that publishes without releaseStream, FCPublish, createStream and type, with media behind it', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.open(server.rtmpPort);
    dial.sayConnect();
    dial.command(7, 'publish', 0, null, 'a');
    sendOpening(dial, 7);
    await dial.status('NetStream.Publish.Start', 7);
    await dial.roundTrip();
    assert.deepEqual(dial.told, [
      '_result NetConnection.Connect.Success',
      'onStatus NetStream.Publish.Start',
    ]);
    assert.equal((await server.stream('live/a'))?.state, 'live');
    dial.socket.destroy();
  });

  for (const [app, key] of [
    ['live/studio/cam', ''],
    ['live/studio/', 'cam'],
    ['live', 'studio/cam?token=x'],
    ['/live//studio/cam/_definst_', '?token=x'],
  ] as const) {
    it(`that calls live/studio/cam "${app}" and "${key}"`, async (t) => {
      const server = await startTestServer(t);
      const dial = await RtmpDial.connected(server.rtmpPort, { app });
      dial.command(1, 'publish', 3, null, key, 'live');
      await dial.status('NetStream.Publish.Start', 1);
      assert.equal((await server.stream('live/studio/cam'))?.publisher?.protocol, 'rtmp');
      dial.socket.destroy();
    });
  }
});
