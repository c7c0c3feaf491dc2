import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AmfValue } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { encodeCommand } from '../rtmp/command.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { codeOf, RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const body = new Uint8Array(8);

/** The head of a video message of 1 MiB on a chunk stream of its own, and so many bytes of it. */
const beginMessage = (bytes: number): Uint8Array =>
  concatBytes([fromHex('0a 000000 100000 09 01000000'), new Uint8Array(bytes)]);

/** Asserts that the server ends the connection and counts the limit. */
async function assertEnded(server: TestServer, dial: RtmpDial, limit: string): Promise<void> {
  await dial.untilEnded();
  await assertCounted(server, limit);
}

async function assertCounted(server: TestServer, limit: string): Promise<void> {
  const metrics = await (await fetch(`${server.http}/metrics`)).text();
  assert.match(metrics, new RegExp(`sluice_rtmp_limits_reached_total\\{limit="${limit}"\\} 1`));
}

describe('A setting bounds', () => {
  it('the length of a message', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_message_bytes': 600_000 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.send({ typeId: 9, chunkStreamId: 6, body: new Uint8Array(600_000) });
    await dial.roundTrip();
    dial.send({ typeId: 9, chunkStreamId: 6, body: new Uint8Array(600_001) });
    await assertEnded(server, dial, 'maxMediaBytes');
  });

  it('the length of a command, and of data', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_command_bytes': 5000, 'rtmp.max_data_bytes': 6000 });
    for (const [typeId, most, limit] of [
      [19, 5000, 'maxCommandBytes'],
      [18, 6000, 'maxDataBytes'],
    ] as const) {
      const dial = await RtmpDial.connected(server.rtmpPort);
      dial.send({ typeId, body: new Uint8Array(most) });
      await dial.roundTrip();
      dial.send({ typeId, body: new Uint8Array(most + 1) });
      await assertEnded(server, dial, limit);
    }
  });

  it('the levels, values and texts of a command', async (t) => {
    const server = await startTestServer(t, {
      'rtmp.max_amf_depth': 4,
      'rtmp.max_amf_values': 64,
      'rtmp.max_command_bytes': 4096,
    });
    const nested = (levels: number): AmfValue => (levels === 0 ? null : [nested(levels - 1)]);
    // The name, the number, the object and the array itself are four.
    const many = (values: number): AmfValue => new Array<null>(values - 4).fill(null);
    for (const [atLimit, past, limit] of [
      [nested(4), nested(5), 'maxAmfDepth'],
      [many(64), many(65), 'maxAmfValues'],
    ] as const) {
      const dial = await RtmpDial.connected(server.rtmpPort);
      dial.command(0, '_checkbw', 5, null, atLimit);
      await dial.reply('_result', 5);
      dial.command(0, '_checkbw', 6, null, past);
      await assertEnded(server, dial, limit);
    }
  });

  it('pings: those above are not answered', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_pings_per_second': 1 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    for (let i = 0; i < 20; i++) await dial.roundTrip();
    const ping = () => dial.send({ typeId: 4, chunkStreamId: 2, body: fromHex('0006 00000001') });
    // One more may have come back in the time that these took.
    for (let i = 0; i < 10; i++) ping();
    dial.command(0, '_checkbw', 9);
    await dial.reply('_result', 9);
    const metrics = await (await fetch(`${server.http}/metrics`)).text();
    assert.match(metrics, /sluice_rtmp_limits_reached_total\{limit="maxPingsPerSecond"\} [1-9]/);
    assert.equal(dial.ended, false);
    dial.socket.destroy();
  });

  it('how long a player may be silent', async (t) => {
    const server = await startTestServer(t, { 'rtmp.ping_timeout': 1.5 });
    const encoder = await goOnAir(server);
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 3, null, 'a', -2000);
    await player.until(() => player.messages.some(({ typeId, body }) => typeId === 4 && body[1] === 6));
    await assertEnded(server, player, 'pingTimeout');
    await encoder.stop();
  });

  it('answers that nobody reads', async (t) => {
    const server = await startTestServer(t, {
      'rtmp.max_unread_bytes': 65_536,
      'rtmp.max_commands_per_second': 100_000,
    });
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.socket.pause();
    dial.socket.on('drain', () => ask());
    const body = encodeCommand('getStreamLength', 8, null);
    // The socket is paused, so only a refusal to write tells that the server ended it.
    const ask = (): void => {
      while (dial.socket.writable && dial.socket.writableLength < 65_536) dial.send({ typeId: 20, body });
    };
    ask();
    await new Promise<void>((resolve) => {
      dial.socket.once('error', () => resolve());
      dial.socket.once('close', () => resolve());
    });
    await assertCounted(server, 'maxPendingOutputBytes');
  });

  it('the chunk streams of a connection', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_chunk_streams': 8 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    // 3 has been used, and 2 carries the ping.
    for (let chunkStreamId = 10; chunkStreamId < 16; chunkStreamId++)
      dial.send({ typeId: 8, chunkStreamId, body });
    await dial.roundTrip();
    dial.send({ typeId: 8, chunkStreamId: 16, body });
    await assertEnded(server, dial, 'maxChunkStreams');
  });

  it('the streams of a connection', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_message_streams': 2 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(0, 'createStream', 7);
    await dial.reply('_result', 7);
    dial.command(0, 'createStream', 8);
    await dial.reply('_error', 8);
    await assertCounted(server, 'maxMessageStreams');
    dial.socket.destroy();
  });

  it('what is sent before a connect', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_bytes_before_connect': 4096 });
    const dial = await RtmpDial.open(server.rtmpPort);
    // Twelve bytes of header, and one before each 128 bytes but the first.
    dial.send({ typeId: 8, chunkStreamId: 4, body: new Uint8Array(5000) });
    await assertEnded(server, dial, 'maxBytesBeforeConnect');
  });

  it('connections in all', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_connections': 1 });
    const first = await RtmpDial.connected(server.rtmpPort);
    const second = await RtmpDial.open(server.rtmpPort);
    second.sayConnect();
    assert.equal(codeOf(await second.reply('_error', 1)), 'NetConnection.Connect.Rejected');
    await assertEnded(server, second, 'maxConnections');
    first.socket.destroy();
  });

  it('connections of an address', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_connections_per_address': 1 });
    const first = await RtmpDial.connected(server.rtmpPort);
    const second = await RtmpDial.open(server.rtmpPort);
    second.sayConnect();
    await assertEnded(server, second, 'maxConnectionsPerAddress');
    first.socket.destroy();
  });

  it('how often an address connects', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_connects_per_second': 1 });
    for (let i = 0; i < 20; i++) (await RtmpDial.connected(server.rtmpPort)).socket.destroy();
    // One more may have come back in the time that these took.
    for (let refused = false; !refused; ) {
      const dial = await RtmpDial.open(server.rtmpPort);
      dial.sayConnect();
      const answer = await dial.until(() => dial.commands[0]);
      refused = answer.name !== '_result';
      dial.socket.destroy();
    }
    await assertCounted(server, 'maxConnectsPerSecond');
    const text = await (await fetch(`${server.http}/metrics`)).text();
    assert.match(text, /sluice_refusals_total\{code="too-many-connects"\} 1/);
  });

  it('commands', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_commands_per_second': 1 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    // connect and createStream were the first two of four.
    for (const transaction of [3, 4]) dial.command(0, '_checkbw', transaction);
    await dial.reply('_result', 4);
    for (let i = 0; i < 60; i++) dial.command(0, '_checkbw', 0);
    await assertEnded(server, dial, 'maxCommandsPerSecond');
  });

  it('requests to publish and play', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_commands_per_second': 1000 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    for (let i = 0; i < 20; i++) dial.command(1, 'play', 0, null, 'a');
    await dial.roundTrip();
    for (let i = 0; i < 20; i++) dial.command(1, 'play', 0, null, 'a');
    await assertEnded(server, dial, 'maxRequestsPerSecond');
  });

  it('what all connections together may have half received', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_unfinished_bytes': 1_048_576 });
    const dials = [await RtmpDial.connected(server.rtmpPort), await RtmpDial.connected(server.rtmpPort)];
    const [one, two] = dials as [RtmpDial, RtmpDial];
    for (const dial of dials) {
      dial.send({ typeId: 1, chunkStreamId: 2, body: fromHex('00ffffff') });
      await dial.roundTrip();
    }
    one.socket.write(beginMessage(100_000));
    two.socket.write(beginMessage(900_000));
    await assertEnded(server, two, 'maxPartialBytesOfAll');
    assert.equal(one.ended, false);
    one.socket.destroy();
  });

  it('data messages: those above are left out, and the rest goes on', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_data_per_second': 1 });
    const encoder = await goOnAir(server);
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 3, null, 'a', -2000);
    await player.until(() => player.media().length >= 5);
    const before = player.media().filter(({ typeId }) => typeId === 18).length;
    for (let i = 0; i < 100; i++) encoder.send('data', 10, encodeAmf0(['onTextData', i]));
    encoder.send('video', 40, bodies.interframe);
    encoder.flush();
    await player.until(() => player.media().some(({ timestamp }) => timestamp === 40));
    const passed = player.media().filter(({ typeId }) => typeId === 18).length - before;
    assert.ok(passed >= 5 && passed < 50, `${passed} of 100`);
    const metrics = await (await fetch(`${server.http}/metrics`)).text();
    assert.ok(metrics.includes(`limits_reached_total{limit="maxDataPerSecond"} ${100 - passed}`));
    await encoder.stop();
  });
});
