import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const FRAME_BYTES = 200_000;
const FRAMES = 100;

const frame = new Uint8Array(FRAME_BYTES);
frame.set(bodies.interframe.subarray(0, 5));

/** A player that has its beginning and then does not read, while more pictures come than the kernel keeps for it. */
async function congested(
  t: TestContext,
): Promise<{ server: TestServer; encoder: RtmpPublisherClient; player: RtmpDial }> {
  const server = await startTestServer(t, {
    'viewer.queue_bytes': 256 * 1024 * 1024,
    'viewer.queue_seconds': 600,
  });
  const encoder = await goOnAir(server);
  const player = await RtmpDial.connected(server.rtmpPort);
  player.command(1, 'play', 3, null, 'a', -2000);
  await player.until(() => player.media().length >= 4);
  player.socket.pause();
  for (let i = 1; i <= FRAMES; i++) {
    encoder.send('video', i * 40, frame);
    encoder.flush();
  }
  while (((await server.stream('live/a'))?.bytesIn ?? 0) < FRAMES * FRAME_BYTES);
  return { server, encoder, player };
}

/** Kind and time of each media message, in the order in which they were whole. */
const order = (player: RtmpDial): string[] =>
  player.media().map(({ typeId, timestamp }) => `${typeId === 8 ? 'audio' : 'video'} ${timestamp}`);

describe('A player over RTMP whose line is full', () => {
  it('gets sound before pictures that were sent earlier, and every message whole', async (t) => {
    const { encoder, player } = await congested(t);
    const sounds = () => order(player).filter((line) => line.startsWith('audio')).length;
    const before = sounds();
    encoder.send('audio', FRAMES * 40 + 20, bodies.audio);
    // A picture, because sound waits for the next one.
    encoder.send('video', FRAMES * 40 + 40, frame);
    encoder.flush();
    player.socket.resume();
    await player.until(() => sounds() > before);
    await encoder.stop();
    await player.untilEnded();
    const lines = order(player);
    const pictures = lines.filter((line) => line.startsWith('video')).map((line) => Number(line.slice(6)));
    assert.deepEqual(
      pictures,
      pictures.toSorted((a, b) => a - b),
    );
    const large = player.media().filter(({ body }) => body.length > 100_000);
    assert.ok(large.length > 0);
    for (const { body } of large) assert.deepEqual(Buffer.from(body), Buffer.from(frame));
    const sound = lines.findLastIndex((line) => line.startsWith('audio'));
    assert.ok(sound < lines.length - 2, `overtook no picture: ${lines.slice(-5)}`);
    assert.equal(player.told.at(-1), 'onStatus NetStream.Play.Stop', 'the end comes last');
  });

  it('gets an answer before pictures that were sent earlier', async (t) => {
    const { server, encoder, player } = await congested(t);
    player.command(0, 'getStreamLength', 77, null, 'a');
    for (let nth = 1; (await server.logged('command', nth)).command !== 'getStreamLength'; nth++);
    player.socket.resume();
    await player.reply('_result', 77);
    const at = player.messages.length;
    await encoder.stop();
    await player.untilEnded();
    const after = player.messages.slice(at).filter(({ typeId }) => typeId === 9);
    assert.ok(after.length > 1, 'no picture was overtaken');
  });
});
