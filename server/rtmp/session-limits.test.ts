import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amfObject } from '../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { RawClient, testCrypto } from '../test/rtmp-kit.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { encodeCommand } from './command.ts';
import { decodeControlMessage, encodeControlMessage } from './control-message.ts';
import { defaultRtmpLimits, LimitError, type LimitName, type RtmpLimits } from './limits.ts';
import { RtmpProtocolError } from './rtmp-protocol-error.ts';
import { ServerSession } from './server-session.ts';
import { decodeUserControl, encodeUserControl } from './user-control.ts';

function connected(limits: Partial<RtmpLimits> = {}): RawClient {
  const client = new RawClient(new ServerSession({ crypto: testCrypto, limits }));
  client.connect();
  return client;
}

const hex16 = (value: number): string => value.toString(16).padStart(4, '0');
const hex32 = (value: number): string => value.toString(16).padStart(8, '0');

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

test('Publish and play are asked for for ever at the rate of the limit', () => {
  const client = connected({ maxRequestBurst: 1, maxRequestsPerSecond: 2 });
  for (client.nowMs = 0; client.nowMs < 20_000; client.nowMs += 500) {
    client.command(1, 'play', 0, null, 'main');
    assert.doesNotThrow(() => client.take());
  }
  client.nowMs -= 1;
  client.command(1, 'play', 0, null, 'main');
  assertLimit('maxRequestsPerSecond', client);
});

test('Data comes for ever at the rate of the limit, and is told of once more often', () => {
  const client = connected({ maxDataBurst: 1, maxDataPerSecond: 10 });
  client.nowMs = 0;
  client.command(1, 'publish', 0, null, 'main');
  client.take();
  client.session.acceptPublish(1);
  const data = { typeId: 18, messageStreamId: 1, body: fromHex('02 0001 61') };
  for (; client.nowMs < 10_000; client.nowMs += 100) {
    client.send(data);
    assert.deepEqual(client.take(), ['media']);
  }
  client.nowMs -= 1;
  client.send(data);
  assert.deepEqual(client.take(), ['limit-reached']);
});

test('Pings are answered in a burst of the limit, then at its rate; none of the others ends the connection', () => {
  const client = connected({ maxPingBurst: 3, maxPingsPerSecond: 2 });
  /** The values of the answers to pings with these values, each read before the next is sent. */
  const answersTo = (...values: number[]): number[] =>
    values.flatMap((value) => {
      client.send({ typeId: 4, chunkStreamId: 2, body: encodeUserControl({ event: 6, value }) });
      client.take();
      return client.messages().map(({ body }) => decodeUserControl(body)?.value ?? -1);
    });
  const left = (): number => client.events.filter(({ type }) => type === 'limit-reached').length;
  client.nowMs = 0;
  assert.deepEqual(answersTo(1, 2, 3), [1, 2, 3]);
  assert.equal(left(), 0);
  assert.deepEqual(answersTo(4), []);
  assert.equal(left(), 1);
  client.nowMs = 499;
  assert.deepEqual(answersTo(5), []);
  client.nowMs = 500;
  assert.deepEqual(answersTo(6, 7), [6]);
  for (; client.nowMs < 20_000; client.nowMs += 500) client.take();
  assert.deepEqual(answersTo(8, 9, 10, 11), [8, 9, 10]);
  client.command(0, '_checkbw', 8);
  client.take();
  assert.deepEqual(client.replies(), ['_result']);
});

test('Changes of the bandwidth are answered in a burst of the limit, and no more of them', () => {
  const client = connected({ maxPingBurst: 3 });
  client.nowMs = 0;
  const answers = Array.from({ length: 10 }, (_, i) => {
    const { typeId, body } = encodeControlMessage({
      name: 'set-peer-bandwidth',
      size: 100_000 + i,
      limitType: 0,
    });
    client.send({ typeId, chunkStreamId: 2, body });
    client.take();
    return client
      .messages()
      .map((message) => decodeControlMessage(message))
      .flatMap((control) => (control?.name === 'window-ack-size' ? control.size : []));
  });
  assert.deepEqual(answers.flat(), [100_000, 100_001, 100_002]);
  assert.equal(client.events.filter(({ type }) => type === 'limit-reached').length, 7);
});

describe('Before its connect a client', () => {
  /** So many zero bytes of an audio message of 4 KiB, with its header: 1 + 11 bytes, and one more for each 128. */
  const audio = (bytes: number): Uint8Array => {
    const parts = [fromHex('04 000000 001000 08 00000000')];
    for (let at = 0; at < 4096; at += 128) parts.push(new Uint8Array(128), Uint8Array.of(0xc4));
    return concatBytes(parts).subarray(0, bytes);
  };
  const client = (maxBytesBeforeConnect: number): RawClient =>
    new RawClient(new ServerSession({ crypto: testCrypto, limits: { maxBytesBeforeConnect } }));

  test('may send as many bytes as the limit says, and not one more', () => {
    const honest = client(1000);
    honest.session.receive(audio(1000));
    assert.doesNotThrow(() => honest.take());
    const greedy = client(1000);
    greedy.session.receive(audio(1001));
    assert.throws(
      () => greedy.take(),
      (error: unknown) => error instanceof LimitError && error.limit === 'maxBytesBeforeConnect',
    );
    assert.deepEqual(greedy.take(), []);
  });

  test('may send the connect and any more in one go', () => {
    const eager = client(200);
    const connect = encodeCommand('connect', 1, amfObject({ app: 'live' }));
    const writer = new ChunkWriter();
    const out = new ByteWriter();
    writer.write(out, { chunkStreamId: 3, timestamp: 0, messageStreamId: 0, typeId: 20, body: connect });
    eager.session.receive(concatBytes([out.finish(), audio(4000)]));
    assert.deepEqual(eager.take(), ['handshake-done', 'connect-request']);
  });
});

describe('What is left out, and leaves the connection as it is, is told:', () => {
  /** The limits that were told of, without anything else. */
  const limitsOf = (client: RawClient): LimitName[] => {
    const before = client.events.length;
    client.take();
    return client.events
      .slice(before)
      .map((event) => (event.type === 'limit-reached' ? event.limit : undefined))
      .filter((limit) => limit !== undefined);
  };

  test('a stream too many, asked for in any way', () => {
    const client = connected({ maxMessageStreams: 3 });
    client.command(0, 'createStream', 3);
    client.command(7, 'play', 0, null, 'a');
    assert.deepEqual(limitsOf(client), []);
    client.command(0, 'createStream', 4);
    client.command(8, 'play', 0, null, 'a');
    client.command(9, 'publish', 0, null, 'a');
    assert.deepEqual(limitsOf(client), Array(3).fill('maxMessageStreams'));
    client.command(0, 'deleteStream', 0, null, 7);
    client.command(0, 'createStream', 5);
    assert.deepEqual(limitsOf(client), []);
  });

  test('media that is held for a decision, by its bytes and by its number', () => {
    for (const [limits, limit] of [
      [{ maxHeldBytes: 10 }, 'maxHeldBytes'],
      [{ maxHeldMessages: 10 }, 'maxHeldMessages'],
    ] as const) {
      const client = connected(limits);
      client.command(1, 'publish', 0, null, 'main');
      for (let i = 0; i < 10; i++) client.audio(1, i);
      assert.deepEqual(limitsOf(client), []);
      client.audio(1, 10);
      assert.deepEqual(limitsOf(client), [limit]);
      assert.equal(client.session.droppedMedia, 1);
    }
  });
});

test('Data above the rate is dropped and counted, and the connection stays', () => {
  const client = connected({ maxDataBurst: 5 });
  client.nowMs = 0;
  client.command(1, 'publish', 0, null, 'main');
  client.take();
  client.session.acceptPublish(1);
  for (let i = 0; i < 6; i++) client.send({ typeId: 18, messageStreamId: 1, body: fromHex('02 0001 61') });
  client.audio(1, 0);
  assert.deepEqual(client.take(), [...Array(5).fill('media'), 'limit-reached', 'media']);
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

  for (const [limit, most, argument] of [
    ['maxAmfDepth', 5, (n: number) => `${'0a 00000001'.repeat(n - 1)} 0a 00000000`],
    // The name, the number and the object of the command count as well, and so does the array.
    ['maxAmfValues', 14, (n: number) => `0a ${hex32(n - 4)}${'05'.repeat(n - 4)}`],
    ['maxAmfStringBytes', 20, (n: number) => `0c ${hex32(n)}${'61'.repeat(n)}`],
    [
      'maxAmfTextBytes',
      40,
      (n: number) => `02 0012 ${'61'.repeat(18)} 02 ${hex16(n - 26)}${'61'.repeat(n - 26)}`,
    ],
  ] as const) {
    test(`${limit}, in a command`, () => {
      const client = connected({ [limit]: most });
      const body = (n: number) => concatBytes([encodeCommand('_checkbw', 0, null), fromHex(argument(n))]);
      client.send({ typeId: 20, body: body(most) });
      assert.doesNotThrow(() => client.take());
      client.send({ typeId: 20, body: body(most + 1) });
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
    const client = connected({ maxPartialBytes: 2 * 16_384 });
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

  test('maxHeldBytes', () => {
    const body = encodeCommand('_checkbw', 0, null);
    const client = connected({ maxHeldBytes: 2 * body.length });
    client.command(1, 'publish', 0, null, 'main');
    for (let i = 0; i < 2; i++) client.send({ typeId: 20, body });
    assert.doesNotThrow(() => client.take());
    client.send({ typeId: 20, body });
    assertLimit('maxHeldBytes', client);
  });

  test('maxPendingOutputBytes', () => {
    const ask = (client: RawClient, times: number): void => {
      for (let i = 0; i < times; i++) client.command(0, '_checkbw', 8);
    };
    const measured = connected();
    ask(measured, 200);
    measured.take();
    const maxPendingOutputBytes = measured.session.takeOutput()?.length ?? 0;
    const client = connected({ maxPendingOutputBytes });
    ask(client, 200);
    client.audio(1, 0);
    assert.doesNotThrow(() => client.take());
    ask(client, 1);
    assert.doesNotThrow(() => client.take());
    client.audio(1, 0);
    assertLimit('maxPendingOutputBytes', client);
  });
});
