import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SessionPage } from '../../shared/contract/sessions.ts';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir, publishTo } from './on-air.ts';
import { codeOf, RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { startWithWorkers } from './workers-kit.ts';

/** Opens the watch page and gives what it knows the browser by. */
async function cookieOf(server: TestServer): Promise<{ cookie: string; 'user-agent': string }> {
  const page = await fetch(`${server.http}/watch/live/a`);
  return { cookie: page.headers.get('set-cookie')?.split(';', 1)[0] ?? '', 'user-agent': 'a browser' };
}

async function kickViewer(server: TestServer): Promise<void> {
  const { items } = (await (await server.api('sessions?role=viewer')).json()) as SessionPage;
  assert.equal(items.length, 1);
  assert.equal((await server.api(`sessions/${items[0]?.id}`, { method: 'DELETE' })).status, 204);
}

describe('A kicked viewer', () => {
  for (const workers of [0, 1]) {
    it(`reads when it may come back, over HTTP, WebSocket and RTMP, with ${workers} delivery workers`, async (t) => {
      const { server } = await startWithWorkers(t, workers, { 'viewer.kick_pause': 200 });
      const client = await goOnAir(server);
      const [me, neighbour] = [await cookieOf(server), await cookieOf(server)];
      const viewer = await FlvViewer.ws(`${server.ws}/live/a.flv`, me);
      await viewer.untilTags(4);
      await server.logged('viewer joined');
      await kickViewer(server);
      await viewer.untilEnded();
      assert.equal(viewer.ended?.code, 1008);
      const asked = Date.now();
      for (const headers of [me, {}, await cookieOf(server)]) {
        const answer = await fetch(`${server.http}/live/a.flv`, { headers });
        assert.equal(answer.status, 403);
        assert.equal(answer.headers.get('access-control-expose-headers'), 'retry-after');
        const seconds = Number(answer.headers.get('retry-after'));
        assert(seconds > 0 && seconds <= 200, `${seconds} s after ${Date.now() - asked} ms`);
        const { error } = (await answer.json()) as { error: { code: string; message: string } };
        assert.equal(error.code, 'viewer-kicked');
        assert.match(error.message, /The operator ended live\/a for you.* You can come back in \d+ s\./);
        await assert.rejects(FlvViewer.ws(`${server.ws}/live/a.flv`, headers), /status 403/);
      }
      const player = await RtmpDial.connected(server.rtmpPort);
      player.command(1, 'play', 3, null, 'a', -2000);
      const refusal = await player.reply('onStatus', 0);
      assert.equal(codeOf(refusal), 'NetStream.Play.Failed');
      const other = await FlvViewer.ws(`${server.ws}/live/a.flv`, neighbour);
      await other.untilTags(4);
      await client.stop();
    });
  }

  it('that had no picture yet reads that the operator ended it, and not that nothing is live', async (t) => {
    const server = await startTestServer(t);
    const client = await publishTo(server);
    client.send('video', 0, bodies.videoConfig);
    client.flush();
    while ((await server.stream('live/a')) === undefined);
    const answer = fetch(`${server.http}/live/a.flv`);
    await server.logged('viewer joined');
    await kickViewer(server);
    const { status, headers } = await answer;
    assert.deepEqual([status, headers.get('content-type')], [403, 'application/json; charset=utf-8']);
    await client.stop();
  });

  it('may come back at once where there is no pause, and then no cookie is set', async (t) => {
    const server = await startTestServer(t, { 'viewer.kick_pause': 0 });
    const client = await goOnAir(server);
    assert.equal((await cookieOf(server)).cookie, '');
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(4);
    await kickViewer(server);
    await viewer.untilEnded();
    await (await FlvViewer.http(`${server.http}/live/a.flv`)).untilTags(4);
    await client.stop();
  });
});
