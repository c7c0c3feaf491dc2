import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { RawClient, testCrypto } from '../test/rtmp-kit.ts';
import { defaultRtmpLimits, type LimitName, type RtmpLimits } from './limits.ts';
import { RtmpProtocolError } from './rtmp-protocol-error.ts';
import { ServerSession } from './server-session.ts';

function connected(limits: Partial<RtmpLimits> = {}): RawClient {
  const client = new RawClient(new ServerSession({ crypto: testCrypto, limits }));
  client.connect();
  return client;
}

/** Asserts that taking events ends with an error that names this limit. */
function assertLimit(limit: LimitName, client: RawClient): void {
  assert.throws(
    () => client.take(),
    (error: unknown) => {
      assert.ok(error instanceof RtmpProtocolError, String(error));
      assert.equal(error.diagnostic.limit, limit, error.message);
      return true;
    },
  );
}

describe('Commands', () => {
  test('come in a burst of the limit, and not one more', () => {
    const client = connected({ maxCommandBurst: 10 });
    client.nowMs = 1_000;
    for (let i = 0; i < 10; i++) client.command(0, '_checkbw', 0);
    assert.doesNotThrow(() => client.take());
    client.command(0, '_checkbw', 0);
    assertLimit('maxCommandsPerSecond', client);
  });

  test('come for ever at the rate of the limit, shared objects among them', () => {
    const client = connected({ maxCommandBurst: 2, maxCommandsPerSecond: 10 });
    for (client.nowMs = 0; client.nowMs < 10_000; client.nowMs += 200) {
      client.command(0, '_checkbw', 0);
      client.send({ typeId: 19, body: fromHex('0001 61') });
      assert.doesNotThrow(() => client.take());
    }
    client.nowMs += 100;
    client.send({ typeId: 19, body: fromHex('0001 61') });
    client.send({ typeId: 19, body: fromHex('0001 61') });
    client.send({ typeId: 19, body: fromHex('0001 61') });
    assertLimit('maxCommandsPerSecond', client);
  });

  test('are not judged without a clock', () => {
    const client = connected();
    for (let i = 0; i < 2 * defaultRtmpLimits.maxCommandBurst; i++) client.command(0, '_checkbw', 0);
    assert.doesNotThrow(() => client.take());
  });
});

test('Publish and play are asked for as often as the limit says, and not once more', () => {
  for (const name of ['publish', 'play']) {
    const client = connected({ maxRequestBurst: 3 });
    client.nowMs = 0;
    for (let i = 0; i < 3; i++) {
      client.command(1, name, 0, null, 'main');
      client.take();
      client.session.rejectPublish(1, 'x', 'y');
      client.session.rejectPlay(1, 'x', 'y');
    }
    client.nowMs = 999;
    client.command(1, name, 0, null, 'main');
    assertLimit('maxRequestsPerSecond', client);
  }
});

test('Data above the rate is dropped and counted, and the connection stays', () => {
  const client = connected({ maxDataBurst: 5 });
  client.nowMs = 0;
  client.command(1, 'publish', 0, null, 'main');
  client.take();
  client.session.acceptPublish(1);
  for (let i = 0; i < 6; i++) client.send({ typeId: 18, messageStreamId: 1, body: fromHex('02 0001 61') });
  client.audio(1, 0);
  assert.deepEqual(client.take(), Array(6).fill('media'));
  assert.equal(client.session.droppedMedia, 1);
});

describe('An error says which limit was reached:', () => {
  for (const [typeId, limit] of [
    [9, 'maxMediaBytes'],
    [8, 'maxMediaBytes'],
    [22, 'maxMediaBytes'],
    [18, 'maxDataBytes'],
    [15, 'maxDataBytes'],
    [20, 'maxCommandBytes'],
    [19, 'maxCommandBytes'],
    [99, 'maxCommandBytes'],
    [4, 'maxControlBytes'],
  ] as const) {
    test(`${limit} for type ${typeId}, one byte past it`, () => {
      const limits = { maxMediaBytes: 40, maxDataBytes: 30, maxCommandBytes: 100, maxControlBytes: 10 };
      const client = connected(limits);
      client.send({ typeId, body: new Uint8Array(limits[limit]) });
      assert.doesNotThrow(() => client.take());
      client.send({ typeId, body: new Uint8Array(limits[limit] + 1) });
      assertLimit(limit, client);
    });
  }

  test('maxChunkStreams', () => {
    const client = connected({ maxChunkStreams: 3 });
    for (const chunkStreamId of [5, 6]) client.send({ typeId: 8, chunkStreamId, body: new Uint8Array(1) });
    assert.doesNotThrow(() => client.take());
    client.send({ typeId: 8, chunkStreamId: 7, body: new Uint8Array(1) });
    assertLimit('maxChunkStreams', client);
  });

  test('maxPartialBytes', () => {
    const client = connected({ maxPartialBytes: 40_000 });
    const begin = (id: number) =>
      concatBytes([
        fromHex(`${id.toString(16).padStart(2, '0')} 000000 00f000 09 01000000`),
        new Uint8Array(128),
      ]);
    client.session.receive(begin(5));
    client.session.receive(begin(6));
    assert.doesNotThrow(() => client.take());
    assert.equal(client.session.partialBytes, 2 * 16_384);
    client.session.receive(begin(7));
    assertLimit('maxPartialBytes', client);
    client.session.close();
    assert.equal(client.session.partialBytes, 0);
  });

  test('maxHeldMessages', () => {
    const client = connected({ maxHeldMessages: 2 });
    client.command(1, 'publish', 0, null, 'main');
    for (let i = 0; i < 2; i++) client.command(0, '_checkbw', 0);
    assert.doesNotThrow(() => client.take());
    client.command(0, '_checkbw', 0);
    assertLimit('maxHeldMessages', client);
  });

  test('maxPendingOutputBytes', () => {
    const client = connected({ maxPendingOutputBytes: 5_000 });
    for (let i = 0; i < 1000; i++) client.command(0, '_checkbw', 8);
    assertLimit('maxPendingOutputBytes', client);
  });
});
