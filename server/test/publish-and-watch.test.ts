import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { stripSetDataFrame } from '../../shared/flv/script-tag.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import { RtmpRefused } from '../transport/client/rtmp-refused.ts';
import { FlvViewer } from './flv-viewer.ts';
import { demoClip } from './media-fixtures.ts';
import { publishTo, sendOpening } from './on-air.ts';
import { startTestServer } from './test-server.ts';

describe('publish and watch over real sockets', () => {
  it('relays a whole clip over HTTP and WebSocket, byte for byte the same', async (t) => {
    const server = await startTestServer(t);
    const client = await publishTo(server, 'a?token=hush');
    const start = demoClip.findIndex(
      ({ kind, body }) => kind === 'video' && classifyPacket(kind, body) === 'keyframe',
    );
    const frames = demoClip.slice(start).filter(({ kind, body }) => classifyPacket(kind, body) !== 'other');
    sendOpening(client);
    const viewers = [
      await FlvViewer.http(`${server.http}/live/a.flv`),
      await FlvViewer.ws(`${server.ws}/live/a.flv`),
    ];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    const rest = frames.slice(1).filter(({ timestampMs }) => timestampMs > 5);
    for (const { kind, timestampMs, body } of rest) client.send(kind, timestampMs, body);
    client.flush();
    await client.stop();
    for (const viewer of viewers) {
      await viewer.untilEnded();
      assert.deepEqual(viewer.header, { audio: true, video: true });
      assert.equal(viewer.ended?.clean, true);
      assert.deepEqual(viewer.tags.slice(4), rest);
    }
    assert.equal(viewers[1]?.ended?.code, 1000);
  });

  it('lets every line of a connection carry its id, and no secret appear anywhere', async (t) => {
    const server = await startTestServer(t);
    const client = await publishTo(server, 'a?token=hush-hush');
    sendOpening(client);
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv?sign=hush-hush`);
    await viewer.untilTags(4);
    const published = server.logLines.filter((line) => line.includes('"published"'));
    assert.equal(published.length, 1);
    const { conn } = JSON.parse(published[0] ?? '{}') as { conn: string };
    assert.equal((await server.stream('live/a'))?.publisher?.sessionId, conn);
    await fetch(`${server.http}/live/none.flv?token=hush-hush`);
    const seen = [
      ...server.logLines,
      await (await server.api('streams')).text(),
      await (await server.api('sessions')).text(),
      await (await fetch(`${server.http}/metrics`)).text(),
    ];
    assert.ok(seen.every((text) => !text.includes('hush-hush')));
    viewer.close();
    await client.stop();
  });

  it('refuses a second publisher before anything was started, and says who holds the key', async (t) => {
    const server = await startTestServer(t);
    const first = await publishTo(server);
    sendOpening(first);
    await assert.rejects(publishTo(server), (error: unknown) => {
      assert.ok(error instanceof RtmpRefused);
      assert.equal(error.code, 'NetStream.Publish.BadName');
      assert.match(
        error.message,
        /^live\/a is already being published by 127\.0\.0\.1 .*since \d\d:\d\d UTC/,
      );
      return true;
    });
    assert.equal((await server.stream('live/a'))?.state, 'live');
    await first.stop();
  });

  it('gives the key to another publisher at once when a line is cut, and viewers follow', async (t) => {
    const server = await startTestServer(t);
    const first = await publishTo(server);
    sendOpening(first);
    const viewer = await FlvViewer.ws(`${server.ws}/live/a.flv`);
    await viewer.untilTags(4);
    await first.cut();
    const second = await publishTo(server);
    sendOpening(second);
    await viewer.untilTags(8);
    assert.equal(viewer.ended, undefined);
    for (const kind of ['audio', 'video'] as const) {
      const times = viewer.times(kind);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
    }
    await second.stop();
    await viewer.untilEnded();
  });

  it('refuses names that cannot be used, in words', async (t) => {
    const server = await startTestServer(t);
    await assert.rejects(
      publishTo(server, '.hidden'),
      /The stream name cannot be used: a part of it begins with a dot/,
    );
    const answer = await fetch(`${server.http}/live/%2e%2e%2fetc.flv`);
    assert.equal(answer.status, 400);
    assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'name-invalid');
  });

  it('ends an encoder that the operator kicks, with the reason', async (t) => {
    const server = await startTestServer(t);
    const client = await publishTo(server);
    sendOpening(client);
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(4);
    assert.equal((await server.api('streams/live/a', { method: 'DELETE' })).status, 204);
    assert.match((await client.closed)?.message ?? '', /The operator ended live\/a/);
    await viewer.untilEnded();
    assert.equal(viewer.ended?.clean, true);
  });

  it('ends everybody cleanly when it stops', async (t) => {
    const server = await startTestServer(t);
    const client = await publishTo(server);
    sendOpening(client);
    const viewers = [
      await FlvViewer.http(`${server.http}/live/a.flv`),
      await FlvViewer.ws(`${server.ws}/live/a.flv`),
    ];
    await Promise.all(viewers.map((viewer) => viewer.untilTags(4)));
    await server.close();
    assert.match((await client.closed)?.message ?? '', /shutting down/);
    await Promise.all(viewers.map((viewer) => viewer.untilEnded()));
    assert.deepEqual(
      viewers.map(({ ended }) => ended),
      [{ clean: true }, { clean: true, code: 1001 }],
    );
  });
});

describe('what real encoders sent, replayed into a whole server', () => {
  const folder = join(import.meta.dirname, '../../../shared/testdata/captures');
  type Track = { messages: number; payloadSha256?: string };
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Record<
    string,
    { audio: Track; video: Track; data: Track }
  >;
  const captures = {
    'publish-ffmpeg5-av': 'live/ffav',
    'publish-ffmpeg5-audio-only': 'live/ffaudio',
    'publish-ffmpeg5-video-only': 'live/ffvideo',
    'publish-obs29-av': 'live/obs',
  };
  for (const [capture, stream] of Object.entries(captures)) {
    it(`${capture}: its viewer gets every message`, async (t) => {
      const server = await startTestServer(t);
      const bytes = readFileSync(join(folder, `${capture}.bin`));
      const viewing = FlvViewer.http(`${server.http}/${stream}.flv?wait=20`);
      const socket = connect(server.rtmpPort, '127.0.0.1');
      socket.resume();
      // Up to the first frames, so that the viewer is there before the rest; the end would take it away.
      socket.write(bytes.subarray(0, 12_000));
      const viewer = await viewing;
      await viewer.untilTags(3);
      socket.end(bytes.subarray(12_000));
      await viewer.untilEnded();
      assert.equal(viewer.ended?.clean, true);
      for (const kind of ['audio', 'video', 'data'] as const) {
        const tags = viewer.tags.filter((tag) => tag.kind === kind);
        const expected = truth[capture]?.[kind];
        assert.equal(tags.length, expected?.messages, `${kind} messages`);
        if (kind === 'data' || !expected?.payloadSha256) continue;
        const hash = createHash('sha256');
        for (const tag of tags) hash.update(stripSetDataFrame(tag.body));
        assert.equal(hash.digest('hex'), expected.payloadSha256, `${kind} bytes`);
      }
    });
  }
});
