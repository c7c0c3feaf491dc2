import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** Writes raw bytes to the HTTP port and collects what comes back until the server closes. */
async function raw(server: TestServer, request: string): Promise<string> {
  const socket = connect(server.httpPort, '127.0.0.1');
  socket.write(request);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  await once(socket, 'close');
  return answer;
}

describe('GET /{app}/{key}.flv', () => {
  it('answers 404 at once for a stream that is not live, over HTTP and before an upgrade', async (t) => {
    const server = await startTestServer(t);
    const answer = await fetch(`${server.http}/live/a.flv`);
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    const body = (await answer.json()) as { error: { code: string; message: string } };
    assert.equal(body.error.code, 'stream-not-live');
    assert.match(body.error.message, /live\/a is not live/);
    await assert.rejects(FlvViewer.ws(`${server.ws}/live/a.flv`), /status 404/);
  });

  it('holds a request with ?wait until the stream goes live', async (t) => {
    const server = await startTestServer(t);
    const viewers = [
      FlvViewer.http(`${server.http}/live/a.flv?wait=30`),
      FlvViewer.ws(`${server.ws}/live/a.flv?wait=30`),
    ];
    const client = await goOnAir(server);
    for (const viewer of await Promise.all(viewers)) await viewer.untilTags(4);
    await client.stop();
  });

  it('refuses a wait that is no number of seconds up to 60', async (t) => {
    const server = await startTestServer(t);
    for (const wait of ['61', '-1', 'x', '1.5', '']) {
      const answer = await fetch(`${server.http}/live/a.flv?wait=${wait}`);
      assert.equal(answer.status, 400, `wait=${wait}`);
    }
    assert.equal((await fetch(`${server.http}/live/a.flv?wait=0`)).status, 404);
  });

  it('answers HEAD with the headers alone', async (t) => {
    const server = await startTestServer(t);
    const client = await goOnAir(server);
    const answer = await fetch(`${server.http}/live/a.flv`, { method: 'HEAD' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'video/x-flv');
    assert.equal((await fetch(`${server.http}/live/b.flv`, { method: 'HEAD' })).status, 404);
    await client.stop();
  });

  it('lets players on other sites read it', async (t) => {
    const server = await startTestServer(t);
    const preflight = await fetch(`${server.http}/live/a.flv`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'range' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'range');
  });

  it('sends the stream once to a client that pipelines a second request behind it', async (t) => {
    const server = await startTestServer(t);
    const client = await goOnAir(server);
    const get = 'GET /live/a.flv HTTP/1.1\r\nHost: x\r\n\r\n';
    const answer = await raw(server, get + get);
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length ?? 0, 1);
    await client.stop();
  });

  it('serves a name with letters of any script, however they are encoded', async (t) => {
    const server = await startTestServer(t);
    const client = await goOnAir(server, 'кухня', 'живой/эфир');
    const viewer = await FlvViewer.http(`${server.http}/${encodeURI('живой/эфир/кухня')}.flv`);
    await viewer.untilTags(3);
    await client.stop();
  });

  it('answers 404 in the common shape for an address that is none', async (t) => {
    const server = await startTestServer(t);
    const answer = await fetch(`${server.http}/nowhere/at/all`);
    assert.equal(answer.status, 404);
    assert.equal(((await answer.json()) as { error: { code: string } }).error.code, 'not-found');
  });
});

describe('a viewer who does not read', () => {
  it('is bounded and ended, while the others lose nothing', async (t) => {
    const server = await startTestServer(t, { 'viewer.queue_bytes': 65_536, 'viewer.stall_seconds': 1 });
    const client = await goOnAir(server);
    const healthy = await FlvViewer.ws(`${server.ws}/live/a.flv`);
    const stuck = connect(server.httpPort, '127.0.0.1');
    stuck.on('error', () => {});
    stuck.write('GET /live/a.flv HTTP/1.1\r\nHost: x\r\n\r\n');
    stuck.pause();
    await healthy.untilTags(4);
    // Enough to fill whatever the kernel keeps for the connection, in steps that the healthy viewer follows.
    const big = new Uint8Array(400_000);
    big.set(bodies.interframe);
    let sent = 0;
    while (sent < 60 || !(await sessionsEnded(server))) {
      sent++;
      client.send('video', sent * 33, big);
      client.send('audio', sent * 33, bodies.audio);
      client.flush();
      await healthy.untilTags(4 + sent * 2);
      const queued = await queuedBytes(server);
      assert.ok(queued <= 65_536 + 2 * big.length, `${queued} bytes queued`);
      assert.ok(sent < 5_000, 'the stuck viewer was never ended');
    }
    assert.equal(healthy.tags.length, 4 + sent * 2);
    stuck.destroy();
    await client.stop();
  });
});

async function viewers(server: TestServer): Promise<{ protocol: string; queuedBytes: number }[]> {
  const answer = await server.api('sessions?role=viewer');
  return ((await answer.json()) as { items: { protocol: string; queuedBytes: number }[] }).items;
}

const sessionsEnded = async (server: TestServer): Promise<boolean> =>
  (await viewers(server)).every(({ protocol }) => protocol !== 'http-flv');

const queuedBytes = async (server: TestServer): Promise<number> =>
  (await viewers(server)).reduce((most, viewer) => Math.max(most, viewer.queuedBytes), 0);
