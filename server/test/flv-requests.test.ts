import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { refuse } from '../../shared/contract/errors.ts';
import { flvRoutes } from '../transport/flv/flv-routes.ts';
import { WaitingRoom } from '../transport/waiting-room.ts';
import { startApi } from './api-fixture.ts';
import { FlvViewer } from './flv-viewer.ts';
import { HubHarness } from './hub-harness.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir, publishTo } from './on-air.ts';
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

describe('a server that takes no viewers', () => {
  it('says 503 and when to come again, over HTTP and before an upgrade, because it has too many', async (t) => {
    const world = new HubHarness();
    world.publish().headers().send(['keyframe', 0], ['audio', 5]);
    const { app, close } = await startApi({
      addRoutes: (routes) => {
        const admission = () => refuse('overloaded');
        const waitingRoom = new WaitingRoom(world.hub);
        void routes.register(flvRoutes, { hub: world.hub, admission, waitingRoom, maxWaitSeconds: 60 });
      },
    });
    t.after(close);
    for (const upgrade of [{}, { connection: 'upgrade', upgrade: 'websocket' }]) {
      const answer = await app.inject({ url: '/live/a.flv', headers: upgrade });
      assert.equal(answer.statusCode, 503);
      assert.equal(answer.headers['retry-after'], '5');
      assert.equal(answer.json<{ error: { code: string } }>().error.code, 'overloaded');
    }
  });

  it('says so to who waits for the first keyframe when it stops', async (t) => {
    const server = await startTestServer(t);
    const client = await publishTo(server);
    client.send('video', 0, bodies.videoConfig);
    client.flush();
    while ((await server.stream('live/a')) === undefined);
    const answer = raw(server, 'GET /live/a.flv HTTP/1.1\r\nHost: x\r\n\r\n');
    await server.logged('viewer joined');
    await server.close();
    const text = await answer;
    assert.match(text, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
    assert.match(text, /\r\nretry-after: 5\r\n/);
    assert.match(text, /"code":"draining"/);
    await client.closed;
  });
});
