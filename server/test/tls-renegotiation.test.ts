import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { CLIENT_RENEG_LIMIT, connect, type TLSSocket } from 'node:tls';
import { goOnAir } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer } from './test-server.ts';

/** A client of TLS 1.2, the last that has renegotiation. */
async function tls12(port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}

/** Asks for new handshakes, one after the other, until the server has enough. Gives how many were granted. */
async function renegotiate(socket: TLSSocket, most = 100): Promise<number> {
  let granted = 0;
  const closed = once(socket, 'close').then(() => false);
  while (granted < most) {
    const done = new Promise<boolean>((resolve) => {
      const went = socket.renegotiate({ rejectUnauthorized: false }, (error) => resolve(!error));
      if (went === false) resolve(false);
    });
    if (!(await Promise.race([done, closed]))) break;
    granted++;
  }
  if (granted < most) await closed;
  return granted;
}

const start = (t: Parameters<typeof startTestServer>[0]) =>
  startTestServer(t, { 'rtmps.port': 0, 'https.port': 0 });

describe('A client that renegotiates TLS without end', () => {
  it('is cut on the port for RTMPS, told in the log and counted', async (t) => {
    const server = await start(t);
    const socket = await tls12(server.rtmpsPort ?? 0);
    const dial = RtmpDial.over(socket);
    dial.sayConnect();
    await dial.reply('_result', 1);
    const granted = await renegotiate(socket);
    assert.ok(granted <= CLIENT_RENEG_LIMIT, `${granted}`);
    assert.equal(
      (
        await server.logged(
          'a client asked for a new TLS handshake again and again; its connection is closed',
        )
      ).address,
      '127.0.0.1',
    );
    await server.logged('closed');
    const metrics = await (await fetch(`${server.http}/metrics`)).text();
    assert.match(metrics, /sluice_rtmp_limits_reached_total\{limit="maxTlsRenegotiations"\} 1/);
  });

  it('may do so a few times on the port for RTMPS, and goes on', async (t) => {
    const server = await start(t);
    const socket = await tls12(server.rtmpsPort ?? 0);
    const dial = RtmpDial.over(socket);
    dial.sayConnect();
    await dial.reply('_result', 1);
    assert.equal(await renegotiate(socket, 2), 2);
    dial.command(0, 'createStream', 2);
    await dial.reply('_result', 2);
    socket.destroy();
  });

  for (const [what, request] of [
    ['before it says anything', ''],
    ['while it watches over HTTPS', 'GET /live/a.flv HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'while it watches over WSS',
      'GET /live/a.flv HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ],
  ] as const) {
    it(`is cut on the port for HTTPS ${what}`, async (t) => {
      const server = await start(t);
      const client = await goOnAir(server);
      const socket = await tls12(server.httpsPort ?? 0);
      if (request !== '') {
        socket.write(request);
        await once(socket, 'data');
      }
      socket.resume();
      const granted = await renegotiate(socket);
      assert.ok(granted <= CLIENT_RENEG_LIMIT, `${granted}`);
      await client.stop();
    });
  }
});
