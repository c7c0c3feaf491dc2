import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../shared/bytes/hex.ts';
import { assertProtocolError } from '../../shared/testing/every-prefix.ts';
import { everySplit } from '../../shared/testing/every-split.ts';
import { captureBytes, HANDSHAKE, sha256, testCrypto } from '../test/rtmp-kit.ts';
import { ClientHandshake, ServerHandshake } from './handshake.ts';
import {
  clientKey,
  type DigestScheme,
  findDigest,
  makeDigestReply,
  serverKey,
  signPacket,
} from './handshake-digest.ts';

const ffmpegC1 = captureBytes('publish-ffmpeg5-av').slice(1, 1537);

test("the digest in FFmpeg's C1 is found where it is known to be", () => {
  assert.equal(sha256([ffmpegC1]), '50c8f966513a733e2726dacd9ebb4544e0ff96b9f54d49f50ac7908fa804a7c9');
  const found = findDigest(ffmpegC1, clientKey.short, testCrypto);
  assert.equal(found?.scheme, 'digest-first');
  assert.equal(toHex(found.digest), '650bfb9b65f953d848e3456965d0d76b627a84e35e9ddabd8b43f0fadaee458c');
  assert.equal(
    toHex(testCrypto.hmacSha256(serverKey.long, found.digest)),
    '47e29796112deb386c6c4500f516dbe1f6a1fc4fed4410545e8f19e418bc043a',
  );
});

test('one changed byte and there is no digest', () => {
  const changed = ffmpegC1.slice();
  changed[1000]! ^= 1;
  assert.equal(findDigest(changed, clientKey.short, testCrypto), undefined);
});

test('a digest is found wherever the four bytes of its offset put it', () => {
  const offset = fc.array(fc.oneof(fc.constantFrom(0, 1, 254, 255), fc.nat(255)), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      offset,
      offset,
      fc.constantFrom('digest-first' as const, 'key-first' as const),
      (first, second, scheme) => {
        const packet = testCrypto.randomBytes(1536);
        // Where each scheme keeps the offset of its digest.
        packet.set(first, 8);
        packet.set(second, 772);
        const digest = signPacket(packet, scheme, clientKey.short, testCrypto);
        assert.deepEqual(findDigest(packet, clientKey.short, testCrypto), { scheme, digest });
      },
    ),
    { numRuns: 300 },
  );
});

test('a C1 that nobody signed is a simple one, whatever is in it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1536, maxLength: 1536 }), (c1) => {
      const { kind, s2 } = answerTo(c1.slice());
      assert.equal(kind, 'simple');
      assert.deepEqual(s2.slice(), c1);
    }),
    { numRuns: 50 },
  );
});

/** Runs a server handshake and gives S1 and S2. */
function answerTo(c1: Uint8Array): { kind: string | undefined; s1: Uint8Array; s2: Uint8Array } {
  const handshake = new ServerHandshake(testCrypto);
  assert.equal(handshake.push(Uint8Array.of(3)), 1);
  assert.equal(handshake.takeOutput(), undefined);
  assert.equal(handshake.push(c1), 1536);
  const output = handshake.takeOutput()!;
  assert.equal(output.length, HANDSHAKE);
  assert.equal(output[0], 3);
  return { kind: handshake.kind, s1: output.subarray(1, 1537), s2: output.subarray(1537) };
}

describe('the server side', () => {
  for (const scheme of ['digest-first', 'key-first'] as const satisfies DigestScheme[]) {
    test(`answers a digest (${scheme}) in the same scheme, and S2 proves that C1 was read`, () => {
      const c1 = testCrypto.randomBytes(1536);
      c1.set([9, 0, 124, 2], 4);
      const digest = signPacket(c1, scheme, clientKey.short, testCrypto);
      const { kind, s1, s2 } = answerTo(c1);
      assert.equal(kind, 'digest');
      assert.equal(findDigest(s1, serverKey.short, testCrypto)?.scheme, scheme);
      const key = testCrypto.hmacSha256(serverKey.long, digest);
      assert.deepEqual(s2.slice(1504), testCrypto.hmacSha256(key, s2.slice(0, 1504)));
      assert.ok(s1[4]! >= 3, 'FFmpeg players check the digest only of a version from 3 on');
    });
  }

  test('echoes C1 to a client without a version', () => {
    const c1 = testCrypto.randomBytes(1536);
    c1.fill(0, 4, 8);
    const { kind, s1, s2 } = answerTo(c1);
    assert.equal(kind, 'simple');
    assert.deepEqual(s1.slice(4, 8), new Uint8Array(4));
    assert.deepEqual(s2.slice(), c1);
  });

  test('echoes C1 when it has a version but no digest that verifies', () => {
    const c1 = testCrypto.randomBytes(1536);
    assert.equal(answerTo(c1).kind, 'simple');
  });

  test('gives the same answer in every split, ignores what C2 says, and leaves the rest alone', () => {
    const bytes = new Uint8Array(HANDSHAKE + 5).fill(0x77);
    bytes[0] = 3;
    let first: string | undefined;
    everySplit(bytes, (parts) => {
      const handshake = new ServerHandshake(testCrypto);
      let used = 0;
      for (const part of parts) used += handshake.push(part);
      assert.equal(used, HANDSHAKE);
      assert.equal(handshake.done, true);
      const answer = toHex(handshake.takeOutput()!);
      first ??= answer;
      assert.equal(answer, first);
      assert.equal(handshake.takeOutput(), undefined);
    });
  });

  for (const version of [0, 2, 4, 6, 8, 0x16, 0x47, 0x80, 255]) {
    test(`refuses version ${version} at the first byte`, () => {
      assertProtocolError('bad-version', () => new ServerHandshake(testCrypto).push(Uint8Array.of(version)));
    });
  }
});

test('a client with digests and a server agree on them, and the reply is the one a server can check', () => {
  const client = new ClientHandshake(testCrypto, { digest: true });
  const server = new ServerHandshake(testCrypto);
  const c0c1 = client.takeOutput()!;
  server.push(c0c1);
  const answer = server.takeOutput()!;
  client.push(answer);
  assert.deepEqual([client.kind, server.kind], ['digest', 'digest']);
  const found = findDigest(answer.subarray(1, 1537), serverKey.short, testCrypto)!;
  assert.deepEqual(client.takeOutput(), makeDigestReply(found.digest, clientKey.long, testCrypto));
});

test('a client with digests echoes a server that has none', () => {
  const client = new ClientHandshake(testCrypto, { digest: true });
  client.takeOutput();
  const answer = new Uint8Array(HANDSHAKE).fill(9);
  answer[0] = 3;
  client.push(answer);
  assert.equal(client.kind, 'simple');
  assert.deepEqual(client.takeOutput(), answer.slice(1, 1537));
});

test('a client and a server handshake finish with each other', () => {
  const client = new ClientHandshake(testCrypto);
  const server = new ServerHandshake(testCrypto);
  server.push(client.takeOutput()!);
  client.push(server.takeOutput()!);
  assert.equal(client.done, true);
  assert.equal(server.done, false);
  server.push(client.takeOutput()!);
  assert.equal(server.done, true);
  assert.equal(server.kind, 'simple');
});
