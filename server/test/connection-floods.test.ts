import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { tlsConnect } from './tls-kit.ts';
import { startWithWorkers } from './workers-kit.ts';

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function lastWords(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (more: string) => {
    text += more;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** One request on a connection of its own. */
async function ask(server: TestServer, path: string, headers = ''): Promise<string> {
  const socket = await open(server.httpPort);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`);
  return lastWords(socket);
}

async function metric(server: TestServer, line: string): Promise<number> {
  const text = await ask(server, '/metrics', 'connection: close\r\n');
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}

const upgrade = (more = '') =>
  `connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${more}`;

describe('Connections that ask nothing', () => {
  it('of one address are bounded, over TLS as well: who comes next takes the place of the oldest above', async (t) => {
    const server = await startTestServer(t, { 'http.max_connections_per_address': 10, 'https.port': 0 });
    const held = await Promise.all(Array.from({ length: 10 }, () => open(server.httpPort)));
    const above: Socket[] = [];
    for (let i = 0; i < 16; i++) above.push(await open(server.httpPort));
    const cut = lastWords(above[0] as Socket);
    const secure = await tlsConnect(server.httpsPort ?? 0);
    secure.on('error', () => {});
    assert.equal(await cut, '', 'it asked nothing');
    secure.write('GET /live/a.flv HTTP/1.1\r\nhost: x\r\n\r\n');
    assert.match(await lastWords(secure), /^HTTP\/1\.1 503 .*"code":"too-many-http-connections"/s);
    assert.ok(held.every((socket) => !socket.destroyed));
    for (const socket of [...held, ...above]) socket.destroy();
    while ((await metric(server, 'sluice_http_connections')) > 1);
    assert.ok((await metric(server, 'sluice_limits_reached_total{limit="maxConnectionsPerAddress"}')) >= 17);
  });

  it('keep out neither the operator nor encoders, nor those who are there already', async (t) => {
    const server = await startTestServer(t, { 'http.max_connections': 30 });
    const client = await goOnAir(server);
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(4);
    const login = await ask(server, '/admin?token=test-token', 'connection: close\r\n');
    const cookie = /set-cookie: (sluice_admin=[^;]+)/.exec(login)?.[1];
    const idle = await Promise.all(Array.from({ length: 35 }, () => open(server.httpPort)));

    assert.match(await ask(server, '/live/a.flv'), /^HTTP\/1\.1 503 /, 'no viewer more');
    assert.match(await ask(server, '/api/v1/live', upgrade()), /^HTTP\/1\.1 503 /, 'no page more');
    assert.match(await ask(server, '/healthz'), /^HTTP\/1\.1 200 .*connection: close/is, 'a short answer');
    assert.match(
      await ask(server, '/api/v1/server', `cookie: ${cookie}\r\nconnection: close\r\n`),
      /^HTTP\/1\.1 200 /,
    );
    const feed = new WebSocket(`${server.ws}/api/v1/live?scope=admin`, {
      headers: { cookie: cookie ?? '', origin: server.http },
    });
    await once(feed, 'message');
    const second = await goOnAir(server, 'b');
    client.send('video', 40, bodies.interframe);
    client.flush();
    await viewer.untilTags(5);

    feed.terminate();
    for (const socket of idle) socket.destroy();
    await second.stop();
    await client.stop();
  });

  it('are cut in time even where they are let in above the limit', async (t) => {
    const server = await startTestServer(t, {
      'http.max_connections': 1,
      'http.header_timeout': 60,
      'http.request_timeout': 60,
    });
    const first = await open(server.httpPort);
    const second = await open(server.httpPort);
    await lastWords(second);
    assert.equal(first.destroyed, false);
    first.destroy();
  });

  it('fit into the open files of the process, and the start says so', async (t) => {
    const server = await startTestServer(t, {}, { files: 256 });
    const line = await server.logged(
      'the system allows fewer open files than the settings allow connections; the limits are lowered to fit',
    );
    assert.deepEqual([line.files, line.http, line.rtmp], [256, 48, 16]);
    const idle = await Promise.all(Array.from({ length: 300 }, () => open(server.httpPort)));
    const client = await goOnAir(server);
    assert.ok((await metric(server, 'sluice_http_connections')) < 256);
    for (const socket of idle) socket.destroy();
    await client.stop();
  });
});

describe('Requests', () => {
  it('of one address are so many a second, and the operator may go on', async (t) => {
    const server = await startTestServer(t, { 'http.max_requests_per_second': 1 });
    const login = await ask(server, '/admin?token=test-token', 'connection: close\r\n');
    const cookie = /set-cookie: (sluice_admin=[^;]+)/.exec(login)?.[1];
    let refused = '';
    for (let i = 0; i < 40 && refused === ''; i++) {
      const answer = await ask(server, i % 2 ? '/nowhere' : '/healthz', 'connection: close\r\n');
      if (answer.startsWith('HTTP/1.1 429 ')) refused = answer;
    }
    assert.match(refused, /"code":"too-many-requests"/);
    assert.match(refused, /connection: close/i);
    const mine = await ask(server, '/api/v1/server', `cookie: ${cookie}\r\nconnection: close\r\n`);
    assert.match(mine, /^HTTP\/1\.1 200 /);
  });

  it('are counted for each client of a proxy, and its connections are not', async (t) => {
    const server = await startTestServer(t, {
      'http.trust_proxy': '127.0.0.1',
      'http.max_requests_per_second': 1,
      'http.max_connections_per_address': 2,
    });
    const client = await goOnAir(server);
    const from = (host: number, path: string) =>
      ask(server, path, `x-forwarded-for: 192.0.2.${host}\r\nconnection: close\r\n`);
    let statuses: string[] = [];
    for (let i = 0; i < 30; i++) statuses.push((await from(1, '/healthz')).slice(9, 12));
    assert.ok(statuses.includes('429'));
    assert.match(await from(2, '/healthz'), /^HTTP\/1\.1 200 /);

    const watch = async (host: number) => {
      const socket = await open(server.httpPort);
      socket.write(`GET /live/a.flv HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.${host}\r\n\r\n`);
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      return { socket, status: bytes.toString('latin1', 9, 12) };
    };
    const viewers = [];
    for (const host of [3, 3, 3, 4]) viewers.push(await watch(host));
    statuses = viewers.map(({ status }) => status);
    assert.deepEqual(statuses, ['200', '200', '503', '200']);
    for (const { socket } of viewers) socket.destroy();
    await client.stop();
  });
});

it('Delivery workers fetch streams whatever the limits of connections and requests', async (t) => {
  const { server } = await startWithWorkers(t, 1, {
    'http.max_connections': 2,
    'http.max_requests_per_second': 1,
  });
  const client = await goOnAir(server);
  const idle = await Promise.all([open(server.httpPort), open(server.httpPort)]);
  idle[0]?.write('GET /live/a.flv HTTP/1.1\r\nhost: x\r\n\r\n');
  const [bytes] = (await once(idle[0] as Socket, 'data')) as [Buffer];
  assert.match(bytes.toString('latin1', 0, 20), /^HTTP\/1\.1 200/);
  for (const socket of idle) socket.destroy();
  await client.stop();
});

it('One address publishes so many streams and no more, and comes back to its own', async (t) => {
  const server = await startTestServer(t, { 'rtmp.max_publishers_per_address': 2 });
  const clients = [await goOnAir(server, 'a'), await goOnAir(server, 'b')];
  await assert.rejects(goOnAir(server, 'c'), /as many streams as one address may/);
  await clients[0]?.cut();
  await server.logged('the publisher dropped; viewers are held');
  clients.push(await goOnAir(server, 'a'));
  assert.match(await ask(server, '/metrics', 'connection: close\r\n'), /limit="maxPublishersPerAddress"} 1/);
  await Promise.all(clients.slice(1).map((client) => client.stop()));
});
