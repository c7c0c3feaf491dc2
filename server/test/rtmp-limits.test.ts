import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { amfGet, asString } from '../../shared/amf/amf-value.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { loadSelfSigned } from '../ops/self-signed.ts';
import { PublisherAuth } from '../rtmp/publisher-auth.ts';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { nodeCrypto } from '../transport/node-crypto.ts';
import { codeOf, RtmpDial } from './rtmp-dial.ts';
import { startListener } from './rtmp-listening.ts';
import { startTestServer } from './test-server.ts';

it('A connection that sends too many commands is closed with the reason, and counted by its limit', async (t) => {
  const server = await startTestServer(t);
  const dial = await RtmpDial.connected(server.rtmpPort);
  for (let i = 0; i < 400; i++) dial.command(0, '_checkbw', 0);
  await dial.status('NetStream.Failed');
  await dial.untilEnded();
  const text = await (await fetch(`${server.http}/metrics`)).text();
  assert.match(text, /sluice_rtmp_limits_reached_total\{limit="maxCommandsPerSecond"\} 1/);
  assert.match(text, /sluice_protocol_errors_total\{code="too-many"\} 1/);
});

it('When all connections together hold too much, the one that holds most has to go', async (t) => {
  const { port, told } = await startListener(t, { maxPartialBytesOfAll: 500_000 });
  const honest = await RtmpDial.connected(port);
  // The first chunk of a message of 20000 bytes.
  honest.socket.write(concatBytes([fromHex('05 000000 004e20 09 01000000'), new Uint8Array(128)]));
  await honest.roundTrip();
  const greedy = await RtmpDial.connected(port);
  greedy.send({ typeId: 1, chunkStreamId: 2, body: fromHex('00ffffff') });
  // Most of a message of 1 MiB.
  greedy.socket.write(concatBytes([fromHex('05 000000 100000 09 01000000'), new Uint8Array(900_000)]));
  await greedy.untilEnded();
  assert.deepEqual(told, ['too-large', 'maxPartialBytesOfAll']);
  await honest.roundTrip();
  assert.equal(honest.ended, false);
  const again = await RtmpDial.connected(port);
  again.send({ typeId: 1, chunkStreamId: 2, body: fromHex('00ffffff') });
  again.socket.write(concatBytes([fromHex('05 000000 060000 09 01000000'), new Uint8Array(300_000)]));
  await honest.roundTrip();
  assert.equal(again.ended, false, 'what the first one held is free again');
  for (const dial of [honest, again]) dial.socket.destroy();
});

it('Limits of a connection can be set', async (t) => {
  const { port, told } = await startListener(t, { limits: { maxMessageStreams: 1 } });
  const dial = await RtmpDial.connected(port);
  dial.command(0, 'createStream', 9);
  await dial.reply('_error', 9);
  assert.deepEqual(told, ['maxMessageStreams']);
  dial.socket.destroy();
});

describe('A connection is given its time, and not a moment more,', () => {
  let encoder: RtmpPublisherClient | undefined;
  /** Opens a line and waits until the server knows of it; the second one a moment after the first. */
  async function openTwo(t: TestContext, begin: (port: number) => Promise<RtmpDial>) {
    const listening = await startListener(t);
    const first = await begin(listening.port);
    listening.clock.advance(1);
    const second = await begin(listening.port);
    return { ...listening, first, second };
  }

  it('for the handshake', async (t) => {
    const opened: (() => void)[] = [];
    const { port, clock, told } = await startListener(t, { onOpened: () => opened.shift()?.() });
    const line = async (): Promise<Socket> => {
      const known = new Promise<void>((resolve) => opened.push(resolve));
      const socket = connect({ host: '127.0.0.1', port });
      socket.on('error', () => {});
      await known;
      return socket.resume();
    };
    const first = await line();
    clock.advance(1);
    const second = await line();
    clock.advance(9_999);
    await once(first, 'close');
    assert.equal(second.closed, false);
    assert.deepEqual(told, ['handshakeTimeout', 'timeout']);
    clock.advance(1);
    await once(second, 'close');
  });

  it('to publish or play', async (t) => {
    const { first, second, clock, told } = await openTwo(t, (port) => RtmpDial.connected(port));
    clock.advance(29_999);
    await first.untilEnded();
    assert.equal(second.ended, false);
    assert.deepEqual(told, ['idleTimeout', 'timeout']);
    clock.advance(1);
    await second.untilEnded();
  });

  it('to say nothing while it plays', async (t) => {
    const { first, second, clock, told } = await openTwo(t, async (port) => {
      const dial = await RtmpDial.connected(port);
      if (!encoder)
        encoder = await RtmpPublisherClient.open({ host: '127.0.0.1', port, app: 'live', key: 'a' });
      dial.command(1, 'play', 0, null, 'a');
      await dial.status('NetStream.Play.Start');
      return dial;
    });
    clock.advance(89_999);
    await first.untilEnded();
    assert.equal(second.ended, false);
    assert.deepEqual(told, ['pingTimeout', 'timeout']);
    clock.advance(1);
    await second.untilEnded();
    await encoder?.cut();
  });
});

it('All connections together may hold as much as the limit says, and not a byte more', async (t) => {
  // What a message that is not whole is given at first.
  const { port, told, listener } = await startListener(t, { maxPartialBytesOfAll: 2 * 16_384 });
  const dials = [];
  const beginMessage = (dial: RtmpDial) =>
    dial.socket.write(concatBytes([fromHex('05 000000 004e20 09 01000000'), new Uint8Array(128)]));
  for (let i = 0; i < 2; i++) {
    const dial = await RtmpDial.connected(port);
    beginMessage(dial);
    await dial.roundTrip();
    dials.push(dial);
  }
  assert.deepEqual([listener.partialBytes, told.length], [2 * 16_384, 0]);
  const third = await RtmpDial.connected(port);
  beginMessage(third);
  await Promise.race([...dials, third].map((dial) => dial.untilEnded()));
  assert.deepEqual(told, ['too-large', 'maxPartialBytesOfAll']);
  assert.equal(listener.partialBytes, 2 * 16_384);
  for (const dial of [...dials, third]) dial.socket.destroy();
});

it('Connections in all are limited, and far above the limit they are closed without a word', async (t) => {
  const { port, told } = await startListener(t, { connects: { maxConnections: 2 } });
  const dials = [await RtmpDial.connected(port), await RtmpDial.connected(port)];
  const third = await RtmpDial.open(port);
  third.sayConnect();
  assert.equal(codeOf(await third.reply('_error', 1)), 'NetConnection.Connect.Rejected');
  await third.untilEnded();
  assert.deepEqual(told, ['maxConnections', 'too-many-connections-in-all']);
  // 64 may be there to be told why.
  for (let i = 0; i < 64; i++) dials.push(await RtmpDial.open(port));
  await dials.at(-1)?.roundTrip();
  const last = await RtmpDial.open(port);
  await last.untilEnded();
  assert.deepEqual(told.slice(2), ['maxConnections']);
  for (const dial of dials) dial.socket.destroy();
});

it('Connections that are not through their TLS handshake count as well', async (t) => {
  const { listener, told } = await startListener(t, { connects: { maxConnections: 2 } });
  const dir = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const tls = await loadSelfSigned(dir, Date.now());
  const port = await listener.listen({ port: 0, host: '127.0.0.1', tls });
  const silent = Array.from({ length: 66 }, () => connect(port, '127.0.0.1'));
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  const last = connect(port, '127.0.0.1');
  await once(last.resume(), 'close');
  assert.deepEqual(told, ['maxConnections']);
  for (const socket of silent) socket.destroy();
});

it('An address with too many wrong logins is refused others, unread, until time has passed', async (t) => {
  const publishAuth = new PublisherAuth({ user: 'me', password: 'secret' }, nodeCrypto);
  const connects = { maxWrongLoginsPerMinute: 2 };
  const { port, told, clock } = await startListener(t, { connects, publishAuth });
  const say = async (app: string): Promise<string> => {
    const dial = await RtmpDial.open(port);
    dial.sayConnect({ app, type: 'nonprivate' });
    const answer = await dial.until(() => dial.commands[0]);
    await dial.untilEnded();
    return asString(amfGet(answer.args[0], 'description')) ?? '';
  };
  const wrong = 'live?authmod=adobe&user=me&challenge=YWJjZA==&response=YWJjZGVmZ2hpamtsbW5vcA==&opaque=x';
  for (let i = 0; i < 2; i++) assert.match(await say(wrong), /user name or the password .* is wrong/);
  assert.match(await say(wrong), /Too many wrong publisher logins from 127\.0\.0\.1/);
  assert.deepEqual(told.slice(-2), ['maxWrongLoginsPerMinute', 'too-many-wrong-logins']);
  // What is no answer to a challenge gives nothing away and costs little.
  assert.match(await say('live?authmod=adobe&user=me'), /reason=needauth/);
  clock.advance(30_000);
  assert.match(await say(wrong), /is wrong/);
  assert.match(await say(wrong), /Too many wrong/);
});
