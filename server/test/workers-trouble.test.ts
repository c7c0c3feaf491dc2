import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyPacket } from '../../shared/media/classify.ts';
import type { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { metric, startWithWorkers, WORKER_DIED, WORKER_READY, watchHttp, watchWs } from './workers-kit.ts';

const roles = ({ tags }: FlvViewer): string[] => tags.map(({ kind, body }) => classifyPacket(kind, body));

describe('a delivery worker in trouble', () => {
  it('that hangs is ended and replaced, and its viewers come back to another one', async (t) => {
    const { server, pids } = await startWithWorkers(t, 1);
    const encoder = await goOnAir(server);
    const viewer = await watchHttp(server);
    await viewer.untilTags(4);
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    assert.match(String((await server.logged(WORKER_DIED)).reason), /^it was silent for \d+ s$/);
    await viewer.untilEnded();
    assert.equal((await server.logged('viewer left')).reason, 'disconnected');
    assert.equal((await server.stream('live/a'))?.viewers.total, 0);
    await server.logged(WORKER_READY, 2);
    await (await watchHttp(server)).untilTags(4);
    assert.equal(await metric(server, 'sluice_worker_crashes_total'), 1);
    assert.equal(await metric(server, 'sluice_views_total'), 2);
    await encoder.stop();
  });

  it('that dies in a burst of joins costs those that it took, and nobody waits for ever', async (t) => {
    const { server, pids } = await startWithWorkers(t, 2);
    const encoder = await goOnAir(server);
    // Sockets that it does not take pile up on their way to it.
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    const joins = Array.from({ length: 60 }, (_, index) => (index % 2 ? watchWs(server) : watchHttp(server)));
    // One viewer in two goes to the other worker; those are there when all have been handed over.
    while (((await server.stream('live/a'))?.viewers.total ?? 0) < 30);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    const settled = await Promise.allSettled(joins);
    const viewers = settled.flatMap((join) => (join.status === 'fulfilled' ? join.value : []));
    assert.ok(
      viewers.length >= 58,
      `${viewers.length} of 60 got in: only the socket in its hands went with it`,
    );
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    encoder.send('video', 40, bodies.interframe);
    encoder.flush();
    await Promise.all(viewers.map((viewer) => viewer.untilTags(5)));
    await encoder.stop();
    await Promise.all(viewers.map((viewer) => viewer.untilEnded()));
  });

  it('that does not read holds up nobody, takes bounded memory, and goes on at a keyframe', async (t) => {
    const queueBytes = 1024 * 1024;
    const { server, pids } = await startWithWorkers(t, 1, { 'viewer.queue_bytes': queueBytes });
    const encoder = await goOnAir(server);
    const viewer = await watchHttp(server);
    await viewer.untilTags(4);
    const frame = new Uint8Array(200_000);
    frame.set(bodies.interframe.subarray(0, 5));
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    let atMs = 40;
    const send = (kind: 'keyframe' | 'interframe') => {
      encoder.send('audio', atMs, bodies.audio);
      encoder.send('video', atMs, kind === 'keyframe' ? bodies.keyframe : frame);
      encoder.flush();
      atMs += 40;
    };
    for (let count = 0; count < 100; count++) send('interframe');
    while (((await server.stream('live/a'))?.bytesIn ?? 0) < 100 * frame.length);
    const queued = (await metric(server, 'sluice_queued_bytes')) ?? 0;
    assert.ok(queued > 0 && queued <= queueBytes / 2 + frame.length + 1_000, `${queued} bytes wait`);
    process.kill(pids[0] ?? 0, 'SIGCONT');
    const keyframes = () => roles(viewer).filter((role) => role === 'keyframe').length;
    while (keyframes() < 2) {
      send('keyframe');
      await server.stream('live/a');
    }
    assert.ok(!viewer.ended);
    const pictures = viewer.tags.filter(({ kind }) => kind === 'video');
    const gap = pictures.findIndex(
      ({ timestampMs }, index) => timestampMs - (pictures[index - 1]?.timestampMs ?? timestampMs) > 40,
    );
    const after = pictures[gap];
    assert.ok(
      after && classifyPacket('video', after.body) !== 'interframe',
      'not with a frame that needs one it lost',
    );
    for (const kind of ['audio', 'video'] as const) {
      const times = viewer.times(kind);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    }
    await encoder.stop();
    await viewer.untilEnded();
    assert.deepEqual(viewer.ended, { clean: true });
  });
});
