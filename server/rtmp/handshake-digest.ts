// The digest ("complex") handshake. It is not in RTMP 1.0: Flash Player 9.0.115 and later ask for it before H.264, and
// FFmpeg players check it when a server answers with it. The two keys are public constants.
//
//   x1 = time (4) | version (4) | block (764) | block (764)
//   digest block: four offset bytes, then 760 bytes with the 32-byte digest somewhere among them
//   key block:    760 bytes with a Diffie-Hellman key (RTMPE only), then four offset bytes
// Which of the blocks comes first is the scheme.

import { concatBytes } from '../../shared/bytes/concat.ts';
import { fromHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';

/** What the handshake needs from outside, so that it stays pure. */
export interface HandshakeCrypto {
  randomBytes(length: number): Uint8Array;
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
}

export type DigestScheme = 'digest-first' | 'key-first';

const DIGEST = 32;
const OFFSETS = 728;
const blockStart = { 'digest-first': 8, 'key-first': 8 + 764 } as const;

const keyTail = fromHex('f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae');
const clientText = encodeUtf8('Genuine Adobe Flash Player 001');
const serverText = encodeUtf8('Genuine Adobe Flash Media Server 001');

/** For the digest inside C1 or S1: the text alone. For the one at the end of C2 or S2: text and tail. */
export const clientKey = { short: clientText, long: concatBytes([clientText, keyTail]) } as const;
export const serverKey = { short: serverText, long: concatBytes([serverText, keyTail]) } as const;

/** Where the digest stands in a C1 or S1 of this scheme. */
function digestOffset(packet: Uint8Array, scheme: DigestScheme): number {
  const start = blockStart[scheme];
  const sum = packet[start]! + packet[start + 1]! + packet[start + 2]! + packet[start + 3]!;
  return start + 4 + (sum % OFFSETS);
}

function digestOf(packet: Uint8Array, at: number, key: Uint8Array, crypto: HandshakeCrypto): Uint8Array {
  return crypto.hmacSha256(key, concatBytes([packet.subarray(0, at), packet.subarray(at + DIGEST)]));
}

/** The digest of a C1 (or S1) and its scheme; `undefined` when neither scheme verifies. */
export function findDigest(
  packet: Uint8Array,
  key: Uint8Array,
  crypto: HandshakeCrypto,
): { scheme: DigestScheme; digest: Uint8Array } | undefined {
  for (const scheme of ['digest-first', 'key-first'] as const) {
    const at = digestOffset(packet, scheme);
    const digest = packet.slice(at, at + DIGEST);
    if (sameBytes(digest, digestOf(packet, at, key, crypto))) return { scheme, digest };
  }
  return undefined;
}

/** Writes the digest into a C1 or S1 that is otherwise finished, and gives it. */
export function signPacket(
  packet: Uint8Array,
  scheme: DigestScheme,
  key: Uint8Array,
  crypto: HandshakeCrypto,
): Uint8Array {
  const at = digestOffset(packet, scheme);
  const digest = digestOf(packet, at, key, crypto);
  packet.set(digest, at);
  return digest;
}

/** A C2 or S2: random bytes, and at the end their digest under a key made from the peer's digest. */
export function makeDigestReply(
  peerDigest: Uint8Array,
  longKey: Uint8Array,
  crypto: HandshakeCrypto,
): Uint8Array {
  const packet = new Uint8Array(1536);
  const random = crypto.randomBytes(1536 - DIGEST);
  packet.set(random);
  packet.set(crypto.hmacSha256(crypto.hmacSha256(longKey, peerDigest), random), random.length);
  return packet;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
