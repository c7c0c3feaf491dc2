import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { SessionPage } from '../../shared/contract/sessions.ts';
import type { ClientEvent } from '../rtmp/client-session.ts';
import { relayCapabilities } from '../rtmp/enhanced-capabilities.ts';
import { type PlayTarget, RtmpPlayerClient } from '../transport/client/rtmp-player-client.ts';
import { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { RtmpRefused } from '../transport/client/rtmp-refused.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir } from './on-air.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** What a client was told, and a way to wait for more. */
class Told {
  readonly events: ClientEvent[] = [];
  #wake: () => void = () => {};

  readonly listen = (event: ClientEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  /** `video 40`, `status NetStream.Play.Stop` and the like, without data messages. */
  get lines(): string[] {
    return this.events
      .filter((event) => event.type !== 'media' || event.kind !== 'data')
      .map((event) => {
        if (event.type === 'media') return `${event.kind} ${event.timestamp}`;
        return event.type === 'status' ? `status ${event.code}` : event.type;
      });
  }

  async until(line: string, times = 1): Promise<void> {
    while (this.lines.filter((other) => other === line).length < times) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const target = (server: TestServer, key = 'a') => ({
  host: '127.0.0.1',
  port: server.rtmpPort,
  app: 'live',
  key,
});

async function play(server: TestServer, options: Partial<PlayTarget> = {}) {
  const told = new Told();
  const player = await RtmpPlayerClient.open({ ...target(server), ...options, onEvent: told.listen });
  return { player, told };
}

/** A TCP relay in front of a port, which can fall silent without closing. */
async function silencer(t: TestContext, port: number) {
  const sockets: Socket[] = [];
  const relay = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port });
    for (const socket of [near, far]) socket.on('error', () => {});
    sockets.push(near, far);
    near.pipe(far);
    far.pipe(near);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    relay.close();
  });
  return {
    port: (relay.address() as AddressInfo).port,
    fallSilent: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
  };
}

describe('Our own player', () => {
  it('plays from metadata to the end, and hears why it ended', async (t) => {
    const server = await startTestServer(t);
    const encoder = await goOnAir(server);
    const { player, told } = await play(server);
    await told.until('audio 5');
    assert.deepEqual(told.lines, ['play-started', 'video 0', 'audio 0', 'video 0', 'audio 5']);
    await encoder.stop();
    assert.equal(await player.closed, undefined);
    assert.deepEqual(told.lines.slice(-3), [
      'status NetStream.Play.UnpublishNotify',
      'stream-eof',
      'status NetStream.Play.Stop',
    ]);
  });

  it('pauses, seeks, chooses tracks and stops', async (t) => {
    const server = await startTestServer(t);
    const encoder = await goOnAir(server);
    const { player, told } = await play(server);
    await told.until('audio 5');
    player.pause(true);
    await told.until('status NetStream.Pause.Notify');
    player.pause(false);
    await told.until('status NetStream.Unpause.Notify');
    player.seek(1_000);
    await told.until('status NetStream.Seek.Notify');
    player.want('video', false);
    player.seek(2_000);
    await told.until('status NetStream.Seek.Notify', 2);
    encoder.send('video', 40, bodies.keyframe);
    encoder.send('audio', 45, bodies.audio);
    encoder.flush();
    await told.until('audio 45');
    assert.equal(told.lines.includes('video 40'), false);
    await player.stop();
    assert.equal((await server.stream('live/a'))?.viewers.rtmp, 0);
    await encoder.stop();
  });

  it('plays for as long as it asks for', async (t) => {
    const server = await startTestServer(t);
    const encoder = await goOnAir(server);
    const { player, told } = await play(server, { play: { durationMs: 50 } });
    await told.until('audio 5');
    encoder.send('video', 60, bodies.interframe);
    encoder.flush();
    assert.equal(await player.closed, undefined);
    assert.deepEqual(told.lines.slice(-2), ['stream-eof', 'status NetStream.Play.Stop']);
    await encoder.stop();
  });

  it('is refused with the code and the sentence', async (t) => {
    const server = await startTestServer(t);
    await assert.rejects(play(server, { key: '.a' }), (error: unknown) => {
      assert.ok(error instanceof RtmpRefused);
      assert.equal(error.code, 'NetStream.Play.StreamNotFound');
      assert.match(error.message, /begins with a dot/);
      return true;
    });
  });

  it('plays over RTMPS what our publisher sends over RTMPS', async (t) => {
    const server = await startTestServer(t, { 'rtmps.port': 0 });
    const secure = {
      ...target(server),
      port: server.rtmpsPort as number,
      tls: { rejectUnauthorized: false },
    };
    const encoder = await RtmpPublisherClient.open(secure);
    encoder.send('video', 0, bodies.videoConfig);
    encoder.send('audio', 0, bodies.audioConfig);
    encoder.send('video', 0, bodies.keyframe);
    encoder.flush();
    const { player, told } = await play(server, secure);
    await told.until('video 0');
    await encoder.stop();
    await player.closed;
    await assert.rejects(play(server, { ...secure, tls: {} }), /certificate/);
  });
});

describe('Our own client', () => {
  it('shakes hands, introduces itself and cuts its chunks as it is told', async (t) => {
    const server = await startTestServer(t);
    const session = {
      digest: true,
      flashVer: 'FMLE/3.0 (compatible; test)',
      outChunkSize: 10_000,
      capabilities: relayCapabilities,
      properties: { pageUrl: 'http://page' },
    };
    const client = await RtmpPublisherClient.open({ ...target(server), session });
    const granted = await server.logged('connect granted');
    assert.equal(granted.handshake, 'digest');
    assert.deepEqual((granted.enhanced as { capsEx: number }).capsEx, relayCapabilities.capsEx);
    const connected = await server.logged('RTMP client connected');
    assert.equal(connected.userAgent, session.flashVer);
    await client.stop();
    assert.equal((await server.logged('closed')).inChunkSize, 10_000);
  });

  it('hears that it is asked to connect again, and is served meanwhile', async (t) => {
    const server = await startTestServer(t);
    const told = new Told();
    const session = { capabilities: relayCapabilities };
    const client = await RtmpPublisherClient.open({ ...target(server), session, onEvent: told.listen });
    const { items } = (await (await server.api('sessions')).json()) as SessionPage;
    await server.api(`sessions/${items[0]?.id}/reconnect`, { method: 'POST' });
    await told.until('reconnect-requested');
    assert.equal(client.open, true);
    await client.stop();
  });

  it('gives up on a server that takes the connection and says nothing', async (t) => {
    const deaf = createServer((socket) => socket.on('error', () => {}));
    deaf.listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    t.after(() => deaf.close());
    const { port } = deaf.address() as AddressInfo;
    const nowhere = { host: '127.0.0.1', port, app: 'live', key: 'a', startWithinMs: 50 };
    await assert.rejects(RtmpPublisherClient.open(nowhere), /did not start within 0\.05 s/);
  });

  it('leaves a server that falls silent, and stays with one that answers its pings', async (t) => {
    const server = await startTestServer(t);
    const relay = await silencer(t, server.rtmpPort);
    const told = new Told();
    const client = await RtmpPublisherClient.open({
      ...target(server),
      port: relay.port,
      deadAfterMs: 300,
      onEvent: told.listen,
    });
    await told.until('pong', 3);
    relay.fallSilent();
    assert.equal(await client.closed, undefined);
    assert.equal(client.open, false);
  });
});
