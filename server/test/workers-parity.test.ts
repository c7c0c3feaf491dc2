import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { classifyPacket } from '../../shared/media/classify.ts';
import type { FlvViewer } from './flv-viewer.ts';
import { bodies, demoClip } from './media-fixtures.ts';
import { goOnAir, publishTo, sendOpening } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { startWithWorkers, watchHttp, watchWs } from './workers-kit.ts';

type Story = (server: TestServer) => Promise<FlvViewer[]>;

/** The same story told twice: to a server that serves its viewers itself, and to one whose worker does. */
async function bothWays(t: TestContext, story: Story): Promise<[FlvViewer[], FlvViewer[]]> {
  const own = await story(await startTestServer(t));
  const { server } = await startWithWorkers(t, 1);
  return [own, await story(server)];
}

const oneOfEach = async (server: TestServer): Promise<FlvViewer[]> => {
  const viewers = [await watchHttp(server), await watchWs(server)];
  for (const viewer of viewers) await viewer.untilTags(4);
  return viewers;
};

const untilEnded = (viewers: readonly FlvViewer[]) =>
  Promise.all(viewers.map((viewer) => viewer.untilEnded()));

/** Frames with their times and bodies. Headers that are sent twice may come once. */
const frames = ({ tags }: FlvViewer): string[] =>
  tags
    .filter(({ kind, body }) => classifyPacket(kind, body) !== 'config')
    .map(({ kind, timestampMs, body }) => `${kind} ${timestampMs} ${digest(body)}`);

const digest = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex').slice(0, 12);

describe('viewers of a delivery worker see what those of the server itself see', () => {
  it('when 100 of them take a clip at once: the same tags with the same bytes', async (t) => {
    const [own, workers] = await bothWays(t, async (server) => {
      const encoder = await publishTo(server);
      const [opening, rest] = [demoClip.slice(0, 20), demoClip.slice(20)];
      for (const { kind, timestampMs, body } of opening) encoder.send(kind, timestampMs, body);
      encoder.flush();
      while (!(await server.stream('live/a'))?.video);
      const viewers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? watchHttp(server) : watchWs(server))),
      );
      await Promise.all(viewers.map((viewer) => viewer.untilTags(3)));
      for (const { kind, timestampMs, body } of rest) {
        encoder.send(kind, timestampMs, body);
        if (kind === 'video') encoder.flush();
      }
      await encoder.stop();
      await untilEnded(viewers);
      return viewers;
    });
    const told = ({ tags }: FlvViewer): string =>
      tags.map(({ kind, timestampMs, body }) => `${kind} ${timestampMs} ${digest(body)}`).join('\n');
    const stories = new Set([...own, ...workers].map(told));
    assert.equal(stories.size, 1);
    assert.equal(own[0]?.tags.length, demoClip.length);
  });

  it('when the operator ends the stream', async (t) => {
    const [own, workers] = await bothWays(t, async (server) => {
      const encoder = await goOnAir(server);
      const viewers = await oneOfEach(server);
      assert.equal((await server.api('streams/live/a', { method: 'DELETE' })).status, 204);
      await untilEnded(viewers);
      await encoder.closed;
      return viewers;
    });
    const expected = [{ clean: true }, { clean: true, code: 1008 }];
    for (const viewers of [own, workers])
      assert.deepEqual(
        viewers.map(({ ended }) => ended),
        expected,
      );
  });

  it('when the server stops', async (t) => {
    const [own, workers] = await bothWays(t, async (server) => {
      const encoder = await goOnAir(server);
      const viewers = await oneOfEach(server);
      await server.close();
      await untilEnded(viewers);
      await encoder.closed;
      return viewers;
    });
    const expected = [{ clean: true }, { clean: true, code: 1001 }];
    for (const viewers of [own, workers])
      assert.deepEqual(
        viewers.map(({ ended }) => ended),
        expected,
      );
  });

  it('when a track comes late: they are ended, and open again with both', async (t) => {
    const [own, workers] = await bothWays(t, async (server) => {
      const encoder = await publishTo(server);
      encoder.send('video', 0, bodies.videoConfig);
      encoder.send('video', 0, bodies.keyframe);
      encoder.flush();
      const viewers = [await watchHttp(server), await watchWs(server)];
      for (const viewer of viewers) await viewer.untilTags(2);
      encoder.send('audio', 40, bodies.audioConfig);
      // More than a blip.
      for (let at = 40; at <= 1_640; at += 40) {
        encoder.send('audio', at, bodies.audio);
        encoder.send('video', at, bodies.keyframe);
      }
      encoder.flush();
      await untilEnded(viewers);
      const again = await watchHttp(server);
      await again.untilTags(3);
      await encoder.stop();
      await again.untilEnded();
      return [...viewers, again];
    });
    assert.deepEqual(
      workers.map(({ header, ended }) => ({ header, ended })),
      own.map(({ header, ended }) => ({ header, ended })),
    );
    assert.deepEqual(workers[0]?.header, { audio: false, video: true });
    assert.deepEqual(workers[2]?.header, { audio: true, video: true });
  });

  it('when the publisher is cut and comes back: one timeline, no frame twice, and a clean end', async (t) => {
    const [own, workers] = await bothWays(t, async (server) => {
      const first = await goOnAir(server);
      const viewers = await oneOfEach(server);
      await first.cut();
      const second = await publishTo(server);
      sendOpening(second);
      second.send('video', 40, bodies.interframe);
      second.flush();
      await Promise.all(viewers.map((viewer) => viewer.until((one) => frames(one).length >= 5)));
      await second.stop();
      await untilEnded(viewers);
      return viewers;
    });
    for (const [index, viewer] of workers.entries()) {
      assert.deepEqual(frames(viewer), frames(own[index] ?? viewer));
      assert.deepEqual(viewer.ended, own[index]?.ended);
    }
    assert.equal(frames(workers[0] ?? assert.fail()).length, 5);
  });
});
