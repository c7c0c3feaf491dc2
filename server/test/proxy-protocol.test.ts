import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { splitInto } from '../../shared/testing/every-split.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer } from './test-server.ts';
import { tlsConnect } from './tls-kit.ts';

const line = Buffer.from('PROXY TCP4 203.0.113.7 10.0.0.1 12345 1935\r\n');

const start = (t: TestContext, settings: Readonly<Record<string, unknown>> = {}) =>
  startTestServer(t, { 'rtmp.proxy_protocol_from': '127.0.0.0/8', ...settings });

async function proxyTo(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

async function connected(socket: Socket): Promise<void> {
  const dial = RtmpDial.over(socket);
  dial.sayConnect();
  await dial.reply('_result', 1);
}

describe('Connections from a proxy that is believed', () => {
  it('bring the address of the client, in one piece with its bytes or byte by byte', async (t) => {
    const server = await start(t);
    for (const size of [line.length, 1]) {
      const socket = await proxyTo(server.rtmpPort);
      for (const part of splitInto(line, [size])) socket.write(part);
      await connected(socket);
      const { address } = await server.logged('RTMP client connected', size === 1 ? 2 : 1);
      assert.equal(address, '203.0.113.7');
      socket.destroy();
    }
  });

  it('bring it over TLS as well, before the first byte of TLS', async (t) => {
    const server = await start(t, { 'rtmps.port': 0 });
    assert.ok(server.rtmpsPort);
    const socket = await proxyTo(server.rtmpsPort);
    socket.write(line);
    await connected(await tlsConnect(server.rtmpsPort, socket));
    assert.equal((await server.logged('RTMP client connected')).address, '203.0.113.7');
    socket.destroy();
  });

  it('are limited by the address of the client', async (t) => {
    const server = await start(t, { 'rtmp.max_connections_per_address': 1 });
    const first = await proxyTo(server.rtmpPort);
    first.write(line);
    await connected(first);
    const second = await proxyTo(server.rtmpPort);
    second.write('PROXY TCP6 2001:db8::7 ::1 12345 1935\r\n');
    await connected(second);
    const third = await proxyTo(server.rtmpPort);
    third.write(line);
    const refused = RtmpDial.over(third);
    refused.sayConnect();
    await refused.untilEnded();
    const logged = server.logLines.filter((text) => text.includes('too-many-connections'));
    assert.equal(logged.length, 1);
    first.destroy();
    second.destroy();
  });

  it('are closed when they begin with something else, and the operator learns why', async (t) => {
    const server = await start(t);
    const dial = await RtmpDial.open(server.rtmpPort);
    await dial.untilEnded();
    assert.equal(dial.messages.length, 0);
    const { address, level } = await server.logged(
      'a proxy sent a wrong PROXY header: this is no PROXY protocol header',
    );
    assert.deepEqual([address, level], ['127.0.0.1', 'warn']);
  });

  it('are closed when the header does not come in time', async (t) => {
    const server = await start(t, { 'rtmp.handshake_timeout': 0.1 });
    const socket = await proxyTo(server.rtmpPort);
    socket.write(line.subarray(0, 20));
    socket.resume();
    await once(socket, 'close');
    await server.logged('a proxy sent no PROXY header within 0.1 s');
  });

  it('do not hold up a server that stops', async (t) => {
    const server = await start(t);
    const socket = await proxyTo(server.rtmpPort);
    socket.resume();
    await Promise.all([server.close(), once(socket, 'close')]);
  });
});

it('A header from anybody else is a bad handshake, and its address counts for nothing', async (t) => {
  const server = await start(t, { 'rtmp.proxy_protocol_from': '10.0.0.2' });
  const socket = await proxyTo(server.rtmpPort);
  socket.write(line);
  socket.resume();
  await once(socket, 'close');
  assert.ok(server.logLines.some((text) => text.includes('protocol error')));
  assert.ok(server.logLines.every((text) => !text.includes('203.0.113.7')));
});
