import assert from 'node:assert/strict';
import { it } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startListener } from './rtmp-listening.ts';
import { startTestServer } from './test-server.ts';

it('A connection that sends too many commands is closed with the reason, and counted by its limit', async (t) => {
  const server = await startTestServer(t);
  const dial = await RtmpDial.connected(server.rtmpPort);
  for (let i = 0; i < 400; i++) dial.command(0, '_checkbw', 0);
  await dial.status('NetStream.Failed');
  await dial.untilEnded();
  const text = await (await fetch(`${server.http}/metrics`)).text();
  assert.match(text, /sluice_rtmp_limits_reached_total\{limit="maxCommandsPerSecond"\} 1/);
  assert.match(text, /sluice_protocol_errors_total\{code="too-many"\} 1/);
});

it('When all connections together hold too much, the one that holds most has to go', async (t) => {
  const { port, told } = await startListener(t, { maxPartialBytesOfAll: 500_000 });
  const honest = await RtmpDial.connected(port);
  // The first chunk of a message of 20000 bytes.
  honest.socket.write(concatBytes([fromHex('05 000000 004e20 09 01000000'), new Uint8Array(128)]));
  await honest.roundTrip();
  const greedy = await RtmpDial.connected(port);
  greedy.send({ typeId: 1, chunkStreamId: 2, body: fromHex('00ffffff') });
  // Most of a message of 1 MiB.
  greedy.socket.write(concatBytes([fromHex('05 000000 100000 09 01000000'), new Uint8Array(900_000)]));
  await greedy.untilEnded();
  assert.deepEqual(told, ['too-large', 'maxPartialBytesOfAll']);
  await honest.roundTrip();
  assert.equal(honest.ended, false);
  const again = await RtmpDial.connected(port);
  again.send({ typeId: 1, chunkStreamId: 2, body: fromHex('00ffffff') });
  again.socket.write(concatBytes([fromHex('05 000000 060000 09 01000000'), new Uint8Array(300_000)]));
  await honest.roundTrip();
  assert.equal(again.ended, false, 'what the first one held is free again');
  for (const dial of [honest, again]) dial.socket.destroy();
});

it('Limits of a connection can be set', async (t) => {
  const { port, told } = await startListener(t, { limits: { maxMessageStreams: 1 } });
  const dial = await RtmpDial.connected(port);
  dial.command(0, 'createStream', 9);
  await dial.reply('_error', 9);
  assert.deepEqual(told, []);
  dial.socket.destroy();
});
