import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { startTestServer } from './test-server.ts';
import { tlsConnect } from './tls-kit.ts';

describe('starting on a port that is taken', () => {
  for (const key of ['rtmp.port', 'http.port', 'rtmps.port', 'https.port'] as const) {
    it(`fails with EADDRINUSE for ${key}, and leaves nothing open behind`, async (t) => {
      const first = await startTestServer(t);
      const taken = key.startsWith('rtmp') ? first.rtmpPort : first.httpPort;
      await assert.rejects(startTestServer(t, { [key]: taken }), { code: 'EADDRINUSE' });
      assert.equal((await fetch(`${first.http}/healthz`)).status, 200, 'the first one goes on');
    });
  }
});

describe('stopping', () => {
  /** A server, and connections to both of its HTTP doors. */
  async function start(t: TestContext) {
    const server = await startTestServer(t, { 'https.port': 0 });
    const plain = connect(server.httpPort, '127.0.0.1');
    await once(plain, 'connect');
    return { server, sockets: [plain, await tlsConnect(server.httpsPort ?? 0)] };
  }
  /** What the peer says until it hangs up. */
  async function lastWords(socket: Socket): Promise<string> {
    const said: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => said.push(bytes));
    socket.on('error', () => {});
    await once(socket, 'close');
    return Buffer.concat(said).toString();
  }

  for (const [asked, request] of [
    ['nothing', ''],
    ['half a question', 'GET /healthz HTTP/1.1\r\nHost'],
  ] as const) {
    it(`cuts who connected and asked ${asked}, without a word`, async (t) => {
      const { server, sockets } = await start(t);
      const words = sockets.map(lastWords);
      for (const socket of sockets) socket.write(request);
      // Whatever was sent before this answer has been read.
      await server.api('server');
      await server.close();
      assert.deepEqual(await Promise.all(words), ['', '']);
    });
  }

  it('lets go of who keeps its connection after an answer', async (t) => {
    const { server, sockets } = await start(t);
    const words = sockets.map(lastWords);
    for (const socket of sockets) {
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
    }
    await server.close();
    for (const text of await Promise.all(words)) assert.match(text, /^HTTP\/1\.1 200 /);
  });
});
