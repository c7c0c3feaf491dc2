import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import type { FlvTag } from '../../shared/flv/flv-tag.ts';
import type { RtmpPublisherClient } from '../transport/client/rtmp-publisher-client.ts';
import { FlvViewer } from './flv-viewer.ts';
import { FOREIGN } from './hostile/bytes.ts';
import type { HostileCase, Outcome } from './hostile/case.ts';
import { hostileCases } from './hostile/hostile-cases.ts';
import { hostileMedia } from './hostile/media-bodies.ts';
import { bodies } from './media-fixtures.ts';
import { goOnAir, publishTo } from './on-air.ts';
import { RtmpDial } from './rtmp-dial.ts';
import { startTestServer, type TestServer } from './test-server.ts';

// Each input of the table is sent to a server that relays a healthy stream, whose viewers must not notice.

/** A stream with its viewers, from which nothing may be missing and to which nothing may be added. */
class HealthyStream {
  readonly #client: RtmpPublisherClient;
  readonly #viewers: readonly FlvViewer[];
  readonly #player: RtmpDial;
  readonly #sent: Uint8Array[] = [bodies.videoConfig, bodies.audioConfig, bodies.keyframe, bodies.audio];

  private constructor(client: RtmpPublisherClient, viewers: readonly FlvViewer[], player: RtmpDial) {
    this.#client = client;
    this.#viewers = viewers;
    this.#player = player;
  }

  static async start(server: TestServer): Promise<HealthyStream> {
    const client = await goOnAir(server);
    const viewers = [
      await FlvViewer.http(`${server.http}/live/a.flv`),
      await FlvViewer.ws(`${server.ws}/live/a.flv`),
    ];
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 3, null, 'a', -2000);
    const healthy = new HealthyStream(client, viewers, player);
    await healthy.#arrived();
    return healthy;
  }

  /** Sends one more picture with its sound, unlike all others, and waits until everybody has them. */
  async goOn(): Promise<void> {
    const nth = this.#sent.length;
    const mark = encodeUtf8(String(nth));
    const picture = concatBytes([bodies.interframe, mark]);
    const sound = concatBytes([bodies.audio, mark]);
    this.#sent.push(picture, sound);
    this.#client.send('video', 10 * nth, picture);
    this.#client.send('audio', 10 * nth, sound);
    this.#client.flush();
    await this.#arrived();
  }

  async #arrived(): Promise<void> {
    for (const viewer of this.#viewers) await viewer.untilTags(this.#sent.length);
    await this.#player.until(() => this.#playerMedia().length >= this.#sent.length);
  }

  #playerMedia(): Uint8Array[] {
    return this.#player
      .media()
      .filter(({ typeId }) => typeId !== 18)
      .map(({ body }) => body);
  }

  /** Asserts that everybody got exactly what was sent. */
  assertWhole(): void {
    for (const viewer of this.#viewers) {
      assert.equal(viewer.ended, undefined);
      assert.deepEqual(
        viewer.tags.map(({ body }) => body),
        this.#sent,
      );
    }
    assert.deepEqual(this.#playerMedia(), this.#sent);
  }

  async stop(): Promise<void> {
    this.#player.socket.destroy();
    await this.#client.stop();
  }
}

/** All figures of `/metrics`, by name and labels. */
async function figuresOf(server: TestServer): Promise<Map<string, number>> {
  const lines = (await (await fetch(`${server.http}/metrics`)).text()).split('\n');
  return new Map(
    lines
      .filter((line) => line.startsWith('sluice_'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
}

const figureOf = (outcome: Outcome): string => {
  if (outcome === 'idle') return 'sluice_refusals_total{code="timeout"}';
  return 'error' in outcome
    ? `sluice_protocol_errors_total{code="${outcome.error}"}`
    : `sluice_refusals_total{code="${outcome.refusal}"}`;
};

/** Connects, sends and reads all that comes. */
function attack(server: TestServer, bytes: Uint8Array): { socket: Socket; closed: Promise<unknown> } {
  const socket = connect(server.rtmpPort, '127.0.0.1');
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.resume();
  socket.write(bytes);
  return { socket, closed };
}

const start = (t: TestContext): Promise<TestServer> =>
  startTestServer(t, {
    'rtmp.handshake_timeout': 1,
    'rtmp.idle_timeout': 1,
    'rtmp.max_connects_per_second': 0,
    // Half messages may hold twice as much, so that less has to be sent to reach that.
    'rtmp.max_message_bytes': 524_288,
  });

/** Asserts that what the server has of its own is as it was, and that nothing is its own mistake. */
async function assertUnharmed(server: TestServer, before: Map<string, number>): Promise<void> {
  const after = await figuresOf(server);
  for (const name of [
    'sluice_rtmp_connections',
    'sluice_rtmp_unfinished_bytes',
    'sluice_streams',
    'sluice_publishers',
  ]) {
    assert.equal(after.get(name), before.get(name), name);
  }
  assert.equal(after.get('sluice_protocol_errors_total{code="internal"}'), undefined);
  for (const line of server.logLines) {
    assert.equal(line.trimEnd().split('\n').length, 1, line);
    const { level } = JSON.parse(line) as { level: string };
    assert.ok(!['error', 'fatal'].includes(level), line);
  }
}

describe('Beside a healthy stream, of which nothing is lost,', () => {
  const isEndedAtOnce = ({ outcome }: HostileCase): boolean =>
    outcome !== 'idle' && !('refusal' in outcome && outcome.refusal === 'timeout');

  it('each input that breaks the protocol or cannot be granted ends its own connection, by its reason', async (t) => {
    const server = await start(t);
    const healthy = await HealthyStream.start(server);
    const before = await figuresOf(server);
    let last = before;
    for (const input of hostileCases.filter(isEndedAtOnce)) {
      const { closed } = attack(server, input.bytes);
      await healthy.goOn();
      await closed;
      const now = await figuresOf(server);
      const figure = figureOf(input.outcome);
      const changed = [...now].filter(
        ([name, value]) => /_(errors|refusals)_total/.test(name) && value !== (last.get(name) ?? 0),
      );
      assert.deepEqual(changed, [[figure, (last.get(figure) ?? 0) + 1]], input.name);
      last = now;
    }
    healthy.assertWhole();
    await assertUnharmed(server, before);
    await healthy.stop();
  });

  it('each input that can be stood is stood, and its connection ends when it has done nothing useful for a second', async (t) => {
    const server = await start(t);
    const healthy = await HealthyStream.start(server);
    const before = await figuresOf(server);
    const inputs = hostileCases.filter((input) => !isEndedAtOnce(input));
    const ends: Promise<unknown>[] = [];
    for (const { bytes } of inputs) {
      ends.push(attack(server, bytes).closed);
      await healthy.goOn();
    }
    await Promise.all(ends);
    const after = await figuresOf(server);
    assert.equal(after.get(figureOf('idle')), inputs.length);
    healthy.assertWhole();
    await assertUnharmed(server, before);
    await healthy.stop();
  });

  it('each input leaves nothing behind when its sender hangs up in the middle of it', async (t) => {
    const server = await start(t);
    const healthy = await HealthyStream.start(server);
    const before = await figuresOf(server);
    for (const [nth, { bytes }] of hostileCases.entries()) {
      const { socket, closed } = attack(server, bytes.subarray(0, Math.ceil((bytes.length * (nth % 7)) / 7)));
      if (nth % 2 === 0) socket.end();
      else socket.once('connect', () => socket.resetAndDestroy());
      await healthy.goOn();
      await closed;
    }
    // A reset is not seen at once: the server has forgotten the last of them when its figures say so.
    for (let open = -1; open !== before.get('sluice_rtmp_connections'); ) {
      await healthy.goOn();
      open = (await figuresOf(server)).get('sluice_rtmp_connections') ?? -1;
    }
    healthy.assertWhole();
    await assertUnharmed(server, before);
    await healthy.stop();
  });

  it('a player who sends media is not relayed, on any stream of its connection', async (t) => {
    const server = await start(t);
    const healthy = await HealthyStream.start(server);
    const player = await RtmpDial.connected(server.rtmpPort);
    player.command(1, 'play', 3, null, 'a', -2000);
    await player.status('NetStream.Play.Start');
    for (const msid of [0, 1, 2, 7]) {
      const body = concatBytes([bodies.interframe, FOREIGN]);
      player.send({ typeId: 9, messageStreamId: msid, chunkStreamId: 6, body });
      player.send({ typeId: 8, messageStreamId: msid, chunkStreamId: 4, body });
    }
    await player.roundTrip();
    await healthy.goOn();
    healthy.assertWhole();
    player.socket.destroy();
    await healthy.stop();
  });

  it('media that makes no sense reaches nobody but the viewers of its own stream, who can read it', async (t) => {
    const server = await start(t);
    const healthy = await HealthyStream.start(server);
    for (const [nth, [typeId, body]] of hostileMedia.entries()) {
      const key = `guest${nth}`;
      const guest = await RtmpDial.connected(server.rtmpPort);
      guest.command(1, 'publish', 3, null, key, 'live');
      await guest.status('NetStream.Publish.Start');
      const send = (type: number, bytes: Uint8Array, timestamp: number): void =>
        guest.send({ typeId: type, chunkStreamId: 6, messageStreamId: 1, timestamp, body: bytes });
      send(9, bodies.videoConfig, 0);
      send(8, bodies.audioConfig, 0);
      send(9, bodies.keyframe, 0);
      const viewers = [
        await FlvViewer.http(`${server.http}/live/${key}.flv`),
        await FlvViewer.ws(`${server.ws}/live/${key}.flv`),
      ];
      send(typeId, body, [0, 10, 0xffffff, 0xffffffff][nth % 4]!);
      send(9, bodies.interframe, 40);
      send(9, bodies.keyframe, 80);
      // What changes the tracks ends their responses; all else they get, and read without a fault.
      const isKeyframe = (tag: FlvTag): boolean => Buffer.compare(tag.body, bodies.keyframe) === 0;
      for (const viewer of viewers) {
        await viewer.until(({ ended, tags }) => ended !== undefined || tags.filter(isKeyframe).length === 2);
        assert.ok(viewer.ended === undefined || viewer.ended.clean);
        viewer.close();
      }
      await guest.roundTrip();
      guest.socket.destroy();
      await healthy.goOn();
    }
    healthy.assertWhole();
    await healthy.stop();
  });
});

it('Of twenty who ask for one key at the same time, one gets it', async (t) => {
  const server = await startTestServer(t);
  for (let round = 0; round < 5; round++) {
    const key = `race${round}`;
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => publishTo(server, key)));
    const winners = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(winners.length, 1);
    for (const one of tries) {
      if (one.status === 'rejected') assert.match(String(one.reason), /is already being published by/);
    }
    await winners[0]?.stop();
  }
});

describe('One stream has one name, and two have two:', () => {
  const composed = 'caf\u00e9';
  const decomposed = 'cafe\u0301';

  it('a letter and its accent, over RTMP, HTTP and API alike', async (t) => {
    const server = await startTestServer(t);
    const client = await goOnAir(server, decomposed);
    await assert.rejects(publishTo(server, composed), /is already being published by/);
    for (const name of [composed, decomposed]) {
      const path = `/live/${encodeURIComponent(name)}`;
      const viewers = [
        await FlvViewer.http(`${server.http}${path}.flv`),
        await FlvViewer.ws(`${server.ws}${path}.flv`),
      ];
      for (const viewer of viewers) await viewer.untilTags(4);
      assert.equal((await server.stream(`live/${encodeURIComponent(name)}`))?.name, `live/${composed}`);
      const player = await RtmpDial.connected(server.rtmpPort);
      player.command(1, 'play', 3, null, name);
      await player.status('NetStream.Play.Start');
      player.socket.destroy();
    }
    await client.stop();
  });

  it('large and small letters, full-width letters, and letters of other scripts that look alike', async (t) => {
    const server = await startTestServer(t);
    const names = ['cam', 'Cam', 'CAM', 'ｃａｍ', 'сam', 'cam\u0331'];
    const clients = [];
    for (const name of names) clients.push(await goOnAir(server, name));
    const { items } = (await (await server.api('streams')).json()) as { items: { name: string }[] };
    assert.deepEqual(items.map(({ name }) => name).sort(), names.map((name) => `live/${name}`).sort());
    for (const client of clients) await client.stop();
  });
});
