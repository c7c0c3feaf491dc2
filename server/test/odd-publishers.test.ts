import assert from 'node:assert/strict';
import { on } from 'node:events';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { amfEcmaArray } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import type { AdminFeedMessage, Notice } from '../../shared/contract/live-feed.ts';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// Publishers that confuse message streams, against a whole server.

const publishing = async (server: TestServer, key = 'a'): Promise<RtmpDial> => {
  const dial = await RtmpDial.connected(server.rtmpPort);
  dial.command(1, 'publish', 3, null, key, 'live');
  await dial.status('NetStream.Publish.Start', 1);
  return dial;
};

const opening = [
  [18, encodeAmf0(['@setDataFrame', 'onMetaData', amfEcmaArray({ videocodecid: 7, audiocodecid: 10 })])],
  [9, bodies.videoConfig],
  [8, bodies.audioConfig],
  [9, bodies.keyframe],
  [8, bodies.audio],
] as const;

const send = (dial: RtmpDial, messageStreamId: number): void => {
  for (const [typeId, body] of opening) {
    dial.send({ typeId, chunkStreamId: typeId, messageStreamId, body });
  }
};

/** Figures of `/metrics` that have this name, by their labels. */
const figures = async (server: TestServer, name: string): Promise<string[]> =>
  (await (await fetch(`${server.http}/metrics`)).text())
    .split('\n')
    .filter((line) => line.startsWith(name))
    .map((line) => line.slice(name.length));

/** The first notice of this kind that the dashboard is given. */
async function noticeOf(server: TestServer, kind: Notice['kind']): Promise<Notice> {
  const headers = { authorization: 'Bearer test-token' };
  const page = new WebSocket(`${server.ws}/api/v1/live?scope=admin`, { headers });
  for await (const [data] of on(page, 'message')) {
    const message = JSON.parse(String(data)) as AdminFeedMessage;
    const news =
      message.type === 'hello' ? message.notices : message.type === 'notice' ? [message.notice] : [];
    const found = news.find((notice) => notice.kind === kind);
    if (!found) continue;
    page.close();
    return found;
  }
  throw new Error('the feed ended');
}

describe('Media on a message stream that was not published', () => {
  for (const id of [0, 2, 77]) {
    it(`plays: it came on ${id} alone`, async (t) => {
      const server = await startTestServer(t);
      const encoder = await publishing(server);
      send(encoder, id);
      const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
      await viewer.untilTags(5);
      assert.deepEqual(viewer.header, { audio: true, video: true });
      assert.deepEqual(await figures(server, 'sluice_rtmp_notes_total'), ['{code="media-elsewhere"} 1']);
      viewer.close();
      encoder.socket.destroy();
    });
  }

  it('plays when the metadata came on 0 and the rest where it belongs', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publishing(server);
    const [metadata] = opening;
    encoder.send({ typeId: metadata[0], messageStreamId: 0, body: metadata[1] });
    send(encoder, 1);
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(5);
    viewer.close();
    encoder.socket.destroy();
  });
});

it('Media of a connection that never publishes is told within 3 s: log, dashboard and metrics', async (t) => {
  const server = await startTestServer(t);
  const encoder = await RtmpDial.connected(server.rtmpPort);
  const told = noticeOf(server, 'dropped');
  const sentAtMs = Date.now();
  send(encoder, 1);
  const notice = await told;
  assert.ok(Date.parse(notice.at) - sentAtMs < 3_000);
  assert.match(notice.message, /^127\.0\.0\.1: Media arrives on a connection that publishes nothing/);
  assert.ok(server.logLines.some((line) => /"level":"warn".*"code":"media-without-publish"/.test(line)));
  assert.deepEqual(await figures(server, 'sluice_rtmp_notes_total'), ['{code="media-without-publish"} 1']);
  encoder.socket.destroy();
});

it('A stream goes on when its publisher ends another one, and that is in the log', async (t) => {
  const server = await startTestServer(t);
  const encoder = await publishing(server);
  send(encoder, 1);
  const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
  await viewer.untilTags(5);
  encoder.command(0, 'FCUnpublish', 6, null, 'another-name?token=hunter2');
  await encoder.reply('_result', 6);
  encoder.send({ typeId: 9, chunkStreamId: 9, messageStreamId: 1, timestamp: 40, body: bodies.interframe });
  await viewer.untilTags(6);
  assert.equal(viewer.ended, undefined);
  const noted = server.logLines.filter((line) => line.includes('command-names-other-stream'));
  assert.equal(noted.length, 1);
  assert.ok(!server.logLines.some((line) => line.includes('hunter2')));
  viewer.close();
  encoder.socket.destroy();
});

it('An encoder that stopped under a wrong number publishes its next stream on the same connection', async (t) => {
  const server = await startTestServer(t);
  const encoder = await publishing(server, 'first');
  send(encoder, 1);
  await encoder.roundTrip();
  encoder.command(0, 'deleteStream', 6, null, 4);
  encoder.command(0, 'createStream', 7);
  await encoder.reply('_result', 7);
  encoder.command(2, 'publish', 8, null, 'second', 'live');
  await encoder.status('NetStream.Publish.Start', 2);
  send(encoder, 2);
  await encoder.roundTrip();
  assert.equal(await server.stream('live/first'), undefined);
  assert.equal((await server.stream('live/second'))?.state, 'live');
  encoder.socket.destroy();
});
