import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { it } from 'node:test';
import { amfEcmaArray } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import type { SessionPage } from '../../shared/contract/sessions.ts';
import { FlvViewer } from './flv-viewer.ts';
import { goOnAir } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { captureBytes } from './rtmp-kit.ts';
import { startTestServer } from './test-server.ts';

for (const [capture, stream, program, first] of [
  ['publish-obs29-av', 'live/obs', 'OBS 29.0.2', null],
  ['publish-ffmpeg5-av', 'live/ffav', 'ffmpeg (Lavf 59.27.100)', 'ffmpeg (Lavf 59.27.100)'],
] as const) {
  it(`A real connection of ${program} is called so in the log, in the API, and to who tries its key`, async (t) => {
    const server = await startTestServer(t);
    const socket = connect(server.rtmpPort, '127.0.0.1');
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    socket.resume();
    // Without its end, so that it stays on air.
    socket.write(captureBytes(capture).subarray(0, 60_000));
    const named = await server.logged('the encoder named itself');
    assert.deepEqual([named.stream, named.program], [stream, program]);
    assert.equal((await server.logged('published')).program, first);
    const { publisher } = (await server.stream(stream)) ?? {};
    assert.equal(publisher?.program, program);
    assert.match(publisher?.userAgent ?? '', /^FMLE\/3\.0/);
    const { items } = (await (await server.api('sessions')).json()) as SessionPage;
    assert.deepEqual(
      items.map((session) => session.program),
      [program],
    );
    const other = await RtmpDial.connected(server.rtmpPort);
    other.command(1, 'publish', 3, null, stream.slice('live/'.length), 'live');
    await other.untilEnded();
    assert.ok(server.logLines.some((line) => line.includes(`published by 127.0.0.1 (${program}) since`)));
  });
}

it('Metadata that names another program with each message is told once, and never its query', async (t) => {
  const server = await startTestServer(t);
  const encoder = await RtmpDial.connected(server.rtmpPort);
  encoder.command(1, 'publish', 3, null, 'a', 'live');
  await encoder.status('NetStream.Publish.Start', 1);
  for (let i = 0; i < 20; i++) {
    const metadata = amfEcmaArray({ encoder: `Encoder ${i}?key=hunter2\r\n{"level":"fatal"}` });
    encoder.send({
      typeId: 18,
      messageStreamId: 1,
      body: encodeAmf0(['@setDataFrame', 'onMetaData', metadata]),
    });
  }
  await encoder.roundTrip();
  assert.equal((await server.stream('live/a'))?.publisher?.program, 'Encoder 19');
  assert.equal(server.logLines.filter((line) => line.includes('named itself')).length, 1);
  assert.ok(!server.logLines.some((line) => line.includes('hunter2')));
  encoder.socket.destroy();
});

it('A viewer is called by its browser or player', async (t) => {
  const server = await startTestServer(t);
  const client = await goOnAir(server);
  const viewer = await FlvViewer.http(`${server.http}/live/a.flv`, {
    'user-agent': 'VLC/3.0.24 LibVLC/3.0.24',
  });
  await viewer.untilTags(1);
  const player = await RtmpDial.connected(server.rtmpPort, { flashVer: 'LNX 10,0,32,18' });
  player.command(1, 'play', 3, null, 'a', -2000);
  await player.status('NetStream.Play.Start');
  const { items } = (await (await server.api('sessions?role=viewer')).json()) as SessionPage;
  assert.deepEqual(items.map(({ program }) => program).sort(), ['VLC 3.0.24', 'librtmp']);
  viewer.close();
  player.socket.destroy();
  await client.stop();
});
