import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amfGet, asString } from '../../shared/amf/amf-value.ts';
import { goOnAir } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const metric = async (server: TestServer, line: string): Promise<number> => {
  const text = await (await fetch(`${server.http}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
};

const waiting = (server: TestServer): Promise<number> => metric(server, 'sluice_waiting_viewers');

/** A player that asks for streams that are not live, each on a message stream of its own. */
async function ask(server: TestServer, names: readonly string[]): Promise<RtmpDial> {
  const player = await RtmpDial.connected(server.rtmpPort);
  for (const [at, name] of names.entries()) player.command(at + 1, 'play', 3 + at, null, name, -2000);
  await player.roundTrip();
  return player;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `none${i}`);

const whyRefused = async (player: RtmpDial, code: string): Promise<string> =>
  asString(amfGet((await player.status(code)).args[0], 'description')) ?? '';

describe('RTMP players who wait for a stream', () => {
  it('are as many as a connection may have message streams', async (t) => {
    const server = await startTestServer(t);
    const player = await ask(server, names(9));
    assert.match(await whyRefused(player, 'NetStream.Play.Failed'), /as many message streams/);
    assert.equal(await waiting(server), 8);
    assert.equal(await metric(server, 'sluice_rtmp_limits_reached_total{limit="maxMessageStreams"}'), 1);
    player.socket.destroy();
    while ((await waiting(server)) > 0);
  });

  it('are so many of one address, whatever connections they have', async (t) => {
    const server = await startTestServer(t, { 'viewer.max_waiting_per_address': 3 });
    const players = [await ask(server, names(2)), await ask(server, names(1))];
    const refused = await ask(server, names(1));
    assert.match(
      await whyRefused(refused, 'NetStream.Play.Failed'),
      /Too many viewers from 127\.0\.0\.1 wait/,
    );
    await refused.untilEnded();
    assert.equal(await waiting(server), 3);
    assert.equal(await metric(server, 'sluice_limits_reached_total{limit="maxWaitingPerAddress"}'), 1);
    for (const player of players) player.socket.destroy();
    while ((await waiting(server)) > 0);
  });

  it('are so many in all, and are let in when their stream comes', async (t) => {
    const server = await startTestServer(t, { 'viewer.max_waiting': 1 });
    const first = await ask(server, ['a']);
    const second = await ask(server, ['a']);
    assert.match(await whyRefused(second, 'NetStream.Play.Failed'), /As many viewers wait/);
    assert.equal(await metric(server, 'sluice_limits_reached_total{limit="maxWaiting"}'), 1);
    const client = await goOnAir(server);
    await first.status('NetStream.Play.Start', 1);
    assert.equal(await waiting(server), 0);
    first.socket.destroy();
    await client.stop();
  });

  it('hold one seat when they change their mind, and none when they give up', async (t) => {
    const server = await startTestServer(t, { 'viewer.max_waiting_per_address': 1 });
    const player = await RtmpDial.connected(server.rtmpPort);
    for (const name of names(5)) {
      player.command(1, 'play', 3, null, name, -2000);
      await player.roundTrip();
      assert.equal(await waiting(server), 1);
    }
    player.command(1, 'closeStream', 0);
    await player.roundTrip();
    assert.equal(await waiting(server), 0);
    player.socket.destroy();
  });
});
