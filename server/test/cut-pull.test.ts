import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bodies } from './media-fixtures.ts';
import { goOnAir, publishTo, sendOpening } from './on-air.ts';
import { startWithWorkers, watchHttp, watchWs } from './workers-kit.ts';

it('a delivery worker whose line is cut while the publisher is away holds its viewers until that is back', async (t) => {
  const { server, pids } = await startWithWorkers(t, 1, {
    'viewer.stall_seconds': 1,
    'viewer.queue_bytes': 1024 * 1024,
  });
  const first = await goOnAir(server);
  const viewers = [await watchHttp(server), await watchWs(server)];
  for (const viewer of viewers) await viewer.untilTags(4);
  // A worker that takes nothing is cut off, as a viewer would be. Meanwhile the publisher drops.
  process.kill(pids[0] ?? 0, 'SIGSTOP');
  const frame = new Uint8Array(200_000);
  frame.set(bodies.interframe.subarray(0, 5));
  for (let count = 1; count <= 60; count++) {
    first.send('video', count * 10, frame);
    first.flush();
  }
  const left = await server.logged('delivery worker left');
  assert.equal(left.reason, 'too-slow');
  await first.cut();
  await server.logged('the publisher dropped; viewers are held');
  process.kill(pids[0] ?? 0, 'SIGCONT');
  await server.logged('delivery worker joined', 2);
  for (const viewer of viewers) assert.equal(viewer.ended, undefined);
  const second = await publishTo(server);
  const before = viewers.map(({ tags }) => tags.length);
  sendOpening(second);
  for (const [index, viewer] of viewers.entries()) await viewer.untilTags((before[index] ?? 0) + 4);
  await second.stop();
  for (const viewer of viewers) await viewer.untilEnded();
});
