import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amfEcmaArray, amfObject } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// What single clients do beside the specification, each by the name of the client that is known for it.

type Frame = readonly [typeId: 8 | 9 | 18, timestamp: number, body: Uint8Array];

const opening: readonly Frame[] = [
  [9, 0, bodies.videoConfig],
  [8, 0, bodies.audioConfig],
  [9, 0, bodies.keyframe],
  [8, 5, bodies.audio],
];

function send(dial: RtmpDial, frames: readonly Frame[], messageStreamId = 1): void {
  for (const [typeId, timestamp, body] of frames) {
    dial.send({ typeId, chunkStreamId: typeId, messageStreamId, timestamp, body });
  }
}

async function publishing(server: TestServer, properties: Record<string, string> = {}): Promise<RtmpDial> {
  const dial = await RtmpDial.connected(server.rtmpPort, properties);
  dial.command(1, 'publish', 3, null, 'a', 'live');
  await dial.status('NetStream.Publish.Start', 1);
  return dial;
}

async function playing(server: TestServer, name = 'a'): Promise<RtmpDial> {
  const player = await RtmpDial.connected(server.rtmpPort);
  player.command(1, 'play', 3, null, name, -2000);
  return player;
}

/** Audio and video messages of a player, as `type time`. */
const media = (player: RtmpDial): string[] =>
  player
    .media()
    .filter(({ typeId }) => typeId !== 18)
    .map(({ typeId, timestamp }) => `${typeId} ${timestamp}`);

describe('Encoders', () => {
  it('Dahua: control messages on the chunk stream and message stream of media take effect', async (t) => {
    const server = await startTestServer(t);
    const camera = await publishing(server);
    for (const [typeId, body] of [
      [5, '00030d40'],
      [6, '00030d40 02'],
      [3, '00000100'],
      [2, '00000020'],
      [1, '00001000'],
    ] as const) {
      camera.send({ typeId, chunkStreamId: 4, messageStreamId: 1, body: fromHex(body) });
    }
    // In one chunk, which only the new size allows.
    const long = concatBytes([bodies.audio.subarray(0, 2), new Uint8Array(3000)]);
    camera.socket.write(concatBytes([fromHex('08 000000 000bba 08 01000000'), long]));
    send(camera, [
      [9, 0, bodies.videoConfig],
      [8, 0, bodies.audioConfig],
    ]);
    await camera.roundTrip();
    assert.equal((await server.stream('live/a'))?.audio?.codec, 'aac');
    camera.socket.destroy();
    const { inChunkSize, peerAckWindow } = await server.logged('closed');
    assert.deepEqual([inChunkSize, peerAckWindow], [4096, 200_000]);
  });

  for (const [client, properties] of [
    ['one without tcUrl, whose connect ends Node-Media-Server 4', { tcUrl: '' }],
    ['GStreamer rtmpsink with quotes around its location', { tcUrl: "'rtmp://127.0.0.1/live" }],
    ['a camera that spells it tcurl', { tcUrl: '', tcurl: 'rtmp://127.0.0.1/live' }],
    ['one with a leading slash in its app', { app: '/live' }],
  ] as const) {
    it(`${client}: the stream has its usual name`, async (t) => {
      const server = await startTestServer(t);
      const encoder = await publishing(server, properties);
      assert.equal((await server.stream('live/a'))?.name, 'live/a');
      encoder.socket.destroy();
    });
  }

  it('GStreamer rtmp2sink: all commands but createStream without a number, and deleteStream with the name', async (t) => {
    const server = await startTestServer(t);
    const sink = await RtmpDial.open(server.rtmpPort);
    sink.sayConnect();
    await sink.reply('_result', 1);
    sink.command(0, 'releaseStream', 0, null, 'a');
    sink.command(0, 'FCPublish', 0, null, 'a');
    sink.command(0, 'createStream', 2);
    sink.command(1, 'publish', 0, null, 'a', 'live');
    await sink.status('NetStream.Publish.Start', 1);
    send(sink, opening);
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(4);
    sink.command(0, 'FCUnpublish', 0, null, 'a');
    sink.command(0, 'deleteStream', 0, null, 'a');
    await viewer.untilEnded();
    assert.deepEqual(sink.told, [
      '_result NetConnection.Connect.Success',
      '_result',
      'onFCPublish NetStream.Publish.Start',
      'onStatus NetStream.Publish.Start',
      'onFCUnpublish NetStream.Unpublish.Success',
      'onStatus NetStream.Unpublish.Success',
    ]);
  });

  it('nginx-rtmp push: no type, no releaseStream, its own StreamBegin, media at once, bare metadata, times from anywhere', async (t) => {
    const server = await startTestServer(t);
    const push = await RtmpDial.open(server.rtmpPort);
    push.sayConnect();
    push.command(0, 'createStream', 2);
    push.send({ typeId: 4, chunkStreamId: 2, body: fromHex('0000 00000001') });
    push.command(1, 'publish', 0, null, 'a', 'live');
    const metadata = encodeAmf0([
      'onMetaData',
      amfEcmaArray({ width: 640, videocodecid: 7, audiocodecid: 10 }),
    ]);
    send(push, [
      [18, 103, metadata],
      [9, 103, bodies.videoConfig],
      [8, 103, bodies.audioConfig],
      [8, 103, bodies.audio],
      [9, 163, bodies.keyframe],
      [8, 170, bodies.audio],
    ]);
    await push.status('NetStream.Publish.Start', 1);
    const player = await playing(server);
    await player.until(() => media(player).length >= 4);
    assert.deepEqual(media(player), ['9 0', '8 0', '9 0', '8 7']);
    const [, told] = player.media().filter(({ typeId }) => typeId === 18);
    assert.equal(told && toHex(told.body), toHex(metadata));
    push.socket.destroy();
  });

  it('Larix: createStream before releaseStream and FCPublish', async (t) => {
    const server = await startTestServer(t);
    const phone = await RtmpDial.open(server.rtmpPort);
    phone.sayConnect();
    phone.command(0, 'createStream', 2);
    phone.command(0, 'releaseStream', 3, null, 'a');
    phone.command(0, 'FCPublish', 4, null, 'a');
    await phone.reply('_result', 4);
    phone.command(1, 'publish', 5, null, 'a', 'live');
    await phone.status('NetStream.Publish.Start', 1);
    phone.socket.destroy();
  });

  it('Wirecast: asks twice to publish the same, and is answered twice', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    encoder.command(1, 'publish', 9, null, 'a', 'live');
    await encoder.until(
      () => encoder.told.filter((told) => told === 'onStatus NetStream.Publish.Start').length === 2,
    );
    send(encoder, opening);
    await encoder.roundTrip();
    assert.equal((await server.stream('live/a'))?.state, 'live');
    encoder.socket.destroy();
  });

  it('XSplit: metadata that names its codecs by text announces tracks', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    const viewing = FlvViewer.http(`${server.http}/live/a.flv`);
    const named = amfEcmaArray({ videocodecid: 'av01' });
    send(encoder, [
      [18, 0, encodeAmf0(['@setDataFrame', 'onMetaData', named])],
      [9, 0, bodies.videoConfig],
      [9, 0, bodies.keyframe],
    ]);
    // Nothing is waited for: there is to be no sound.
    await encoder.roundTrip();
    assert.equal((await server.stream('live/a'))?.state, 'live');
    const viewer = await viewing;
    await viewer.untilTags(3);
    assert.deepEqual(viewer.header, { audio: false, video: true });
    viewer.close();
    encoder.socket.destroy();
  });

  it('FFmpeg with a mapped timecode: four bytes that are no message, as data or as a command, disturb nothing', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    send(encoder, opening);
    for (const typeId of [18, 20]) {
      encoder.send({ typeId, chunkStreamId: 4, messageStreamId: 1, body: fromHex('0001c23a') });
    }
    send(encoder, [[9, 40, bodies.interframe]]);
    const player = await playing(server);
    await player.until(() => media(player).length >= 5);
    assert.equal(media(player).at(-1), '9 40');
    encoder.socket.destroy();
  });

  it('GLive T80: a clock that stands still starts viewers all the same', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    const still = () => send(encoder, [[9, 0, bodies.keyframe]]);
    send(encoder, [[9, 0, bodies.videoConfig]]);
    const timer = setInterval(still, 20);
    t.after(() => clearInterval(timer));
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(3);
    assert.deepEqual(viewer.header, { audio: false, video: true });
    viewer.close();
    encoder.socket.destroy();
  });

  it('DJI: sequence headers that repeat are sent once, and a picture without a NAL unit is passed on', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    send(encoder, opening);
    const player = await playing(server);
    await player.until(() => media(player).length >= 4);
    const empty = fromHex('27 01 000000');
    send(encoder, [
      [9, 20, bodies.videoConfig],
      [8, 20, bodies.audioConfig],
      [9, 40, empty],
      [9, 80, bodies.interframe],
    ]);
    await player.until(() => media(player).length >= 6);
    // What holds no picture is no step in time.
    assert.deepEqual(media(player).slice(4), ['9 0', '9 80']);
    encoder.socket.destroy();
  });
});

describe('Players', () => {
  it('JW Player: closeStream is a pause, and play on the same stream goes on', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    send(encoder, opening);
    const player = await playing(server);
    await player.until(() => media(player).length >= 4);
    player.command(1, 'closeStream', 0);
    await player.roundTrip();
    assert.equal((await server.stream('live/a'))?.viewers.rtmp, 0);
    player.command(1, 'play', 4, null, 'a', -2000);
    await player.until(() => media(player).length >= 8);
    assert.equal((await server.stream('live/a'))?.viewers.rtmp, 1);
    encoder.socket.destroy();
  });

  for (const name of ['mp4:a', 'flv:a', 'a.flv'] as const) {
    it(`VLC and FFmpeg: ${name} is a`, async (t) => {
      const server = await startTestServer(t);
      const encoder = await publishing(server);
      send(encoder, opening);
      const player = await playing(server, name);
      await player.until(() => media(player).length >= 4);
      encoder.socket.destroy();
    });
  }

  it('rtmpdump: FCSubscribe, two buffer lengths, and acknowledgements every tenth of a window', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    send(encoder, opening);
    const player = await RtmpDial.open(server.rtmpPort);
    player.command(0, 'connect', 1, amfObject({ app: 'live', tcUrl: 'rtmp://h/live', videoFunction: 1 }));
    await player.reply('_result', 1);
    player.send({ typeId: 5, chunkStreamId: 2, body: fromHex('004c4b40') });
    player.send({ typeId: 4, chunkStreamId: 2, body: fromHex('0003 00000000 0000012c') });
    player.command(0, 'createStream', 2);
    player.command(0, 'FCSubscribe', 3, null, 'a');
    player.command(1, 'play', 4, null, 'a', -1000);
    player.send({ typeId: 4, chunkStreamId: 2, body: fromHex('0003 00000001 02255100') });
    player.send({ typeId: 3, chunkStreamId: 2, body: fromHex('0007a3dc') });
    await player.until(() => media(player).length >= 4);
    player.socket.destroy();
    assert.equal((await server.logged('closed')).bytesAcknowledged, 0x0007a3dc);
    encoder.socket.destroy();
  });
});
