import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { toHex } from '../../shared/bytes/hex.ts';
import { classicVideo } from '../../shared/testing/clips.ts';
import {
  aacBodies,
  aacHeader,
  adtsBodies,
  avcFrames,
  avcHeader,
  avcSets,
  hevc,
  hevcAsAvc,
  hevcFrames,
  hevcHeader,
  inBand,
  startCodes,
} from '../../shared/testing/packets.ts';
import { type Message, pictures, sounds, together } from './air.ts';
import { FlvViewer } from './flv-viewer.ts';
import { publishTo } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer } from './test-server.ts';

// What encoders send that is not as it should be, over real sockets, on a whole server.

/** Within the last group of pictures, so that a viewer who comes late gets all of it. */
const SOUND_MS = 400;
const soundTrack: readonly Message[] = [['audio', 0, aacHeader], ...sounds(aacBodies, SOUND_MS)];
const pictureTrack: readonly Message[] = [['video', 0, avcHeader], ...pictures(avcFrames)];
const hexes = (bodies: readonly Uint8Array[]): string[] => bodies.map((body) => toHex(body));

/** Publishes, and gives a viewer and an RTMP player who come at the same time, with a connection that is closed when the test ends. */
async function onAir(
  t: TestContext,
  messages: readonly Message[],
  goesOn: readonly (readonly [Message[0], Uint8Array])[] = [],
) {
  const server = await startTestServer(t);
  const encoder = await publishTo(server);
  const player = await RtmpDial.connected(server.rtmpPort);
  player.command(1, 'play', 3, null, 'a', -2000);
  const watching = FlvViewer.http(`${server.http}/live/a.flv`);
  for (const message of messages) encoder.send(...message);
  encoder.flush();
  // As encoders do, it goes on: what comes first decides nothing where a track is still waited for.
  let timestamp = 800;
  const going = setInterval(() => {
    timestamp += 40;
    for (const [kind, body] of goesOn) encoder.send(kind, timestamp, body);
    encoder.flush();
  }, 40);
  t.after(() => clearInterval(going));
  const viewer = await watching;
  t.after(() => {
    viewer.close();
    player.socket.destroy();
    return encoder.stop();
  });
  return { server, viewer, player };
}

const gotten = (viewer: FlvViewer, kind: Message[0]): string[] =>
  viewer.tags.filter((tag) => tag.kind === kind).map(({ body }) => toHex(body));
/** Who comes while all is sent gets the header and at least the last group. */
function assertBegins(got: readonly string[], header: Uint8Array, frames: readonly Uint8Array[]): void {
  const [first, ...rest] = got;
  assert.equal(first, toHex(header));
  assert.ok(rest.length >= 10);
  assert.deepEqual(rest, hexes(frames).slice(-rest.length));
}
const endsWith = (got: readonly string[], frames: readonly Uint8Array[]): boolean =>
  got.at(-1) === toHex(frames.at(-1)!);
const codes = (
  stream: Awaited<ReturnType<Awaited<ReturnType<typeof startTestServer>>['stream']>>,
): string[] => stream?.warnings.map(({ code }) => code) ?? [];

describe('Over real sockets', () => {
  it('pictures without a header, whose sets come in band, play over HTTP and RTMP', async (t) => {
    const frames = inBand(avcFrames, avcSets);
    const { server, viewer, player } = await onAir(t, together(pictures(frames), soundTrack));
    await viewer.until(() => endsWith(gotten(viewer, 'video'), frames));
    assertBegins(gotten(viewer, 'video'), avcHeader, frames);
    const video = () => hexes(player.media().flatMap(({ typeId, body }) => (typeId === 9 ? [body] : [])));
    await player.until(() => endsWith(video(), frames));
    assertBegins(video(), avcHeader, frames);
    const stream = await server.stream('live/a');
    assert.deepEqual([stream?.video?.width, stream?.video?.profile], [64, 'High']);
    assert.deepEqual(codes(stream), ['video-header-in-band']);
  });

  it('pictures without a header and without sets leave the sound, and are told in API and log', async (t) => {
    const { server, viewer } = await onAir(t, together(pictures(avcFrames), soundTrack), [
      ['audio', aacBodies[1]!],
      ['video', avcFrames[1]!],
    ]);
    await viewer.untilTags(1);
    assert.deepEqual(viewer.header, { audio: true, video: false });
    const stream = await server.stream('live/a');
    assert.deepEqual([stream?.video, stream?.audio?.codec], [null, 'aac']);
    assert.deepEqual(codes(stream), ['video-header-missing']);
    const line = await server.logged(stream!.warnings[0]!.message);
    assert.equal(line.code, 'video-header-missing');
  });

  it('sound without a header leaves the picture, and is told; as ADTS it plays', async (t) => {
    const without = await onAir(t, together(pictureTrack, sounds(aacBodies, SOUND_MS)), [
      ['audio', aacBodies[1]!],
      ['video', avcFrames[1]!],
    ]);
    await without.viewer.untilTags(1);
    assert.deepEqual(without.viewer.header, { audio: false, video: true });
    assert.deepEqual(codes(await without.server.stream('live/a')), ['audio-header-missing']);
    const adts = await onAir(t, together(pictureTrack, sounds(adtsBodies, SOUND_MS)));
    await adts.viewer.until(() => endsWith(gotten(adts.viewer, 'audio'), aacBodies));
    assertBegins(gotten(adts.viewer, 'audio'), aacHeader, aacBodies);
    assert.deepEqual(codes(await adts.server.stream('live/a')), ['audio-header-in-band']);
  });

  it('H.265 behind the codec id of H.264 is H.265 for viewers and the API', async (t) => {
    const header: Message = ['video', 0, classicVideo(0x17, 0, hevc.record)];
    const { server, viewer } = await onAir(t, together([header, ...pictures(hevcAsAvc)], soundTrack));
    await viewer.until(() => endsWith(gotten(viewer, 'video'), hevcFrames));
    assertBegins(gotten(viewer, 'video'), hevcHeader, hevcFrames);
    const stream = await server.stream('live/a');
    assert.equal(stream?.video?.codec, 'hevc');
    assert.deepEqual(codes(stream), ['video-codec-mislabelled', 'codec-not-everywhere']);
  });

  it('start codes and wrong marks of key frames reach viewers as they should have been', async (t) => {
    const frames = avcFrames.map((frame) => startCodes(Uint8Array.of(0x27, ...frame.subarray(1))));
    const { server, viewer } = await onAir(
      t,
      together([['video', 0, avcHeader], ...pictures(frames)], soundTrack),
    );
    await viewer.until(() => endsWith(gotten(viewer, 'video'), avcFrames));
    assertBegins(gotten(viewer, 'video'), avcHeader, avcFrames);
    const stream = await server.stream('live/a');
    assert.deepEqual(codes(stream).sort(), ['keyframe-flags-wrong', 'video-start-codes']);
    assert.equal(stream?.keyframeIntervalMs, 400);
  });
});
