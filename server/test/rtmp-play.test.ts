import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { amfGet } from '../../shared/amf/amf-value.ts';
import type { SessionPage } from '../../shared/contract/sessions.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import type { RtmpMessage } from '../rtmp/message.ts';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { FlvViewer } from './flv-viewer.ts';
import { bodies } from './media-fixtures.ts';
import { codeOf, RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const publish = (server: TestServer, key = 'a') =>
  RtmpPublisherClient.open({ host: '127.0.0.1', port: server.rtmpPort, app: 'live', key });

type Frame = ['keyframe' | 'interframe' | 'audio', number];

function send(client: RtmpPublisherClient, ...frames: readonly Frame[]): void {
  for (const [role, timestamp] of frames) {
    client.send(role === 'audio' ? 'audio' : 'video', timestamp, bodies[role]);
  }
  client.flush();
}

function begin(client: RtmpPublisherClient): void {
  client.send('data', 0, bodies.metadata);
  client.send('video', 0, bodies.videoConfig);
  client.send('audio', 0, bodies.audioConfig);
  send(client, ['keyframe', 0], ['audio', 5]);
}

const story = (messages: readonly RtmpMessage[]): string[] =>
  messages.map(({ typeId, timestamp, body }) => {
    const kind = typeId === 8 ? 'audio' : typeId === 9 ? 'video' : 'data';
    return `${classifyPacket(kind, body)} ${kind} ${timestamp}`;
  });

/** A server with live/a on air and a player of it that has its beginning. */
async function onAir(t: TestContext, settings: Record<string, unknown> = {}) {
  const server = await startTestServer(t, settings);
  const encoder = await publish(server);
  begin(encoder);
  const player = await RtmpDial.connected(server.rtmpPort);
  player.command(1, 'play', 3, null, 'a', -2000);
  await player.until(() => player.media().length >= 6);
  const seen = player.media().length;
  return { server, encoder, player, since: () => story(player.media().slice(seen)) };
}

describe('Playing over RTMP', () => {
  it('follows the whole flow of players, and media begins with metadata, headers and a keyframe', async (t) => {
    const server = await startTestServer(t);
    const encoder = await publish(server);
    begin(encoder);
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(0, 'FCSubscribe', 3, null, 'a');
    player.command(0, 'getStreamLength', 4, null, 'a');
    assert.equal((await player.reply('_result', 4)).args[0], 0);
    await player.reply('onFCSubscribe', 0);
    player.command(1, 'play', 5, null, 'a', -1000, 4000, true);
    await player.until(() => player.media().length >= 6);
    const types = player.messages
      .slice(-8)
      .map(({ typeId, body }) => (typeId === 4 ? `4 ${body[1]}` : typeId));
    assert.deepEqual(
      types,
      [20, 20, 18, 18, 9, 8, 9, 8].map((type) => type),
    );
    assert.deepEqual(player.told.slice(-2), [
      'onStatus NetStream.Play.Reset',
      'onStatus NetStream.Play.Start',
    ]);
    assert.deepEqual(story(player.media()).slice(1), [
      'metadata data 0',
      'config video 0',
      'config audio 0',
      'keyframe video 0',
      'audio audio 5',
    ]);
    await encoder.stop();
    await player.untilEnded();
    assert.deepEqual(player.told.slice(-2), [
      'onStatus NetStream.Play.UnpublishNotify',
      'onStatus NetStream.Play.Stop',
    ]);
    assert.ok(
      player.messages.some(({ typeId, body }) => typeId === 4 && body[1] === 1),
      'StreamEOF',
    );
  });

  for (const [what, args] of [
    ['nothing but the name', []],
    ['a position', [0]],
    ['live only, for ever', [-1, -1]],
    ['reset as a number', [-2000, -1, 1]],
    ['nulls', [null, null, null]],
  ] as const) {
    it(`is live for a play with ${what}`, async (t) => {
      const server = await startTestServer(t);
      const encoder = await publish(server);
      begin(encoder);
      const player = await RtmpDial.connected(server.rtmpPort);
      player.command(1, 'play', 0, null, 'a', ...args);
      await player.until(() => player.media().length >= 6);
      assert.equal(player.told.includes('onStatus NetStream.Play.Reset'), args[2] === 1);
      await encoder.stop();
    });
  }

  for (const [start, duration] of [
    [-1000, 100],
    [-2, 0.1],
  ] as const) {
    it(`ends after the duration ${duration} beside the start ${start}, counted in media time, and nobody else does`, async (t) => {
      const { server, encoder, player, since } = await onAir(t);
      const short = await RtmpDial.connected(server.rtmpPort);
      short.command(1, 'play', 3, null, 'a', start, duration);
      await short.until(() => short.media().length >= 6);
      send(encoder, ['interframe', 40], ['interframe', 80]);
      send(encoder, ['interframe', 120]);
      await short.untilEnded();
      assert.equal(short.told.at(-1), 'onStatus NetStream.Play.Stop');
      assert.equal(short.told.includes('onStatus NetStream.Play.UnpublishNotify'), false);
      assert.equal(story(short.media()).at(-1), 'interframe video 80');
      await player.until(() => since().length === 3);
      assert.equal(player.ended, false);
      await encoder.stop();
    });
  }

  it('is live for a position, and takes no duration beside one, because its unit is not known', async (t) => {
    const { server, encoder } = await onAir(t);
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 3, null, 'a', 0, 1);
    await player.until(() => player.media().length >= 6);
    send(encoder, ['interframe', 900], ['interframe', 1_800]);
    await player.until(() => story(player.media()).includes('interframe video 1800'));
    await encoder.stop();
  });

  it('stops while paused, and goes on with headers, sound and a keyframe', async (t) => {
    const { encoder, player, since } = await onAir(t);
    player.command(1, 'pause', 0, null, true, 40);
    await player.status('NetStream.Pause.Notify', 1);
    send(encoder, ['interframe', 40], ['audio', 45], ['keyframe', 80]);
    await player.roundTrip();
    assert.deepEqual(since(), []);
    player.command(1, 'pause', 0, null, false, 40);
    await player.status('NetStream.Unpause.Notify', 1);
    await player.roundTrip();
    send(encoder, ['interframe', 120], ['audio', 125]);
    send(encoder, ['keyframe', 160], ['audio', 165]);
    await player.until(() => since().some((line) => line === 'audio audio 165'));
    const lines = since();
    assert.match(lines[0] ?? '', /^config audio/);
    assert.deepEqual(
      lines.slice(1).filter((line) => line.includes('video')),
      ['config video 160', 'keyframe video 160'],
    );
    await encoder.stop();
  });

  it('leaves out sound or pictures that the player does not want', async (t) => {
    const { encoder, player, since } = await onAir(t);
    player.command(1, 'receiveVideo', 0, null, false);
    await player.roundTrip();
    send(encoder, ['interframe', 40], ['audio', 45]);
    await player.until(() => since().length === 1);
    assert.deepEqual(since(), ['audio audio 45']);
    player.command(1, 'receiveAudio', 0, null, false);
    player.command(1, 'receiveVideo', 0, null, true);
    await player.status('NetStream.Seek.Notify', 1);
    await player.roundTrip();
    send(encoder, ['interframe', 80], ['audio', 85]);
    send(encoder, ['keyframe', 120], ['audio', 125]);
    await player.until(() => since().length === 3);
    assert.deepEqual(since().slice(1), ['config video 120', 'keyframe video 120']);
    await encoder.stop();
  });

  it('keeps what was said before the stream began', async (t) => {
    const server = await startTestServer(t);
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 0, null, 'a');
    player.command(1, 'receiveVideo', 0, null, false);
    await player.roundTrip();
    const encoder = await publish(server);
    begin(encoder);
    await player.until(() => player.media().length >= 4);
    assert.deepEqual(story(player.media()).slice(1), ['metadata data 0', 'config audio 0', 'audio audio 5']);
    await encoder.stop();
  });

  it('answers a seek and plays on', async (t) => {
    const { encoder, player, since } = await onAir(t);
    player.command(1, 'seek', 0, null, 1000);
    await player.status('NetStream.Seek.Notify', 1);
    send(encoder, ['interframe', 40]);
    await player.until(() => since().length === 1);
    await encoder.stop();
  });

  it('stays through a publisher that drops, and is told when it is back', async (t) => {
    const { server, encoder, player } = await onAir(t);
    await encoder.cut();
    await player.until(() => player.messages.some(({ typeId, body }) => typeId === 4 && body[1] === 2));
    const again = await publish(server);
    const notify = await player.status('NetStream.Play.PublishNotify', 1);
    assert.equal(notify.name, 'onStatus');
    const seen = player.media().length;
    begin(again);
    await player.until(() => player.media().length >= seen + 4);
    assert.equal(player.told.includes('onStatus NetStream.Play.UnpublishNotify'), false);
    await again.stop();
    await player.status('NetStream.Play.UnpublishNotify', 1);
    await player.untilEnded();
  });

  it('switches to another stream on the same message stream', async (t) => {
    const { server, encoder, player } = await onAir(t);
    const other = await publish(server, 'b');
    begin(other);
    player.command(1, 'play', 4, null, 'b', -2, -1, true);
    await player.status('NetStream.Play.Reset', 1);
    await player.until(() => player.media().length >= 12);
    assert.equal((await server.stream('live/a'))?.viewers.rtmp, 0);
    assert.equal((await server.stream('live/b'))?.viewers.rtmp, 1);
    await encoder.stop();
    send(other, ['interframe', 40]);
    await player.until(() => player.media().length >= 13);
    await other.stop();
    await player.untilEnded();
  });

  it('plays several streams on one connection, each with its own end', async (t) => {
    const { server, encoder, player } = await onAir(t);
    const other = await publish(server, 'b');
    begin(other);
    player.command(0, 'createStream', 7);
    assert.equal((await player.reply('_result', 7)).args[0], 2);
    player.command(2, 'play', 0, null, 'b');
    await player.until(() => player.media(2).length >= 6);
    assert.equal((await server.stream('live/a'))?.viewers.rtmp, 1);
    await encoder.stop();
    await player.status('NetStream.Play.Stop', 1);
    send(other, ['interframe', 40]);
    await player.until(() => player.media(2).length >= 7);
    assert.equal(player.ended, false);
    await other.stop();
    await player.status('NetStream.Play.Stop', 2);
    await player.untilEnded();
  });

  it('ends one of its plays with closeStream, deleteStream or play(false), and keeps the other', async (t) => {
    for (const stop of ['closeStream', 'deleteStream', 'play'] as const) {
      const { server, encoder, player } = await onAir(t);
      player.command(0, 'createStream', 7);
      await player.reply('_result', 7);
      player.command(2, 'play', 0, null, 'a');
      await player.until(() => player.media(2).length >= 6);
      if (stop === 'deleteStream') player.command(0, 'deleteStream', 0, null, 1);
      else if (stop === 'closeStream') player.command(1, 'closeStream', 0);
      else player.command(1, 'play', 0, null, false);
      await player.roundTrip();
      assert.equal((await server.stream('live/a'))?.viewers.rtmp, 1);
      const [one, two] = [player.media(1).length, player.media(2).length];
      send(encoder, ['interframe', 40]);
      await player.until(() => player.media(2).length > two);
      assert.equal(player.media(1).length, one);
      await encoder.stop();
      await player.untilEnded();
    }
  });

  it('refuses a second play and keeps the first', async (t) => {
    const { encoder, player, since } = await onAir(t);
    player.command(0, 'createStream', 7);
    await player.reply('_result', 7);
    player.command(2, 'play', 0, null, '.hidden');
    const refused = await player.status('NetStream.Play.StreamNotFound', 2);
    assert.match(String(amfGet(refused.args[0], 'description')), /begins with a dot/);
    send(encoder, ['interframe', 40]);
    await player.until(() => since().length === 1);
    await encoder.stop();
    await player.untilEnded();
  });

  it('plays what the same connection publishes', async (t) => {
    const server = await startTestServer(t);
    const both = await RtmpDial.connected(server.rtmpPort);
    both.command(1, 'publish', 3, null, 'a', 'live');
    await both.status('NetStream.Publish.Start', 1);
    both.command(0, 'createStream', 7);
    await both.reply('_result', 7);
    both.command(2, 'play', 0, null, 'a');
    await both.status('NetStream.Play.Start', 2);
    for (const body of [bodies.videoConfig, bodies.keyframe]) {
      both.send({ typeId: 9, messageStreamId: 1, body });
    }
    both.send({ typeId: 8, messageStreamId: 1, body: bodies.audioConfig });
    both.send({ typeId: 8, messageStreamId: 1, body: bodies.audio });
    await both.until(() => both.media(2).length >= 4);
    both.command(0, 'deleteStream', 0, null, 1);
    await both.status('NetStream.Play.Stop', 2);
    await both.untilEnded();
  });

  it('says once that the line is too slow, and has whole frames from a keyframe on afterwards', async (t) => {
    const { server, encoder, player } = await onAir(t, { 'viewer.queue_bytes': 65_536 });
    player.socket.pause();
    const frame = new Uint8Array(100_000);
    frame.set(bodies.interframe.subarray(0, 5));
    // More than the kernel keeps for a reader who does not read.
    for (let i = 1; i <= 200; i++) {
      encoder.send('video', i * 40, frame);
      encoder.flush();
    }
    while (((await server.stream('live/a'))?.bytesIn ?? 0) < 20_000_000);
    player.socket.resume();
    await player.status('NetStream.Play.InsufficientBW', 1);
    await player.roundTrip();
    const seen = player.media().length;
    send(encoder, ['interframe', 8_040], ['keyframe', 8_080]);
    await player.until(() => player.media().length >= seen + 2);
    assert.deepEqual(story(player.media().slice(seen)), ['config video 8080', 'keyframe video 8080']);
    const warnings = player.commands.filter((command) => codeOf(command) === 'NetStream.Play.InsufficientBW');
    assert.deepEqual(
      warnings.map(({ args }) => amfGet(args[0], 'level')),
      ['warning'],
    );
    await encoder.stop();
  });

  it('tells a viewer that the operator ended it, and leaves the others', async (t) => {
    const { server, encoder, player, since } = await onAir(t);
    const flv = await FlvViewer.ws(`${server.ws}/live/a.flv`);
    await flv.untilTags(5);
    const { items } = (await (await server.api('sessions')).json()) as SessionPage;
    const viewer = items.find(({ protocol, role }) => protocol === 'rtmp' && role === 'viewer');
    assert.equal((await server.api(`sessions/${viewer?.id}`, { method: 'DELETE' })).status, 204);
    await player.untilEnded();
    assert.equal(player.told.at(-1), 'onStatus NetStream.Play.Stop');
    assert.deepEqual(since(), []);
    send(encoder, ['interframe', 40]);
    await flv.untilTags(6);
    flv.close();
    await encoder.stop();
  });
});
