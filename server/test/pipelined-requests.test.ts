import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { tlsConnect } from './tls-kit.ts';
import { startWithWorkers } from './workers-kit.ts';

const waiting = 'GET /live/none.flv?wait=60 HTTP/1.1\r\nhost: x\r\n\r\n';
const upgrade =
  'GET /live/none.flv?wait=60 HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

const open = (server: TestServer): Socket => {
  const socket = connect(server.httpPort, '127.0.0.1');
  socket.on('error', () => {});
  return socket;
};

async function lastWords(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more;
  });
  await once(socket, 'close');
  return text;
}

async function metric(server: TestServer, line: string): Promise<number> {
  const text = await (await fetch(`${server.http}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}

const inFlightReached = 'sluice_limits_reached_total{limit="maxRequestsInFlight"}';

describe('Requests that nobody answers yet', () => {
  it('are bounded on each connection: one more than that ends in a refusal', async (t) => {
    const server = await startTestServer(t, { 'https.port': 0 });
    for (const socket of [open(server), await tlsConnect(server.httpsPort ?? 0)]) {
      socket.on('error', () => {});
      socket.write(waiting.repeat(33));
      const answer = await lastWords(socket);
      assert.match(answer, /^HTTP\/1\.1 429 Too Many Requests\r\n/);
      assert.match(answer, /"code":"too-many-requests-at-once"/);
    }
    assert.equal(await metric(server, inFlightReached), 2);
    assert.equal(await metric(server, 'sluice_waiting_viewers'), 0, 'nobody waits any more');
  });

  for (const [what, request] of [
    ['that wait', waiting],
    ['for what is not there', 'GET /live/none.flv HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['of health', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['of OPTIONS', 'OPTIONS /live/a.flv HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['of HEAD', 'HEAD /live/a.flv HTTP/1.1\r\nhost: x\r\n\r\n'],
  ] as const) {
    it(`are not kept, 30,000 pipelined ones ${what} neither`, async (t) => {
      const server = await startTestServer(t, { 'log.level': 'silent' });
      const client = await goOnAir(server);
      const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
      await viewer.untilTags(4);
      const socket = open(server);
      socket.resume();
      const gone = new Promise((resolve) => socket.once('close', resolve));
      for (let sent = 0; sent < 30_000 && socket.writable; sent += 1000) {
        // A socket that was cut in the meantime calls back as well.
        await new Promise((resolve) => socket.write(request.repeat(1000), resolve));
        assert.ok((await metric(server, 'sluice_waiting_viewers')) <= 32);
      }
      socket.end();
      await gone;
      assert.equal((await fetch(`${server.http}/healthz`)).status, 200);
      await client.stop();
    });
  }

  it('may be pipelined in the usual measure, and are answered in order', async (t) => {
    const server = await startTestServer(t);
    const socket = open(server);
    const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: x\r\n${more}\r\n`;
    socket.write(get('/healthz').repeat(15) + get('/nowhere') + get('/readyz', 'connection: close\r\n'));
    const answer = await lastWords(socket);
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    assert.deepEqual(statuses, [...Array<string>(15).fill('200'), '404', '200']);
  });

  it('are one when it waits: what is pipelined behind it is refused, and nothing waits twice', async (t) => {
    const server = await startTestServer(t);
    const socket = open(server);
    socket.write(waiting.replace('wait=60', 'wait=1') + waiting);
    const answer = await lastWords(socket.once('data', () => socket.end()));
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    assert.deepEqual(statuses, ['404', '429']);
  });

  it('leave no room for an upgrade behind them', async (t) => {
    const server = await startTestServer(t);
    const socket = open(server);
    socket.write(waiting + upgrade);
    assert.match(await lastWords(socket), /^HTTP\/1\.1 429 /);
    assert.equal(await metric(server, 'sluice_waiting_viewers'), 0);
  });
});

describe('Viewers who wait for a stream', () => {
  it('are so many of one address, over HTTP and WebSocket alike', async (t) => {
    const server = await startTestServer(t, { 'viewer.max_waiting_per_address': 2 });
    const held = [open(server), open(server)];
    held[0]?.write(waiting);
    held[1]?.write(upgrade);
    while ((await metric(server, 'sluice_waiting_viewers')) < 2);
    const refused = await fetch(`${server.http}/live/none.flv?wait=60`);
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.match(await refused.text(), /too-many-waiting/);
    await assert.rejects(FlvViewer.ws(`${server.ws}/live/none.flv?wait=60`), /status 429/);
    for (const socket of held) socket.destroy();
    while ((await metric(server, 'sluice_waiting_viewers')) > 0);
    assert.equal(await metric(server, 'sluice_limits_reached_total{limit="maxWaitingPerAddress"}'), 2);
  });

  it('are so many in all', async (t) => {
    const server = await startTestServer(t, { 'viewer.max_waiting': 1 });
    const held = open(server);
    held.write(waiting);
    while ((await metric(server, 'sluice_waiting_viewers')) < 1);
    assert.equal((await fetch(`${server.http}/live/none.flv?wait=60`)).status, 503);
    const client = await goOnAir(server, 'none');
    const viewer = await FlvViewer.http(`${server.http}/live/none.flv?wait=60`);
    await viewer.untilTags(4);
    held.destroy();
    await client.stop();
  });
});

it('Viewers who wait are let in by delivery workers as well, and those who left are not handed on', async (t) => {
  const { server } = await startWithWorkers(t, 1);
  const gone = open(server);
  gone.write(upgrade);
  const viewers = [
    FlvViewer.http(`${server.http}/live/none.flv?wait=60`),
    FlvViewer.ws(`${server.ws}/live/none.flv?wait=60`),
  ];
  while ((await metric(server, 'sluice_waiting_viewers')) < 3);
  gone.destroy();
  while ((await metric(server, 'sluice_waiting_viewers')) > 2);
  const client = await goOnAir(server, 'none');
  for (const viewer of await Promise.all(viewers)) await viewer.untilTags(4);
  const { items } = (await (await server.api('sessions?role=viewer')).json()) as { items: unknown[] };
  assert.equal(items.length, 2);
  await client.stop();
});

it('A connection that asks again and again keeps no listener of what it asked', async (t) => {
  const server = await startTestServer(t, { 'log.level': 'silent' });
  const accepted: Socket[] = [];
  const note = (message: unknown) => accepted.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', note);
  t.after(() => unsubscribe('net.server.socket', note));
  const socket = open(server);
  socket.setEncoding('latin1');
  const counts: number[] = [];
  for (let i = 0; i < 50; i++) {
    socket.write('GET /live/none.flv HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'data');
    const here = accepted.find(({ remotePort }) => remotePort === socket.localPort);
    counts.push(here?.eventNames().reduce((sum, name) => sum + here.listenerCount(name), 0) ?? 0);
  }
  assert.ok((counts[0] ?? 0) > 0, 'the listeners that belong to the connection are seen');
  assert.equal(counts.at(-1), counts[0]);
  socket.destroy();
});
