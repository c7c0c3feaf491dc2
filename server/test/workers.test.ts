import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { metric, startWithWorkers, WORKER_READY, watchHttp, watchWs } from './workers-kit.ts';

const JOINED = 'delivery worker joined';

async function start(test: TestContext, workers: number, settings: Readonly<Record<string, unknown>> = {}) {
  const { server, pids } = await startWithWorkers(test, workers, settings);
  return { server, pids, client: await goOnAir(server) };
}

describe('delivery workers', () => {
  it('serve viewers the same bytes as the server itself would', async (t) => {
    const { server, client } = await start(t, 1);
    const viewers = [await watchHttp(server), await watchWs(server)];
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
    const viewers = [await watchHttp(server), await watchHttp(server), await watchWs(server)];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    assert.equal(server.logLines.filter((line) => line.includes(JOINED)).length, 1);
    const stream = await server.stream('live/a');
    assert.deepEqual(stream?.viewers, { total: 3, httpFlv: 2, wsFlv: 1, rtmp: 0 });
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
    const viewers = [await watchHttp(server), await watchHttp(server)];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await Promise.race(viewers.map((viewer) => viewer.untilEnded()));
    assert.equal(viewers.filter(({ ended }) => ended !== undefined).length, 1);
    await server.logged(WORKER_READY, 3);
    const again = await watchWs(server);
    await again.untilTags(4);
    client.send('video', 40, bodies.interframe);
    client.flush();
    await again.untilTags(5);
    await viewers.find(({ ended }) => ended === undefined)?.untilTags(5);
    await client.stop();
  });

  it('let the operator end a viewer as soon as it has joined', async (t) => {
    const { server, client } = await start(t, 1);
    const viewer = await watchWs(server);
    // The first worker's own fetch of the stream is logged by another name.
    const { conn } = await server.logged('viewer joined');
    assert.equal((await server.api(`sessions/${conn}`, { method: 'DELETE' })).status, 204);
    await viewer.untilEnded();
    assert.equal(viewer.ended?.code, 1008);
    assert.equal((await server.logged('viewer left')).reason, 'kicked');
    assert.equal((await server.stream('live/a'))?.viewers.total, 0);
    await client.stop();
  });

  it('are in the metrics, each by its number', async (t) => {
    const { server, client } = await start(t, 2);
    const viewers = [await watchHttp(server), await watchHttp(server)];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    while ((await metric(server, 'sluice_workers')) !== 2);
    for (const worker of [0, 1]) {
      assert.equal(await metric(server, `sluice_worker_viewers{worker="${worker}"}`), 1);
      assert.ok(
        ((await metric(server, `sluice_worker_resident_memory_bytes{worker="${worker}"}`)) ?? 0) > 1e6,
      );
    }
    assert.equal(await metric(server, 'sluice_viewers{protocol="http-flv"}'), 2);
    assert.equal(await metric(server, 'sluice_worker_crashes_total'), 0);
    const { load } = (await (await server.api('server')).json()) as { load: { workers: unknown[] } };
    assert.equal(load.workers.length, 2);
    await client.stop();
  });

  it('leave RTMP players and viewers over TLS to the first process', async (t) => {
    const { server, client } = await start(t, 1, { 'https.port': 0 });
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 3, null, 'a', -2000);
    await player.until(() => player.media().length >= 4);
    const secure = [
      await FlvViewer.http(`https://127.0.0.1:${server.httpsPort}/live/a.flv`),
      await FlvViewer.ws(`wss://127.0.0.1:${server.httpsPort}/live/a.flv`),
    ];
    await Promise.all(secure.map((viewer) => viewer.untilTags(4)));
    assert.equal((await server.stream('live/a'))?.viewers.total, 3);
    assert.equal(server.logLines.filter((line) => line.includes(JOINED)).length, 0, 'no worker fetched it');
    const plain = await watchHttp(server);
    await plain.untilTags(4);
    await server.logged(JOINED);
    await client.stop();
    await player.untilEnded();
    await Promise.all([...secure, plain].map((viewer) => viewer.untilEnded()));
  });

  it('take the longest frame that the settings allow', async (t) => {
    const { server, client } = await start(t, 1, { 'rtmp.max_message_bytes': 16_777_215 });
    const viewer = await watchHttp(server);
    await viewer.untilTags(4);
    const frame = new Uint8Array(16_777_215);
    frame.set(bodies.interframe);
    client.send('video', 40, frame);
    client.flush();
    await viewer.until(({ tags }) => tags.some(({ body }) => body.length === frame.length));
    assert.equal(viewer.ended, undefined);
    assert.equal(await metric(server, 'sluice_worker_crashes_total'), 0);
    await client.stop();
  });

  it('end their viewers cleanly when the server stops', async (t) => {
    const { server, client } = await start(t, 1);
    const viewers = [await watchHttp(server), await watchWs(server)];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    await server.close();
    await Promise.all(viewers.map((viewer) => viewer.untilEnded()));
    assert.ok(viewers.every(({ ended }) => ended?.clean));
    await client.closed;
  });
});
