import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const READY = 'a delivery worker is ready';

async function start(test: TestContext, workers: number) {
  const server = await startTestServer(test, { workers });
  const pids: number[] = [];
  for (let nth = 1; nth <= workers; nth++) pids.push(Number((await server.logged(READY, nth)).pid));
  const client = await goOnAir(server);
  return { server, client, pids };
}

const http = (server: TestServer) => FlvViewer.http(`${server.http}/live/a.flv`);
const ws = (server: TestServer) => FlvViewer.ws(`${server.ws}/live/a.flv`);

describe('delivery workers', () => {
  it('serve viewers the same bytes as the server itself would', async (t) => {
    const { server, client } = await start(t, 1);
    const viewers = [await http(server), await ws(server)];
    client.send('video', 40, bodies.interframe);
    client.flush();
    for (const viewer of viewers) {
      await viewer.untilTags(5);
      assert.deepEqual(viewer.header, { audio: true, video: true });
      assert.deepEqual(
        viewer.tags.map(({ body }) => body),
        [bodies.videoConfig, bodies.audioConfig, bodies.keyframe, bodies.audio, bodies.interframe],
      );
      assert.deepEqual(viewer.times('video'), [0, 0, 40]);
    }
    await client.stop();
    for (const viewer of viewers) await viewer.untilEnded();
    assert.deepEqual(
      viewers.map(({ ended }) => ended?.clean),
      [true, true],
    );
  });

  it('fetch a stream once, however many watch it, and are not counted as viewers', async (t) => {
    const { server, client } = await start(t, 1);
    const viewers = [await http(server), await http(server), await ws(server)];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    assert.equal(server.logLines.filter((line) => line.includes('"delivery worker joined"')).length, 1);
    // Reports come once a second; the next one shows all three.
    for (;;) {
      const stream = await server.stream('live/a');
      if (stream?.viewers.total === 3) {
        assert.deepEqual(stream.viewers, { total: 3, httpFlv: 2, wsFlv: 1, rtmp: 0 });
        break;
      }
    }
    const { items } = (await (await server.api('sessions?role=viewer')).json()) as {
      items: { id: string }[];
    };
    assert.equal(items.length, 3);
    assert.equal((await server.api(`sessions/${items[0]?.id}`, { method: 'DELETE' })).status, 204);
    await Promise.race(viewers.map((viewer) => viewer.untilEnded()));
    await client.stop();
  });

  it('cost only their own viewers when they die, and are started again', async (t) => {
    const { server, client, pids } = await start(t, 2);
    const viewers = [await http(server), await http(server)];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await Promise.race(viewers.map((viewer) => viewer.untilEnded()));
    assert.equal(viewers.filter(({ ended }) => ended !== undefined).length, 1);
    await server.logged(READY, 3);
    const again = await ws(server);
    await again.untilTags(4);
    client.send('video', 40, bodies.interframe);
    client.flush();
    await again.untilTags(5);
    await viewers.find(({ ended }) => ended === undefined)?.untilTags(5);
    await client.stop();
  });

  it('end their viewers cleanly when the server stops', async (t) => {
    const { server, client } = await start(t, 1);
    const viewers = [await http(server), await ws(server)];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    await server.close();
    await Promise.all(viewers.map((viewer) => viewer.untilEnded()));
    assert.ok(viewers.every(({ ended }) => ended?.clean));
    await client.closed;
  });
});
