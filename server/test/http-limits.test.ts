import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { tlsConnect } from './tls-kit.ts';

/** All that comes until the server closes. */
async function lastWords(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => parts.push(bytes));
  socket.on('error', () => {});
  await once(socket, 'close');
  return Buffer.concat(parts).toString('latin1');
}

const open = (server: TestServer): Socket => connect(server.httpPort, '127.0.0.1');

const upgrade =
  'GET /live/a.flv HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

/** A frame of a client, masked with zeros. */
const frame = (firstByte: number, length: number, body = new Uint8Array(0)): Buffer =>
  Buffer.concat([
    length < 126
      ? Buffer.from([firstByte, 0x80 | length])
      : length < 65_536
        ? Buffer.from([firstByte, 0xfe, length >> 8, length & 0xff])
        : Buffer.from([
            firstByte,
            0xff,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 0xff,
            (length >> 8) & 0xff,
            length & 0xff,
          ]),
    Buffer.alloc(4),
    body,
  ]);

describe('An HTTP connection is given its time, and not much more,', () => {
  for (const [what, bytes, status] of [
    ['for headers that do not end', 'GET / HTTP/1.1\r\nhost: x\r\n', 408],
    ['when it says nothing at all', '', 408],
    [
      'for a body that does not come',
      'POST /api/v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{',
      408,
    ],
  ] as const) {
    it(what, async (t) => {
      const server = await startTestServer(t, {
        'http.header_timeout': 0.2,
        'http.request_timeout': 0.4,
        'https.port': 0,
      });
      for (const socket of [open(server), await tlsConnect(server.httpsPort ?? 0)]) {
        socket.write(bytes);
        assert.match(await lastWords(socket), new RegExp(`^HTTP/1\\.1 ${status} `));
      }
    });
  }

  it('and a viewer is none of those', async (t) => {
    const server = await startTestServer(t, { 'http.header_timeout': 0.2, 'http.request_timeout': 0.4 });
    const client = await goOnAir(server);
    const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
    await viewer.untilTags(4);
    // By the time that somebody who says nothing is cut, the viewer has been there for longer.
    await lastWords(open(server));
    client.send('video', 40, bodies.interframe);
    client.flush();
    await viewer.untilTags(5);
    await client.stop();
  });
});

it('A body over 64 KB is refused, one byte less is only no login', async (t) => {
  const server = await startTestServer(t);
  const post = (bytes: number) =>
    fetch(`${server.http}/api/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `"${'x'.repeat(bytes - 2)}"`,
    });
  assert.equal((await post(65_536)).status, 400);
  assert.equal((await post(65_537)).status, 413);
});

describe('A viewer over WebSocket', () => {
  for (const [what, bytes, code] of [
    ['sends a message over 4 KB', frame(0x82, 4097), 1009],
    ['announces a message of 4 GB', frame(0x82, 0xffffffff), 1009],
    ['sets bits that are reserved', frame(0xf2, 1, Uint8Array.of(1)), 1002],
    ['uses an opcode that is none', frame(0x83, 0), 1002],
    ['cuts a ping into fragments', frame(0x09, 0), 1002],
    ['goes on with nothing', frame(0x80, 1, Uint8Array.of(1)), 1002],
    ['sends text that is no UTF-8', frame(0x81, 1, Uint8Array.of(0xff)), 1007],
    ['does not mask', Buffer.from([0x82, 0x01, 0x00]), 1002],
    ['closes with a code that is none', frame(0x88, 2, Uint8Array.of(0x03, 0xed)), 1002],
  ] as const) {
    it(`that ${what} is closed for it, alone`, async (t) => {
      const server = await startTestServer(t, { 'log.level': 'silent' });
      const client = await goOnAir(server);
      const viewer = await FlvViewer.ws(`${server.ws}/live/a.flv`);
      const hostile = open(server);
      hostile.write(upgrade);
      await once(hostile, 'data');
      hostile.write(bytes);
      const said = Buffer.from(await lastWords(hostile), 'latin1');
      assert.deepEqual([...said.subarray(-4, -2)], [0x88, 0x02], 'a close frame comes last');
      assert.equal(said.readUInt16BE(said.length - 2), code);
      client.send('video', 40, bodies.interframe);
      client.flush();
      await viewer.untilTags(5);
      await client.stop();
    });
  }

  it('may send a message of 4 KB, which means nothing', async (t) => {
    const server = await startTestServer(t);
    const client = await goOnAir(server);
    const socket = open(server);
    socket.write(upgrade);
    await once(socket, 'data');
    socket.write(frame(0x82, 4096, new Uint8Array(4096)));
    // A pong shows that the message before the ping was read and stood.
    socket.write(frame(0x89, 1, Uint8Array.of(0x37)));
    let said = Buffer.alloc(0);
    while (!said.includes(Buffer.from([0x8a, 0x01, 0x37]))) {
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      said = Buffer.concat([said, bytes]);
    }
    socket.destroy();
    await client.stop();
  });
});

for (const [what, bytes] of [
  ['pings', frame(0x89, 1, Uint8Array.of(1))],
  ['messages', frame(0x82, 1, Uint8Array.of(1))],
  ['pongs that nobody asked for', frame(0x8a, 0)],
] as const) {
  for (const address of ['/live/a.flv', '/api/v1/live']) {
    it(`Who floods the WebSocket ${address} with ${what} and reads nothing is cut`, async (t) => {
      const server = await startTestServer(t, { 'log.level': 'silent' });
      const client = await goOnAir(server);
      const hostile = open(server);
      hostile.on('error', () => {});
      const gone = new Promise((resolve) => hostile.once('close', resolve));
      hostile.write(upgrade.replace('/live/a.flv', address));
      await once(hostile, 'data');
      hostile.write(Buffer.concat(Array<Buffer>(1000).fill(bytes)));
      await gone;
      await client.stop();
    });
  }
}

it('Whoever asks for streams that do not exist leaves nothing behind', async (t) => {
  const server = await startTestServer(t, { 'log.level': 'silent' });
  for (let i = 0; i < 300; i++) {
    const path = `/live/none${i}.flv`;
    assert.equal((await fetch(server.http + path)).status, 404);
  }
  const live = (await (await server.api('streams')).json()) as { total: number };
  assert.equal(live.total, 0);
  const metrics = await (await fetch(`${server.http}/metrics`)).text();
  assert.doesNotMatch(metrics, /none\d/);
});

it('Who hangs up in the middle of a request, or while it waits, ends nothing but that', async (t) => {
  const server = await startTestServer(t);
  const waiting = upgrade.replace('a.flv', 'a.flv?wait=30');
  for (const request of [
    waiting,
    upgrade,
    waiting.replace('Upgrade', 'close'),
    'GET /live/a.flv?wait=30 HTTP/1.1\r\nhost: x\r\n\r\n',
  ]) {
    for (const bytes of [request, request.slice(0, -2)]) {
      const socket = open(server);
      socket.on('error', () => {});
      await once(socket, 'connect');
      await new Promise((resolve) => socket.write(bytes, resolve));
      // The request has been read when one that came after it has been answered.
      assert.equal((await fetch(`${server.http}/healthz`)).status, 200);
      const gone = once(socket, 'close');
      socket.resetAndDestroy();
      await gone;
    }
  }
  const client = await goOnAir(server);
  const viewer = await FlvViewer.ws(`${server.ws}/live/a.flv`);
  await viewer.untilTags(4);
  const { items } = (await (await server.api('sessions?role=viewer')).json()) as { items: unknown[] };
  assert.equal(items.length, 1, 'nobody is served who is not there');
  await client.stop();
});

it('Garbage behind a request for a stream that has not begun ends that viewer, and no other', async (t) => {
  const server = await startTestServer(t);
  const socket = open(server);
  const gone = once(socket, 'close');
  socket.on('error', () => {});
  socket.resume();
  socket.write('GET /live/a.flv?wait=30 HTTP/1.1\r\nhost: x\r\n\r\n\x00\xffgarbage that is no HTTP\r\n\r\n');
  await gone;
  const client = await goOnAir(server);
  const viewer = await FlvViewer.http(`${server.http}/live/a.flv`);
  await viewer.untilTags(4);
  await client.stop();
});
