import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Session } from '../../shared/contract/sessions.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import type { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import type { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { metric, watchHttp, watchWs } from './workers-kit.ts';

const QUEUE_BYTES = 1024 * 1024;
/** Together more than the kernel keeps for a line on one machine. */
const FRAME_BYTES = 200_000;
const FRAMES = 100;
const STEP_MS = 40;

/** One NAL unit that fills the frame: an IDR picture (type 5) or another one (type 1). */
const largeFrame = (like: Uint8Array, nalHeader: number): Uint8Array => {
  const frame = new Uint8Array(FRAME_BYTES);
  frame.set(like.subarray(0, 5));
  new DataView(frame.buffer).setUint32(5, FRAME_BYTES - 9);
  frame[9] = nalHeader;
  return frame;
};
const large = {
  keyframe: largeFrame(bodies.keyframe, 0x65),
  interframe: largeFrame(bodies.interframe, 0x41),
};

/** An encoder whose pictures come one after the other, each with its sound. */
function groupsOf(encoder: RtmpPublisherClient) {
  let atMs = 0;
  return (roles: readonly ('keyframe' | 'interframe')[]) => {
    for (const role of roles) {
      atMs += STEP_MS;
      encoder.send('audio', atMs, bodies.audio);
      encoder.send('video', atMs, large[role]);
      encoder.flush();
    }
  };
}

/** Four seconds, with a keyframe a second. */
const manyFrames = Array.from({ length: FRAMES }, (_, index) =>
  index % 25 === 24 ? 'keyframe' : 'interframe',
);

async function taken(server: TestServer, frames: number): Promise<void> {
  while (((await server.stream('live/a'))?.bytesIn ?? 0) < frames * FRAME_BYTES);
}

async function viewersNow(server: TestServer): Promise<Session[]> {
  const answer = await server.api('sessions?role=viewer');
  return ((await answer.json()) as { items: Session[] }).items;
}

const roles = ({ tags }: FlvViewer): string[] => tags.map(({ kind, body }) => classifyPacket(kind, body));

function assertMonotone(viewer: FlvViewer): void {
  for (const kind of ['audio', 'video'] as const) {
    const times = viewer.times(kind);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  }
}

/** No picture may follow a gap in the pictures unless it needs none before it. */
function assertDecodable({ tags }: FlvViewer): void {
  const pictures = tags.filter(
    ({ kind, body }) => kind === 'video' && classifyPacket(kind, body) !== 'config',
  );
  pictures.forEach(({ timestampMs, body }, index) => {
    const before = pictures[index - 1]?.timestampMs ?? timestampMs;
    if (timestampMs - before > STEP_MS) assert.equal(classifyPacket('video', body), 'keyframe');
  });
}

async function onAir(t: TestContext, settings: Readonly<Record<string, unknown>> = {}) {
  const server = await startTestServer(t, { 'viewer.queue_bytes': QUEUE_BYTES, ...settings });
  const encoder = await goOnAir(server);
  return { server, encoder, send: groupsOf(encoder) };
}

describe('Viewers on real sockets that do not read', () => {
  it('hold little memory, cost the others nothing, and are ended when they take nothing', async (t) => {
    const { server, encoder, send } = await onAir(t, { 'viewer.stall_seconds': 1 });
    const stuck = [await watchHttp(server), await watchWs(server)];
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 3, null, 'a', -2000);
    await player.until(() => player.media().length >= 4);
    const steady = [await watchHttp(server), await watchWs(server)];
    await Promise.all([...stuck, ...steady].map((viewer) => viewer.untilTags(4)));
    for (const viewer of stuck) viewer.pause();
    player.socket.pause();
    // All run in one process: at once it would be more than those who read can take while it is being sent.
    for (let sent = 0; sent < FRAMES; sent += 2) {
      send(manyFrames.slice(sent, sent + 2));
      await Promise.all(steady.map((viewer) => viewer.untilTags(4 + 2 * (sent + 2))));
    }
    for (const viewer of steady) {
      assert.deepEqual(
        viewer.times('video').slice(2),
        manyFrames.map((_, index) => (index + 1) * STEP_MS),
      );
    }
    // On a busy machine some of them have been ended by now.
    for (const { queuedBytes } of await viewersNow(server)) {
      assert.ok(queuedBytes <= QUEUE_BYTES + FRAME_BYTES, `${queuedBytes} bytes wait`);
    }
    for (let nth = 1; nth <= 3; nth++) {
      const { reason, droppedVideo } = await server.logged('viewer left', nth);
      assert.equal(reason, 'too-slow');
      assert.ok(Number(droppedVideo) > 0, 'it is counted what each of them lost');
    }
    const lost = await metric(server, 'sluice_dropped_frames_total{kind="video"}');
    assert.ok((lost ?? 0) > 0);
    assert.equal(await metric(server, 'sluice_viewers_left_total{reason="too-slow"}'), 3);
    await encoder.stop();
    await Promise.all(steady.map((viewer) => viewer.untilEnded()));
    assert.ok(steady.every(({ ended }) => ended?.clean));
  });

  for (const [name, watch] of [
    ['HTTP', watchHttp],
    ['WebSocket', watchWs],
  ] as const) {
    it(`go on over ${name} at a keyframe, with its header, when they read again`, async (t) => {
      const { server, encoder, send } = await onAir(t);
      const viewer = await watch(server);
      await viewer.untilTags(4);
      viewer.pause();
      send(manyFrames);
      await taken(server, FRAMES);
      viewer.resume();
      // Until its queue is empty and a keyframe comes.
      const resumed = () => roles(viewer).filter((role) => role === 'config').length > 2;
      for (let count = FRAMES; !resumed(); count += 2) {
        send(['keyframe', 'interframe']);
        await taken(server, count);
      }
      const at = roles(viewer).lastIndexOf('config');
      await viewer.untilTags(at + 4);
      assert.deepEqual(roles(viewer).slice(at, at + 2), ['config', 'keyframe']);
      assert.equal(viewer.tags[at]?.timestampMs, viewer.tags[at + 1]?.timestampMs);
      assertMonotone(viewer);
      assertDecodable(viewer);
      const { droppedVideo, droppedAudio } = (await viewersNow(server))[0] ?? assert.fail();
      assert.ok(droppedVideo > 0);
      await encoder.stop();
      await viewer.untilEnded();
      const got = (kind: string) => viewer.tags.filter((tag) => tag.kind === kind).length;
      const sent = viewer.tags.at(-1)?.timestampMs ?? 0;
      assert.equal(got('audio') + droppedAudio, 2 + sent / STEP_MS, 'each sound came or was counted');
    });
  }
});
