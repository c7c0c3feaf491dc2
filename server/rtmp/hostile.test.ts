import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { splitInto } from '../../shared/testing/every-split.ts';
import { acceptAll, captureBytes, captureTruths, HANDSHAKE, testCrypto } from '../test/rtmp-kit.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ClientSession } from './client-session.ts';
import { defaultRtmpLimits } from './limits.ts';
import { ServerSession } from './server-session.ts';
import type { SessionEvent } from './session-event.ts';

/**
 * Feeds a session that grants everything. Any exception but a ProtocolError goes through and fails the test; so does a
 * session that lives on after one. Gives what it saw.
 */
function survive(parts: readonly Uint8Array[]): { events: SessionEvent[]; error: ProtocolError | undefined } {
  const session = new ServerSession({ crypto: testCrypto });
  const events: SessionEvent[] = [];
  let error: ProtocolError | undefined;
  for (const part of parts) {
    try {
      session.receive(part);
      acceptAll(session, events);
      assert.ok((session.takeOutput()?.length ?? 0) <= defaultRtmpLimits.maxPendingOutputBytes + 100_000);
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown;
      error = thrown;
      session.fail('NetStream.Failed', 'Broken.');
      session.takeOutput();
      session.receive(part);
      assert.equal(session.nextEvent(), undefined);
      break;
    }
  }
  assert.equal(typeof JSON.stringify(session.info), 'string');
  return { events, error };
}

const handshake = (): Uint8Array => {
  const bytes = new Uint8Array(HANDSHAKE);
  bytes[0] = 3;
  return bytes;
};

const connect = captureBytes('publish-obs29-av').subarray(HANDSHAKE, HANDSHAKE + 600);
const pieces = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 });

test('random bytes from the first on', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4000, size: 'max' }), pieces, (bytes, sizes) => {
      survive(splitInto(bytes, sizes));
    }),
    { numRuns: 200 },
  );
});

test('random bytes after the handshake, and after a real beginning', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000, size: 'max' }), pieces, (bytes, sizes) => {
      survive([handshake(), ...splitInto(bytes, sizes)]);
      survive([handshake(), connect, ...splitInto(bytes, sizes)]);
    }),
    { numRuns: 500 },
  );
});

test('well-formed messages of random content', () => {
  const message = fc
    .record({
      typeId: fc.oneof(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 255 })),
      messageStreamId: fc.integer({ min: 0, max: 3 }),
      body: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...commandBodies())),
    })
    .map(({ typeId, messageStreamId, body }) => {
      const length = body.length.toString(16).padStart(6, '0');
      const header = `05 000000 ${length} ${typeId.toString(16).padStart(2, '0')} 0${messageStreamId}000000`;
      return concatBytes([fromHex(header), body]);
    });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), pieces, (messages, sizes) => {
      survive([handshake(), connect, ...splitInto(concatBytes(messages), sizes)]);
    }),
    { numRuns: 500 },
  );
});

/** Every command by name with arguments of every kind, valid and not. */
function commandBodies(): Uint8Array[] {
  const names = [
    'publish',
    'play',
    'createStream',
    'deleteStream',
    'closeStream',
    'pause',
    'seek',
    'receiveVideo',
  ];
  names.push(
    'receiveAudio',
    'releaseStream',
    'FCPublish',
    'FCUnpublish',
    'getStreamLength',
    '_result',
    'call',
  );
  const args = [
    '',
    '01 00',
    '02 0001 78',
    '00 7ff8000000000000',
    '00 3ff0000000000000',
    '05',
    '03 000009',
    '0a 00000000',
  ];
  const hexOf = (text: string): string => Buffer.from(text).toString('hex');
  return names.flatMap((name) => {
    const start = `02 00${name.length.toString(16).padStart(2, '0')} ${hexOf(name)} 00 4000000000000000 05`;
    return args.map((arg) => fromHex(`${start} ${arg}`));
  });
}

for (const name of Object.keys(captureTruths)) {
  const bytes = captureBytes(name);

  test(`${name} with bytes changed, left out or doubled`, () => {
    const change = fc.record({
      at: fc.oneof(fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 0, max: bytes.length - 1 })),
      kind: fc.constantFrom('set', 'cut', 'repeat'),
      value: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let broken: Uint8Array = bytes.slice(0, 60_000);
        for (const { at, kind, value } of changes) {
          const place = Math.min(at, broken.length - 1);
          if (kind === 'set') broken[place] = value;
          else {
            const next = kind === 'cut' ? place + 1 + (value % 8) : place - (value % 8);
            broken = concatBytes([broken.subarray(0, place), broken.subarray(Math.max(0, next))]);
          }
        }
        survive(splitInto(broken, [1448]));
      }),
      { numRuns: 60 },
    );
  });

  test(`every beginning of ${name} is no error and gives the same first events`, () => {
    const whole = survive([bytes]).events.map(({ type }) => type);
    const step = Math.max(1, Math.floor(bytes.length / 250));
    const ends = [
      ...Array.from({ length: 400 }, (_, i) => HANDSHAKE - 5 + i),
      ...stepsTo(bytes.length, step),
    ];
    for (const end of ends) {
      const { events, error } = survive([bytes.slice(0, end)]);
      assert.equal(error, undefined);
      assert.deepEqual(
        events.map(({ type }) => type),
        whole.slice(0, events.length),
      );
    }
  });
}

function stepsTo(end: number, step: number): number[] {
  return Array.from({ length: Math.floor(end / step) }, (_, i) => i * step);
}

test('a server that sends nonsense is a protocol error to the client, nothing else', () => {
  const bytes = captureBytes('play-rtmpdump.s2c').slice(0, 20_000);
  const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 4500 }), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(changes, (places) => {
      const client = new ClientSession({ crypto: testCrypto, app: 'live', tcUrl: 'rtmp://h/live' });
      client.play('main');
      const broken = bytes.slice();
      for (const [at, value] of places) broken[at] = value;
      try {
        client.receive(broken);
        while (client.nextEvent() !== undefined) client.takeOutput();
      } catch (error) {
        assert.ok(error instanceof ProtocolError, `${error}`);
      }
    }),
    { numRuns: 150 },
  );
});

test('whatever arrives, half messages hold no more than a small multiple of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000, size: 'max' }), (bytes) => {
      const reader = new ChunkReader();
      try {
        reader.feed(bytes);
        while (reader.next() !== undefined);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, `${error}`);
      }
      assert.ok(reader.partialBytes <= 64 * 16 * 1024 + 4 * bytes.length, `${reader.partialBytes}`);
    }),
    { numRuns: 300 },
  );
});

test('a message sent in chunks of one byte, fed byte by byte, still arrives', () => {
  const body = new Uint8Array(2000).fill(1);
  const parts = [fromHex('02 000000 000004 01 00000000 00000001 04 000001 0007d0 08 01000000')];
  for (let i = 0; i < body.length; i++) parts.push(i === 0 ? Uint8Array.of(1) : Uint8Array.of(0xc4, 1));
  const reader = new ChunkReader();
  let last: Uint8Array | undefined;
  for (const byte of concatBytes(parts)) {
    reader.feed(Uint8Array.of(byte));
    for (let message = reader.next(); message; message = reader.next()) last = message.body.slice();
  }
  assert.deepEqual(last, body);
});
