import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RtmpListener } from '../transport/rtmp-listener.ts';
import { RtmpPublisherClient } from '../transport/rtmp-publisher-client.ts';
import type { TransportLog } from '../transport/transport-log.ts';
import { HubHarness, testLimits } from './hub-harness.ts';
import { RtmpDial } from './rtmp-dial.ts';

const quiet: TransportLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => quiet,
};
const nobody = {
  opened: () => {},
  closed: () => {},
  handshakeDone: () => {},
  connected: () => {},
  refused: () => {},
  failed: () => {},
};

const pings = (dial: RtmpDial): number =>
  dial.messages.filter(({ typeId, body }) => typeId === 4 && body[1] === 6).length;

it('A player that leaves three pings without an answer is closed; one that answers stays', async (t) => {
  const { hub, clock } = new HubHarness({ ...testLimits, publisherTimeoutMs: 1_000_000 });
  const listener = new RtmpListener({
    hub,
    admission: () => undefined,
    observer: nobody,
    log: quiet,
    timeouts: { handshakeMs: 10_000, idleMs: 30_000 },
    maxConnectionsPerAddress: 0,
  });
  t.after(() => listener.close());
  const port = await listener.listen({ port: 0, host: '127.0.0.1' });
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
