import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { toHex } from '../../shared/bytes/hex.ts';
import type { FlvTag } from '../../shared/flv/flv-tag.ts';
import { enhancedBody } from '../../shared/testing/enhanced-body.ts';
import type { RtmpMessage } from '../rtmp/message.ts';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { publishTo } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer } from './test-server.ts';

/** OpusHead of RFC 7845: version 1, channels, 312 samples to skip, 48 kHz, no gain, mapping family 0. */
const opusHead = (channels: number): string =>
  `4f70757348656164 01 0${channels} 3801 80bb0000 0000 00`.replaceAll(' ', '');
const opus = (packetType: number, data: string, track?: number): Uint8Array =>
  enhancedBody({
    kind: 'audio',
    packetType,
    fourCc: 'Opus',
    data,
    ...(track === undefined ? {} : { track }),
  });

const media = {
  head0: opus(0, opusHead(2)),
  head1: opus(0, opusHead(1), 1),
  sound0: opus(1, 'fcfffe'),
  sound1: opus(1, 'f8aa', 1),
};
/** What the second track is to who gets it alone. */
const alone = { head: opus(0, opusHead(1)), sound: opus(1, 'f8aa') };

/** A server with live/a on air: pictures and two sounds, as FFmpeg 8 sends them. */
async function onAir(t: TestContext, settings: Record<string, unknown> = {}) {
  const server = await startTestServer(t, settings);
  const encoder = await publishTo(server);
  encoder.send('video', 0, bodies.videoConfig);
  encoder.send('audio', 0, media.head0);
  encoder.send('audio', 0, media.head1);
  encoder.send('video', 0, bodies.keyframe);
  encoder.send('audio', 3, media.sound0);
  encoder.send('audio', 4, media.sound1);
  encoder.flush();
  return { server, encoder };
}

const hexes = (items: readonly (RtmpMessage | FlvTag)[]): string[] => items.map(({ body }) => toHex(body));
const bytes = (...list: Uint8Array[]): string[] => list.map((body) => toHex(body));

describe('A publisher of two sounds', () => {
  it('reaches an RTMP player that takes multitrack whole, and any other with the default sound', async (t) => {
    const { server, encoder } = await onAir(t);
    const play = async (properties: Record<string, number>) => {
      const player = await RtmpDial.connected(server.rtmpPort, properties);
      player.command(1, 'play', 3, null, 'a', -2000);
      return player;
    };
    const able = await play({ capsEx: 2 });
    const simple = await play({});
    const withoutData = (player: RtmpDial) => player.media().filter(({ typeId }) => typeId !== 18);
    await able.until(() => withoutData(able).length >= 6);
    await simple.until(() => withoutData(simple).length >= 4);
    encoder.send('audio', 23, media.sound1);
    encoder.send('video', 40, bodies.interframe);
    encoder.flush();
    await able.until(() => withoutData(able).length >= 8);
    await simple.until(() => withoutData(simple).length >= 5);
    const { head0, head1, sound0, sound1 } = media;
    assert.deepEqual(
      hexes(withoutData(able)),
      bytes(bodies.videoConfig, head0, head1, bodies.keyframe, sound0, sound1, sound1, bodies.interframe),
    );
    assert.deepEqual(
      hexes(withoutData(simple)),
      bytes(bodies.videoConfig, head0, bodies.keyframe, sound0, bodies.interframe),
    );
    assert.deepEqual(
      withoutData(able).map(({ timestamp }) => timestamp),
      [0, 0, 0, 0, 3, 4, 23, 40],
    );
    await encoder.stop();
  });

  for (const workers of [0, 1]) {
    const where = workers === 0 ? 'the server itself' : 'a delivery worker';
    it(`is heard in another track with ?track=ID over HTTP and WebSocket, served by ${where}`, async (t) => {
      const { server, encoder } = await onAir(t, { workers });
      if (workers > 0) await server.logged('a delivery worker is ready');
      const viewers = [
        await FlvViewer.http(`${server.http}/live/a.flv?track=1`),
        await FlvViewer.ws(`${server.ws}/live/a.flv?track=1`),
      ];
      const byDefault = await FlvViewer.http(`${server.http}/live/a.flv?track=0`);
      for (const viewer of viewers) {
        await viewer.untilTags(4);
        assert.deepEqual(viewer.header, { audio: true, video: true });
        assert.deepEqual(
          hexes(viewer.tags),
          bytes(bodies.videoConfig, alone.head, bodies.keyframe, alone.sound),
        );
      }
      await byDefault.untilTags(4);
      assert.deepEqual(
        hexes(byDefault.tags),
        bytes(bodies.videoConfig, media.head0, bodies.keyframe, media.sound0),
      );
      await encoder.stop();
    });
  }

  it('is heard in another track by an RTMP player of KEY?track=ID, and refused one that is not there', async (t) => {
    const { server, encoder } = await onAir(t);
    const player = await RtmpDial.connected(server.rtmpPort, { capsEx: 15 });
    player.command(1, 'play', 3, null, 'a?track=1', -2000);
    const media = () => player.media().filter(({ typeId }) => typeId !== 18);
    await player.until(() => media().length >= 4);
    assert.deepEqual(hexes(media()), bytes(bodies.videoConfig, alone.head, bodies.keyframe, alone.sound));
    for (const [track, code] of [
      ['7', 'NetStream.Play.StreamNotFound'],
      ['one', 'NetStream.Play.Failed'],
    ] as const) {
      const other = await RtmpDial.connected(server.rtmpPort);
      other.command(1, 'play', 3, null, `a?track=${track}`, -2000);
      await other.status(code, 1);
      await other.untilEnded();
    }
    await encoder.stop();
    await player.untilEnded();
  });

  it('has no track of another id, and says which there are', async (t) => {
    const { server, encoder } = await onAir(t);
    const answer = await fetch(`${server.http}/live/a.flv?track=7`);
    assert.equal(answer.status, 404);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    assert.equal(error.code, 'track-not-found');
    assert.match(error.message, /live\/a has no track 7\. It has: video 0, audio 0, audio 1\./);
    await assert.rejects(FlvViewer.ws(`${server.ws}/live/a.flv?track=7`), /status 404/);
    for (const track of ['256', '-1', 'one', '']) {
      assert.equal((await fetch(`${server.http}/live/a.flv?track=${track}`)).status, 400, track);
    }
    await encoder.stop();
  });

  it('is listed in the API with all of its tracks', async (t) => {
    const { server, encoder } = await onAir(t);
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(4);
    const tracks = (await server.stream('live/a'))?.tracks;
    assert.deepEqual(
      tracks?.map(({ kind, id, codec }) => `${kind} ${id} ${codec}`),
      ['video 0 avc', 'audio 0 opus', 'audio 1 opus'],
    );
    assert.deepEqual(tracks?.[2], {
      kind: 'audio',
      id: 1,
      state: 'present',
      codec: 'opus',
      codecString: 'opus',
      profile: null,
      level: null,
      width: null,
      height: null,
      sampleRate: 48_000,
      channels: 1,
    });
    await encoder.stop();
  });
});
