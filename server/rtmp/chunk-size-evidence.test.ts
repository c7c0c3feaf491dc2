import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amfGet, amfObject } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { HANDSHAKE, RawClient, readAll, testCrypto } from '../test/rtmp-kit.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { encodeCommand } from './command.ts';
import { RtmpProtocolError } from './rtmp-protocol-error.ts';
import { ServerSession } from './server-session.ts';

/** A publisher that says one chunk size and uses another; `said` undefined: it says nothing. */
class OddSender {
  readonly #writer = new ChunkWriter();
  readonly #parts: Uint8Array[] = [];

  constructor({ said, used }: { said?: number; used: number }) {
    if (said !== undefined) {
      const size = new ByteWriter().u32(said).finish();
      this.send(1, size, { chunkStreamId: 2, messageStreamId: 0 });
    }
    this.#writer.chunkSize = used;
  }

  send(typeId: number, body: Uint8Array, { chunkStreamId = 4, messageStreamId = 1 } = {}): this {
    const out = new ByteWriter();
    this.#writer.write(out, { typeId, chunkStreamId, messageStreamId, timestamp: 0, body });
    this.#parts.push(out.finish().slice());
    return this;
  }

  /** What the metadata and some seconds of an encoder look like. */
  sendStream(): this {
    this.send(18, metadata);
    for (let i = 0; i < 40; i++) {
      this.send(9, picture(i), { chunkStreamId: 6 });
      this.send(8, Uint8Array.of(0xaf, 1, i));
    }
    return this;
  }

  get bytes(): Uint8Array {
    return concatBytes(this.#parts);
  }
}

const metadata = encodeAmf0([
  '@setDataFrame',
  'onMetaData',
  amfObject({ width: 1920, height: 1080, framerate: 60, encoder: 'An encoder with a rather long name' }),
  'x'.repeat(200),
]);

/** Coded pictures look like noise. */
function picture(seed: number, length = 3000): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

function faultOf(bytes: Uint8Array): RtmpProtocolError {
  try {
    readAll(new ChunkReader(), [bytes.slice()]);
  } catch (error) {
    assert.ok(error instanceof RtmpProtocolError, String(error));
    return error;
  }
  throw new Error('nothing was wrong');
}

describe('A sender of which it is said that its chunks', () => {
  test('are longer than 128, when it never said so', () => {
    for (const used of [4096, 60_000, 200]) {
      const error = faultOf(new OddSender({ used }).sendStream().bytes);
      assert.match(
        error.message,
        /^The sender probably cuts its chunks longer than 128 bytes and has not said/,
      );
      assert.match(error.message, /Let it send Set Chunk Size before the first longer chunk\. Found: /);
      assert.match(error.message, /with 128 of \d+ bytes of a type 18 read/);
    }
  });

  test('are longer than it announced', () => {
    const sender = new OddSender({ said: 1000, used: 2000 }).sendStream();
    assert.match(
      faultOf(sender.bytes).likelyCause ?? '',
      /^The sender probably cuts its chunks longer than the 1000 bytes that it announced/,
    );
  });

  test('are still at 128, when it announced more', () => {
    for (const said of [4096, 60_000, 0x7fffffff]) {
      const { likelyCause } = faultOf(new OddSender({ said, used: 128 }).sendStream().bytes);
      assert.match(
        likelyCause ?? '',
        new RegExp(`still cuts its chunks at 128 bytes although it announced ${Math.min(said, 0xffffff)}\\.`),
      );
    }
  });

  test('are still at what it announced before', () => {
    const size = new ByteWriter().u32(60_000).finish();
    const sender = new OddSender({ said: 256, used: 256 }).sendStream();
    sender.send(1, size, { chunkStreamId: 2, messageStreamId: 0 }).sendStream();
    assert.match(faultOf(sender.bytes).likelyCause ?? '', /still cuts its chunks at 256 .* announced 60000/);
  });

  test('are not what it announced, when only that is known', () => {
    const sender = new OddSender({ said: 60_000, used: 1000 }).sendStream();
    assert.match(
      faultOf(sender.bytes).likelyCause ?? '',
      /^The sender probably does not cut its chunks at the 60000 bytes that it announced\./,
    );
  });
});

describe('Nothing is said of chunk sizes', () => {
  const noHint = (error: RtmpProtocolError, found: RegExp): void => {
    assert.equal(error.likelyCause, undefined);
    assert.match(error.message, found);
  };

  test('when a header is wrong before anything long came', () => {
    noHint(faultOf(fromHex('c5 00')), /^first chunk is of type 3/);
    const sender = new OddSender({ said: 4096, used: 4096 }).send(8, Uint8Array.of(0xaf, 1));
    noHint(faultOf(concatBytes([sender.bytes, fromHex('c5 00')])), /^first chunk is of type 3/);
  });

  test('when long messages came whole at the announced size and then a header is wrong', () => {
    const sender = new OddSender({ said: 1000, used: 1000 }).sendStream();
    noHint(faultOf(concatBytes([sender.bytes, fromHex('cf 00')])), /^first chunk is of type 3/);
  });

  test('when an honest picture is too large, also between chunks of another message', () => {
    const half = concatBytes([fromHex('04 000000 000200 08 01000000'), picture(1, 128)]);
    noHint(faultOf(concatBytes([half, fromHex('06 000000 900000 09 01000000')])), /^the message is longer/);
  });

  test('when a Set Chunk Size is impossible; but a number with its bytes turned is read aloud', () => {
    noHint(faultOf(fromHex('02 000000 000004 01 00000000 ffffffff')), /^Set Chunk Size of 4294967295 \(/);
    const top = faultOf(fromHex('02 000000 000004 01 00000000 80000000'));
    noHint(top, /Set Chunk Size of 2147483648 .*the other way round it would be 128\)/);
    noHint(faultOf(fromHex('02 000000 000004 01 00000000 00000000')), /2147483647\)/);
    noHint(faultOf(fromHex('02 000000 000003 01 00000000 000010')), /./);
  });
});

describe('The client reads it', () => {
  const failWith = (client: RawClient): string => {
    try {
      client.take();
    } catch (error) {
      assert.ok(error instanceof ProtocolError);
      client.session.fail('NetStream.Failed', error.message);
      return error.message;
    }
    throw new Error('nothing was wrong');
  };

  test('on the stream that it publishes', () => {
    const client = new RawClient(new ServerSession({ crypto: testCrypto }));
    client.connect();
    client.command(1, 'publish', 0, null, 'main');
    client.take();
    client.session.acceptPublish(1);
    client.replies();
    client.session.receive(new OddSender({ used: 4096 }).send(18, metadata).bytes);
    const reason = failWith(client);
    assert.match(reason, /^The sender probably cuts its chunks longer than 128/);
    const [status] = client.commands();
    assert.equal(status?.messageStreamId, 1);
    assert.equal(amfGet(status?.args[0], 'description'), reason);
  });

  test('as the answer to a connect that never came whole', () => {
    const session = new ServerSession({ crypto: testCrypto });
    const client = new RawClient(session);
    const properties = amfObject({ app: 'live', tcUrl: `rtmp://host/live?${'x'.repeat(200)}` });
    const body = encodeCommand('connect', 1, properties);
    session.receive(
      new OddSender({ used: 4096 }).send(20, body, { chunkStreamId: 3, messageStreamId: 0 }).bytes,
    );
    assert.match(failWith(client), /of a type 20 read/);
    const [forObs, answer] = client.commands();
    assert.equal(forObs?.name, 'onStatus');
    assert.deepEqual([answer?.name, answer?.transactionId], ['_error', 1]);
    assert.equal(client.session.nextEvent(), undefined);
  });

  test('but hears nothing when the handshake is nonsense', () => {
    const session = new ServerSession({ crypto: testCrypto });
    session.receive(new Uint8Array(HANDSHAKE).fill(0x47));
    assert.throws(() => session.nextEvent(), RtmpProtocolError);
    session.takeOutput();
    session.fail('NetStream.Failed', 'x');
    assert.equal(session.takeOutput(), undefined);
  });
});
