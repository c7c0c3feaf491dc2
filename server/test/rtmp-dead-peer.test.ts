import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startListener } from './rtmp-listening.ts';

const pings = (dial: RtmpDial): number =>
  dial.messages.filter(({ typeId, body }) => typeId === 4 && body[1] === 6).length;

it('A player that leaves three pings without an answer is closed; one that answers stays', async (t) => {
  const { clock, port } = await startListener(t);
  const encoder = await RtmpPublisherClient.open({ host: '127.0.0.1', port, app: 'live', key: 'a' });
  const [dead, alive] = [await RtmpDial.connected(port), await RtmpDial.connected(port)];
  for (const dial of [dead, alive]) {
    dial.command(1, 'play', 0, null, 'a');
    await dial.status('NetStream.Play.Start');
  }
  for (let count = 1; count <= 2; count++) {
    clock.advance(30_000);
    await dead.until(() => pings(dead) === count);
    await alive.until(() => pings(alive) === count);
    await alive.roundTrip();
  }
  clock.advance(30_000);
  await dead.untilEnded();
  await alive.until(() => pings(alive) === 3);
  assert.equal(alive.ended, false);
  alive.socket.destroy();
  await encoder.cut();
});
