import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { enhancedBody } from '../../shared/testing/enhanced-body.ts';
import { goldenVectors } from '../../shared/testing/golden.ts';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { publishTo } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer } from './test-server.ts';

type Message = readonly ['audio' | 'video', number, Uint8Array];

/** Publishes the messages, and gives what an RTMP player and an FLV viewer got of them, and the API's view. */
async function relay(t: TestContext, messages: readonly Message[], beside: readonly Message[] = []) {
  const server = await startTestServer(t);
  const encoder = await publishTo(server);
  for (const message of messages) encoder.send(...message);
  encoder.flush();
  const player = await RtmpDial.connected(server.rtmpPort);
  player.command(1, 'play', 3, null, 'a', -2000);
  // Sample access is data, and comes before all media.
  const got = () => player.media().filter(({ typeId }) => typeId !== 18);
  await player.until(() => got().length >= messages.length);
  const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
  await viewer.untilTags(messages.length);
  const stream = await server.stream('live/a');
  for (const message of beside) encoder.send(...message);
  await encoder.stop();
  await player.untilEnded();
  await viewer.untilEnded();
  return {
    stream,
    header: viewer.header,
    rtmp: got().map(({ body }) => toHex(body)),
    flv: viewer.tags.map(({ body }) => toHex(body)),
  };
}

const inHex = (messages: readonly Message[]): string[] => messages.map(([, , body]) => toHex(body));

const records = (file: string, codec: string) => {
  const found = goldenVectors<{ codec: string; codecString: string }>(file).find(
    ({ expected }) => expected.codec === codec,
  );
  assert.ok(found, codec);
  return found;
};

describe('Over real sockets players get, byte for byte, and the operator sees by name', () => {
  for (const [codec, fourCc, key, inter] of [
    ['hevc', 'hvc1', '000050 00000002 2601', '000028 00000002 0201'],
    ['av1', 'av01', '12000a0b', '3204'],
    ['vp9', 'vp09', '8249 8342 0027 f016 7604', '86'],
  ] as const) {
    it(`${fourCc} pictures beside sound`, async (t) => {
      const record = records('codec/video-records.json', codec);
      const video = (packetType: number, frameType: number, data: string) =>
        enhancedBody({ kind: 'video', packetType, frameType, fourCc, data });
      const messages: Message[] = [
        ['video', 0, video(0, 1, toHex(record.bytes))],
        ['audio', 0, bodies.audioConfig],
        ['video', 0, video(1, 1, key)],
        ['audio', 10, bodies.audio],
        ['video', 40, video(1, 2, inter)],
        ['audio', 50, bodies.audio],
      ];
      const { stream, rtmp, flv } = await relay(t, messages);
      assert.deepEqual(rtmp, inHex(messages));
      assert.deepEqual(flv, inHex(messages));
      assert.deepEqual(
        [stream?.video?.codec, stream?.video?.codecString],
        [codec, record.expected.codecString],
      );
    });
  }

  for (const [codec, fourCc, header] of [
    ['opus', 'Opus', records('codec/audio-records.json', 'opus').bytes],
    ['flac', 'fLaC', records('codec/audio-records.json', 'flac').bytes],
    ['ac-3', 'ac-3', undefined],
    ['e-ac-3', 'ec-3', undefined],
  ] as const) {
    it(`${fourCc} sound beside pictures`, async (t) => {
      const audio = (packetType: number, data: string) =>
        enhancedBody({ kind: 'audio', packetType, fourCc, data });
      const messages: Message[] = [
        ['video', 0, bodies.videoConfig],
        ...(header ? [['audio', 0, audio(0, toHex(header))] as const] : []),
        ['video', 0, bodies.keyframe],
        ['audio', 10, audio(1, '0b770102')],
        ['video', 40, bodies.interframe],
        ['audio', 50, audio(1, '0b770304')],
      ];
      const { stream, rtmp, flv } = await relay(t, messages);
      assert.deepEqual(rtmp, inHex(messages));
      assert.deepEqual(flv, inHex(messages));
      assert.equal(stream?.audio?.codec, codec);
    });
  }

  it('H.265 with the old codec id 12, as cameras send it', async (t) => {
    const record = records('codec/video-records.json', 'hevc');
    const messages: Message[] = [
      ['video', 0, fromHex(`1c 00 000000 ${toHex(record.bytes)}`)],
      ['audio', 0, bodies.audioConfig],
      ['video', 0, fromHex('1c 01 000050 00000002 2601')],
      ['audio', 10, bodies.audio],
      ['video', 40, fromHex('2c 01 000028 00000002 0201')],
    ];
    const { stream, rtmp, flv } = await relay(t, messages);
    assert.deepEqual([rtmp, flv], [inHex(messages), inHex(messages)]);
    assert.deepEqual(
      [stream?.video?.codec, stream?.video?.codecString],
      ['hevc', record.expected.codecString],
    );
  });

  it('VP8 by FourCC, whose size stands in its keyframe', async (t) => {
    const messages: Message[] = [
      ['video', 0, fromHex('90 76703038 01000000 00 0a 82 01 01 01 0000')],
      ['audio', 0, bodies.audioConfig],
      ['video', 0, fromHex('91 76703038 106700 9d012a 4201 b600')],
      ['audio', 10, bodies.audio],
      ['video', 40, fromHex('a1 76703038 11')],
    ];
    const { stream, rtmp, flv } = await relay(t, messages);
    assert.deepEqual([rtmp, flv], [inHex(messages), inHex(messages)]);
    const { codec, width, height } = stream?.video ?? {};
    assert.deepEqual([codec, width, height], ['vp8', 322, 182]);
  });

  it('MP3, which has no header of its own', async (t) => {
    const messages: Message[] = [
      ['video', 0, bodies.videoConfig],
      ['video', 0, bodies.keyframe],
      ['audio', 10, fromHex('2f fffb9064 00000000')],
      ['video', 40, bodies.interframe],
      ['audio', 50, fromHex('2f fffb9064 00000001')],
    ];
    const { stream, rtmp, flv } = await relay(t, messages);
    assert.deepEqual([rtmp, flv], [inHex(messages), inHex(messages)]);
    assert.equal(stream?.audio?.codec, 'mp3');
  });

  it('H.264 and AAC by FourCC, which browsers get in the old form', async (t) => {
    const avc = (packetType: number, frameType: number, body: Uint8Array) =>
      enhancedBody({
        kind: 'video',
        packetType,
        frameType,
        fourCc: 'avc1',
        data: toHex(body.subarray(packetType === 0 ? 5 : 2)),
      });
    const aac = (packetType: number, body: Uint8Array) =>
      enhancedBody({ kind: 'audio', packetType, fourCc: 'mp4a', data: toHex(body.subarray(2)) });
    const messages: Message[] = [
      ['video', 0, avc(0, 1, bodies.videoConfig)],
      ['audio', 0, aac(0, bodies.audioConfig)],
      ['video', 0, avc(1, 1, bodies.keyframe)],
      ['audio', 10, aac(1, bodies.audio)],
      ['video', 40, avc(1, 2, bodies.interframe)],
    ];
    const { stream, rtmp, flv } = await relay(t, messages);
    assert.deepEqual(rtmp, inHex(messages));
    const old = [bodies.videoConfig, bodies.audioConfig, bodies.keyframe, bodies.audio, bodies.interframe];
    assert.deepEqual(
      flv,
      old.map((body) => toHex(body)),
    );
    assert.deepEqual([stream?.video?.codec, stream?.audio?.codec], ['avc', 'aac']);
  });

  it('a picture that is shown before it is decoded in time: negative composition times stay', async (t) => {
    const messages: Message[] = [
      ['video', 0, bodies.videoConfig],
      ['audio', 0, bodies.audioConfig],
      ['video', 0, bodies.keyframe],
      ['audio', 10, bodies.audio],
      ['video', 40, fromHex('27 01 ffffd8 00000002 4100')],
    ];
    const { rtmp, flv } = await relay(t, messages);
    assert.deepEqual([rtmp, flv], [inHex(messages), inHex(messages)]);
  });
});

describe('The FLV header names', () => {
  for (const [first, codec] of [
    ['72', 'g711-a'],
    ['82', 'g711-mu'],
  ] as const) {
    it(`sound alone for a camera that sends nothing but ${codec}`, async (t) => {
      const server = await startTestServer(t);
      const camera = await publishTo(server);
      const body = fromHex(`${first} d5d5d5d5`);
      // It goes on, as a camera does: that no pictures come is known after a moment of sound.
      let at = 0;
      const sending = setInterval(() => {
        camera.send('audio', at, body);
        camera.flush();
        at += 20;
      }, 20);
      t.after(() => clearInterval(sending));
      const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
      await viewer.untilTags(3);
      assert.deepEqual(viewer.header, { audio: true, video: false });
      assert.ok(viewer.tags.every((tag) => tag.kind === 'audio' && toHex(tag.body) === toHex(body)));
      assert.equal((await server.stream('live/a'))?.audio?.codec, codec);
      clearInterval(sending);
      await camera.stop();
    });
  }

  it('pictures alone where there is no sound', async (t) => {
    const messages: Message[] = [
      ['video', 0, bodies.videoConfig],
      ['video', 0, bodies.keyframe],
      ['video', 40, bodies.interframe],
    ];
    const { header, flv } = await relay(t, messages);
    assert.deepEqual(header, { audio: false, video: true });
    assert.deepEqual(flv, inHex(messages));
  });
});

it('An empty sound message, a mark of silence, goes to RTMP players and not to browsers', async (t) => {
  const messages: Message[] = [
    ['video', 0, bodies.videoConfig],
    ['audio', 0, bodies.audioConfig],
    ['video', 0, bodies.keyframe],
    ['audio', 10, bodies.audio],
  ];
  const silence: Message = ['audio', 20, new Uint8Array(0)];
  const last: Message = ['video', 40, bodies.interframe];
  const { rtmp, flv } = await relay(t, messages, [silence, last]);
  assert.deepEqual(rtmp, inHex([...messages, silence, last]));
  assert.deepEqual(flv, inHex([...messages, last]));
});
