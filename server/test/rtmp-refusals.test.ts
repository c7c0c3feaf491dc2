import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amfGet, amfObject, asString } from '../../shared/amf/amf-value.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { refuse } from '../../shared/contract/errors.ts';
import type { RtmpCommand } from '../rtmp/command.ts';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { bodies } from './media-fixtures.ts';
import { codeOf, RtmpDial } from './rtmp-dial.ts';
import { startListener } from './rtmp-listening.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// librtmp (OBS) ends a connection on these codes of onStatus and shows the description; FFmpeg ends on any error.
const CODES_OBS_ACTS_UPON = [
  'NetStream.Failed',
  'NetStream.Play.Failed',
  'NetStream.Play.StreamNotFound',
  'NetStream.Publish.BadName',
  'NetStream.Publish.Denied',
];

const publish = (server: TestServer, key = 'a') =>
  RtmpPublisherClient.open({ host: '127.0.0.1', port: server.rtmpPort, app: 'live', key });

/** Asserts what a client is told last, and that the connection is closed after it and nothing was started. */
async function assertRefused(dial: RtmpDial, code: string, sentence: RegExp): Promise<RtmpCommand> {
  await dial.untilEnded();
  const last = dial.commands.at(-1);
  assert.ok(last, 'something was said');
  assert.equal(codeOf(last), code);
  assert.equal(amfGet(last.args[0], 'level'), 'error');
  assert.match(asString(amfGet(last.args[0], 'description')) ?? '', sentence);
  if (last.name === 'onStatus') assert.ok(CODES_OBS_ACTS_UPON.includes(code), code);
  return last;
}

const neverStarted = (dial: RtmpDial): void =>
  assert.equal(dial.told.includes('onStatus NetStream.Publish.Start'), false);

describe('A publish is refused, in words and before it was started,', () => {
  for (const [what, app, name, sentence] of [
    ['when it has no key', 'live', '', /one part and needs two/],
    ['when its key begins with a dot', 'live', '.a', /begins with a dot/],
    ['when it climbs', 'live', '../../etc/passwd', /begins with a dot/],
    ['when it holds a line break', 'live', 'a\r\nb', /U\+000D is not allowed/],
    ['when it is an address of the server', 'api', 'v1', /"api" is an address of the server itself/],
    ['when it is too long', 'live', 'a'.repeat(129), /longer than 128/],
    ['when it has too many parts', 'a/b/c/d/e', 'f/g', /7 parts/],
    [
      'when its query was cut at a slash',
      'live/a?t=ab',
      'cd',
      /a slash \("\/"\) stands behind its question mark/,
    ],
    ['when it has only a query behind its slash', 'live?t=ab', 'cd==', /has one part and needs two/],
  ] as const) {
    it(what, async (t) => {
      const server = await startTestServer(t);
      const dial = await RtmpDial.connected(server.rtmpPort, { app });
      dial.command(1, 'publish', 3, null, name, 'live');
      await assertRefused(dial, 'NetStream.Publish.BadName', sentence);
      neverStarted(dial);
      assert.ok(!server.logLines.some((line) => line.trimEnd().includes('\n')), 'a log line is one line');
    });
  }

  it('when its name is no text', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'publish', 3, null, false);
    await assertRefused(dial, 'NetStream.Publish.BadName', /needs two/);
  });

  it('when somebody else has the key', async (t) => {
    const server = await startTestServer(t);
    const holder = await publish(server);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await assertRefused(dial, 'NetStream.Publish.BadName', /already being published by 127\.0\.0\.1/);
    neverStarted(dial);
    await holder.stop();
  });

  it('when admission says no, also when it takes its time', async (t) => {
    for (const answer of [refuse('draining'), Promise.resolve(refuse('kicked', { stream: 'live/a' }))]) {
      const { port, told } = await startListener(t, { admission: () => answer });
      const dial = await RtmpDial.connected(port);
      dial.command(1, 'publish', 3, null, 'a', 'live');
      dial.send({ typeId: 9, messageStreamId: 1, body: bodies.videoConfig });
      const { message, code } = await answer;
      const rtmpCode = code === 'draining' ? 'NetStream.Failed' : 'NetStream.Publish.Denied';
      await assertRefused(dial, rtmpCode, new RegExp(message.slice(0, 20)));
      neverStarted(dial);
      assert.deepEqual(told, [code]);
    }
  });

  it('when admission fails, which is our mistake', async (t) => {
    const { port, told } = await startListener(t, {
      admission: () => Promise.reject(new Error('secret detail')),
    });
    const dial = await RtmpDial.connected(port);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    const last = await assertRefused(dial, 'NetStream.Failed', /The server made a mistake/);
    assert.doesNotMatch(asString(amfGet(last.args[0], 'description')) ?? '', /secret/);
    assert.deepEqual(told, ['internal']);
  });
});

describe('A publisher on air is ended with the reason', () => {
  it('when it breaks the protocol', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await dial.status('NetStream.Publish.Start');
    dial.send({ typeId: 1, chunkStreamId: 2, body: fromHex('00000000') });
    await assertRefused(dial, 'NetStream.Failed', /Set Chunk Size of 0 \(RTMP 5\.4\.1/);
  });

  it('when it is silent for too long', async (t) => {
    const server = await startTestServer(t, { 'stream.publisher_timeout': 1 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await assertRefused(dial, 'NetStream.Publish.Denied', /sent nothing for 1 s/);
  });

  it('when another one takes its key over', async (t) => {
    const { port, clock } = await startListener(t);
    const first = await RtmpDial.connected(port);
    first.command(1, 'publish', 3, null, 'a', 'live');
    await first.status('NetStream.Publish.Start');
    clock.advance(6_000);
    const second = await RtmpDial.connected(port);
    second.command(1, 'publish', 3, null, 'a', 'live');
    await assertRefused(first, 'NetStream.Publish.BadName', /taken over by 127\.0\.0\.1/);
    await second.status('NetStream.Publish.Start');
    second.socket.destroy();
  });

  it('when the operator ends it', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await dial.status('NetStream.Publish.Start');
    await server.api('streams/live/a', { method: 'DELETE' });
    await assertRefused(dial, 'NetStream.Publish.Denied', /The operator ended live\/a/);
  });
});

describe('A request that cannot be is refused alone, and the connection goes on:', () => {
  const description = ({ args }: RtmpCommand) => asString(amfGet(args[0], 'description')) ?? '';

  it('a second publish', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await dial.status('NetStream.Publish.Start', 1);
    dial.command(2, 'publish', 4, null, 'b', 'live');
    const refused = await dial.status('NetStream.Publish.BadName', 2);
    assert.match(description(refused), /publishes already\. Open another connection/);
    await dial.roundTrip();
    assert.equal((await server.stream('live/a'))?.name, 'live/a');
    assert.match(
      await (await fetch(`${server.http}/metrics`)).text(),
      /sluice_refusals_total\{code="publishes-already"\} 1/,
    );
    dial.socket.destroy();
  });

  it('a play on the message stream that publishes, and a play or publish on one stream too many', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_message_streams': 2 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await dial.status('NetStream.Publish.Start', 1);
    dial.command(1, 'play', 4, null, 'a');
    assert.match(description(await dial.status('NetStream.Play.Failed', 1)), /used to publish/);
    dial.command(2, 'play', 5, null, 'a');
    dial.command(3, 'play', 6, null, 'a');
    assert.match(description(await dial.status('NetStream.Play.Failed', 3)), /as many message streams/);
    await dial.roundTrip();
    dial.socket.destroy();
    const other = await RtmpDial.connected(server.rtmpPort);
    other.command(0, 'createStream', 3);
    await other.reply('_result', 3);
    other.command(4, 'publish', 4, null, 'b', 'live');
    assert.match(description(await other.status('NetStream.Failed', 4)), /as many message streams/);
    await other.roundTrip();
    other.socket.destroy();
  });
});

it('An encoder that the operator ended is told when it may return, and another one may at once', async (t) => {
  const server = await startTestServer(t);
  const first = await RtmpDial.connected(server.rtmpPort, { flashVer: 'one' });
  first.command(1, 'publish', 3, null, 'a', 'live');
  await first.status('NetStream.Publish.Start');
  await server.api('streams/live/a', { method: 'DELETE' });
  await first.untilEnded();
  const again = await RtmpDial.connected(server.rtmpPort, { flashVer: 'one' });
  again.command(1, 'publish', 3, null, 'a', 'live');
  await assertRefused(again, 'NetStream.Publish.Denied', /may publish it again in \d+ s/);
  neverStarted(again);
  const other = await RtmpDial.connected(server.rtmpPort, { flashVer: 'two' });
  other.command(1, 'publish', 3, null, 'a', 'live');
  await other.status('NetStream.Publish.Start');
  other.socket.destroy();
});

describe('A player is refused, in words,', () => {
  it('when its name cannot be', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'play', 3, null, '..');
    await assertRefused(dial, 'NetStream.Play.StreamNotFound', /begins with a dot/);
  });

  it('when the stream does not come', async (t) => {
    const { port, told } = await startListener(t, { waitForStreamMs: 50 });
    const dial = await RtmpDial.connected(port);
    dial.command(1, 'play', 3, null, 'a');
    await assertRefused(dial, 'NetStream.Play.StreamNotFound', /live\/a is not live/);
    assert.deepEqual(told, ['stream-not-live']);
  });

  it('when it takes too little', async (t) => {
    const server = await startTestServer(t, { 'viewer.stall_seconds': 1, 'viewer.queue_bytes': 65_536 });
    const encoder = await publish(server);
    const dial = await RtmpDial.connected(server.rtmpPort);
    dial.command(1, 'play', 3, null, 'a');
    encoder.send('video', 0, bodies.videoConfig);
    encoder.send('audio', 0, bodies.audioConfig);
    encoder.send('video', 0, bodies.keyframe);
    encoder.flush();
    await dial.until(() => dial.media().length >= 3);
    dial.socket.pause();
    const frame = new Uint8Array(100_000);
    frame.set(bodies.interframe.subarray(0, 5));
    for (let i = 1; i <= 200; i++) encoder.send('video', i * 40, frame);
    encoder.flush();
    await server.logged('viewer left');
    dial.socket.resume();
    await assertRefused(dial, 'NetStream.Play.Failed', /This viewer took too little data/);
    await encoder.stop();
  });

  it('when admission says no', async (t) => {
    const { port } = await startListener(t, { admission: () => refuse('overloaded') });
    const dial = await RtmpDial.connected(port);
    dial.command(1, 'play', 3, null, 'a');
    await assertRefused(dial, 'NetStream.Play.Failed', /as many viewers as it can serve/);
  });
});

describe('A connection is refused, in words,', () => {
  it('when its address has too many', async (t) => {
    const server = await startTestServer(t, { 'rtmp.max_connections_per_address': 1 });
    const first = await RtmpDial.connected(server.rtmpPort);
    const second = await RtmpDial.open(server.rtmpPort);
    second.command(0, 'connect', 1, amfObject({ app: 'live' }));
    const last = await assertRefused(
      second,
      'NetConnection.Connect.Rejected',
      /Too many connections from 127\.0\.0\.1/,
    );
    assert.deepEqual([last.name, last.transactionId], ['_error', 1]);
    first.socket.destroy();
  });

  it('when the server is shutting down', async (t) => {
    const { port, listener } = await startListener(t);
    const dial = await RtmpDial.open(port);
    await dial.roundTrip();
    listener.drain();
    dial.command(0, 'connect', 1, amfObject({ app: 'live' }));
    await assertRefused(dial, 'NetConnection.Connect.Rejected', /shutting down/);
  });

  it('when it asks for nothing', async (t) => {
    const server = await startTestServer(t, { 'rtmp.idle_timeout': 0.2 });
    const dial = await RtmpDial.connected(server.rtmpPort);
    await assertRefused(dial, 'NetStream.Failed', /Nothing useful arrived within/);
  });

  it('and hears nothing when it could not understand yet', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.open(server.rtmpPort);
    dial.command(1, 'publish', 3, null, 'a', 'live');
    await dial.untilEnded();
    assert.deepEqual(dial.told, []);
  });

  it('while one stream too many is only refused itself', async (t) => {
    const server = await startTestServer(t);
    const dial = await RtmpDial.connected(server.rtmpPort);
    for (let id = 2; id <= 9; id++) dial.command(0, 'createStream', 10 + id);
    assert.equal((await dial.reply('_result', 18)).args[0], 8);
    const refused = await dial.reply('_error', 19);
    assert.equal(codeOf(refused), 'NetConnection.Call.Failed');
    assert.match(
      asString(amfGet(refused.args[0], 'description')) ?? '',
      /as many message streams as it may have/,
    );
    assert.equal(dial.ended, false);
    dial.socket.destroy();
  });
});

it('A codec that browsers do not play is not refused: players get it, and the operator is warned', async (t) => {
  const server = await startTestServer(t);
  const encoder = await publish(server);
  const player = await RtmpDial.connected(server.rtmpPort);
  player.command(1, 'play', 3, null, 'a');
  // VP6: keyframe, codec 4.
  const frame = Uint8Array.of(0x14, 1, 2, 3, 4, 5, 6);
  encoder.send('data', 0, bodies.metadata);
  encoder.send('audio', 0, bodies.audioConfig);
  encoder.send('video', 0, frame);
  encoder.send('audio', 5, bodies.audio);
  encoder.flush();
  const got = await player.until(() => player.media().find(({ typeId }) => typeId === 9));
  assert.deepEqual(got.body, frame);
  const stream = await server.stream('live/a');
  assert.deepEqual(
    stream?.warnings.map(({ code }) => code),
    ['codec-not-everywhere'],
  );
  await encoder.stop();
  await player.untilEnded();
});
