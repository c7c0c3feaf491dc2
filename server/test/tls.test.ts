import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { ServerInfo } from '../../shared/contract/server-info.ts';
import { loadSelfSigned } from '../ops/self-signed.ts';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { FlvViewer } from './flv-viewer.ts';
import { sendOpening } from './on-air.ts';
import { startTestServer } from './test-server.ts';
import { getSecure, shownFingerprint, tlsConnect } from './tls-kit.ts';

const bothPorts = { 'rtmps.port': 0, 'https.port': 0 };

async function start(t: TestContext, settings: Readonly<Record<string, unknown>> = {}) {
  const server = await startTestServer(t, { ...bothPorts, ...settings });
  assert.ok(server.rtmpsPort && server.httpsPort);
  const { rtmpsPort, httpsPort } = server;
  const goOnAir = async (key = 'a') => {
    const client = await RtmpPublisherClient.open({
      host: '127.0.0.1',
      port: rtmpsPort,
      app: 'live',
      key,
      tls: { rejectUnauthorized: false },
    });
    sendOpening(client);
    return client;
  };
  return { ...server, rtmpsPort, httpsPort, goOnAir, https: `https://127.0.0.1:${httpsPort}` };
}

function tempDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}

describe('A server with ports for TLS', () => {
  it('takes RTMPS in and serves HTTPS and WSS, the same stream as without', async (t) => {
    const server = await start(t);
    const client = await server.goOnAir();
    const viewers = await Promise.all([
      FlvViewer.http(`${server.https}/live/a.flv`),
      FlvViewer.ws(`wss://127.0.0.1:${server.httpsPort}/live/a.flv`),
      FlvViewer.http(`${server.http}/live/a.flv`),
    ]);
    // Larger than a TLS record and than what a socket takes at once.
    const frame = new Uint8Array(3_000_000).fill(7);
    frame.set([0x27, 1, 0, 0, 0]);
    client.send('video', 40, frame);
    client.flush();
    for (const viewer of viewers) {
      await viewer.untilTags(5);
      assert.deepEqual(viewer.tags.at(-1)?.body, frame);
    }
    assert.equal((await server.stream('live/a'))?.viewers.total, 3);
    await client.stop();
    for (const viewer of viewers) viewer.close();
  });

  it('shows pages, API and the live feed over TLS, and marks its cookie for TLS only', async (t) => {
    const server = await start(t);
    const authorization = { authorization: 'Bearer test-token' };
    const { status, text } = await getSecure(`${server.https}/api/v1/server`, authorization);
    assert.equal(status, 200);
    const info = JSON.parse(text) as ServerInfo;
    assert.deepEqual([info.rtmpsPort, info.httpsPort], [server.rtmpsPort, server.httpsPort]);
    const socket = await tlsConnect(server.httpsPort);
    const body = '{"token":"test-token"}';
    socket.write(
      `POST /api/v1/login HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(answer.toString(), /set-cookie: [^\r]*; Secure/i);
    socket.destroy();
    const feed = new WebSocket(`wss://127.0.0.1:${server.httpsPort}/api/v1/live`, {
      rejectUnauthorized: false,
    });
    const [hello] = (await once(feed, 'message')) as [Buffer];
    assert.equal((JSON.parse(hello.toString()) as { type: string }).type, 'hello');
    feed.terminate();
  });

  it('speaks TLS 1.2 where librtmp has to understand it, and 1.3 with browsers', async (t) => {
    const server = await start(t);
    for (const [port, version] of [
      [server.rtmpsPort, 'TLSv1.2'],
      [server.httpsPort, 'TLSv1.3'],
    ] as const) {
      const socket = await tlsConnect(port);
      assert.equal(socket.getProtocol(), version);
      socket.destroy();
    }
  });

  it('answers what is no HTTP inside of TLS, and only closes what is no TLS', async (t) => {
    const server = await start(t);
    const inside = await tlsConnect(server.httpsPort);
    inside.write('nonsense\r\n\r\n');
    const [answer] = (await once(inside, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 400 Bad Request\r\n/);
    inside.destroy();
    for (const port of [server.httpsPort, server.rtmpsPort]) {
      const outside = connect(port, '127.0.0.1');
      outside.on('error', () => {});
      outside.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      outside.resume();
      await once(outside, 'close');
    }
    await server.logged('TLS handshake failed');
  });

  it('cuts who connects to RTMPS and does not shake hands', async (t) => {
    const server = await start(t, { 'rtmp.handshake_timeout': 0.1 });
    const silent = connect(server.rtmpsPort, '127.0.0.1');
    silent.on('error', () => {});
    silent.resume();
    await once(silent, 'close');
  });

  it('stops with connections in every state', async (t) => {
    const server = await start(t);
    const client = await server.goOnAir();
    const viewer = await FlvViewer.ws(`wss://127.0.0.1:${server.httpsPort}/live/a.flv`);
    await viewer.untilTags(4);
    const idle = [server.rtmpsPort, server.httpsPort].map((port) => connect(port, '127.0.0.1'));
    for (const socket of idle) socket.on('error', () => {}).resume();
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    await tlsConnect(server.httpsPort);
    await Promise.all([server.close(), viewer.untilEnded()]);
    assert.deepEqual(viewer.ended, { clean: true, code: 1001 });
    assert.match((await client.closed)?.message ?? '', /shutting down/);
  });

  it('serves viewers over TLS itself when it has workers', async (t) => {
    const server = await start(t, { workers: 1 });
    await server.logged('a delivery worker is ready');
    const client = await server.goOnAir();
    const viewer = await FlvViewer.http(`${server.https}/live/a.flv`);
    await viewer.untilTags(4);
    viewer.close();
    await client.stop();
  });

  it('listens on no such port unless told to, and makes no certificate', async (t) => {
    const dir = tempDir(t);
    const server = await startTestServer(t, { 'data.dir': dir });
    assert.deepEqual([server.rtmpsPort, server.httpsPort], [null, null]);
    assert.throws(() => readFileSync(join(dir, 'tls-self-signed.pem')), { code: 'ENOENT' });
  });
});

describe('The certificate', () => {
  it('is made once and shown on both ports, also after a restart', async (t) => {
    const dir = tempDir(t);
    const settings = { 'data.dir': dir };
    const first = await start(t, settings);
    const shown = await shownFingerprint(first.httpsPort);
    assert.equal(await shownFingerprint(first.rtmpsPort), shown);
    await first.close();
    const second = await start(t, settings);
    assert.equal(await shownFingerprint(second.rtmpsPort), shown);
    assert.ok(second.logLines.every((line) => !line.includes('PRIVATE KEY')));
  });

  it('is replaced while running when its files change; a broken one changes nothing', async (t) => {
    const dir = tempDir(t);
    const files = { 'tls.cert': join(dir, 'cert.pem'), 'tls.key': join(dir, 'key.pem') };
    const [first, second] = await Promise.all(
      ['1', '2'].map((name) => loadSelfSigned(join(dir, name), Date.now())),
    );
    assert.ok(first && second);
    writeFileSync(files['tls.cert'], first.cert);
    writeFileSync(files['tls.key'], first.key);
    const server = await start(t, files);
    const print = ({ cert }: { cert: string }) => new X509Certificate(cert).fingerprint256;
    const client = await server.goOnAir();
    assert.equal(await shownFingerprint(server.rtmpsPort), print(first));

    writeFileSync(files['tls.cert'], 'nonsense');
    await server.logged('the new certificate cannot be used; the one before stays in use');
    assert.equal(await shownFingerprint(server.httpsPort), print(first));

    writeFileSync(files['tls.cert'], second.cert);
    writeFileSync(files['tls.key'], second.key);
    await server.logged('a new certificate is in use');
    assert.equal(await shownFingerprint(server.rtmpsPort), print(second));
    assert.equal(await shownFingerprint(server.httpsPort), print(second));
    const renewed = await tlsConnect(server.rtmpsPort);
    assert.equal(renewed.getProtocol(), 'TLSv1.2', 'what librtmp needs stays as it was');
    renewed.destroy();
    assert.ok(client.open, 'connections that are open go on');
    await client.stop();
  });

  it('that cannot be used stops the start with a line that names the file', async (t) => {
    const dir = tempDir(t);
    const files = { 'tls.cert': join(dir, 'cert.pem'), 'tls.key': join(dir, 'key.pem') };
    await assert.rejects(start(t, files), {
      name: 'ConfigError',
      message: /^tls\.cert: .*cert\.pem cannot be read \(ENOENT\)/,
    });
  });
});
