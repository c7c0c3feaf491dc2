import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir, publishTo } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const capture = readFileSync(
  join(import.meta.dirname, '../../../shared/testdata/captures/publish-ffmpeg5-av.bin'),
);

/** Opens a connection that reads and throws away what comes. */
function open(server: TestServer): Socket {
  const socket = connect(server.rtmpPort, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  return socket;
}

const metric = async (server: TestServer, line: RegExp): Promise<number> =>
  Number(line.exec(await (await fetch(`${server.http}/metrics`)).text())?.[1] ?? 0);

describe('bad input on the RTMP port', () => {
  it('closes a connection that speaks HTTP', async (t) => {
    const server = await startTestServer(t);
    const socket = open(server);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
    assert.equal(await metric(server, /sluice_protocol_errors_total\{code="bad-version"\} (\d+)/), 1);
  });

  it('closes a connection that does not finish its handshake in time', async (t) => {
    const server = await startTestServer(t, { 'rtmp.handshake_timeout': 0.2 });
    const socket = open(server);
    socket.write(capture.subarray(0, 1000));
    await once(socket, 'close');
    assert.equal(await metric(server, /sluice_refusals_total\{code="timeout"\} (\d+)/), 1);
  });

  it('closes a connection that neither publishes nor plays', async (t) => {
    const server = await startTestServer(t, { 'rtmp.idle_timeout': 0.2 });
    const socket = open(server);
    socket.write(capture.subarray(0, 3073));
    await once(socket, 'close');
    assert.equal(await metric(server, /sluice_refusals_total\{code="timeout"\} (\d+)/), 1);
  });

  it('refuses connections over the limit of an address, in words', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_connections_per_address': 1 });
    const first = await publishTo(server);
    await assert.rejects(publishTo(server, 'b'), /Too many connections from 127\.0\.0\.1/);
    await first.stop();
  });

  it('costs a healthy stream beside it nothing, whatever comes', async (t) => {
    const server = await startTestServer(t, { 'log.level': 'silent' });
    const client = await goOnAir(server);
    const viewer = await FlvViewer.ws(`${server.ws}/live/a.flv`);
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    let sent = 4;
    for (let attack = 0; attack < 60; attack++) {
      const bytes = Uint8Array.from(capture.subarray(0, 3_073 + random(20_000)));
      for (let flips = random(30); flips >= 0; flips--)
        bytes[3_073 + random(bytes.length - 3_073)] = random(256);
      const socket = open(server);
      socket.end(bytes);
      client.send('audio', attack * 23, bodies.audio);
      client.flush();
      sent++;
      await once(socket, 'close');
      await viewer.untilTags(sent);
    }
    assert.equal(viewer.ended, undefined);
    await client.stop();
  });
});
