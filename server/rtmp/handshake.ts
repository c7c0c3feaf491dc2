// RTMP 1.0 section 5.2: C0 C1 C2 against S0 S1 S2. The peer's C2 or S2 is never checked: FFmpeg echoes S1 after sending a
// digest, GStreamer writes its own time into it, and replayed captures answer another server.

import { concatBytes } from '../../shared/bytes/concat.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import {
  clientKey,
  findDigest,
  type HandshakeCrypto,
  makeDigestReply,
  serverKey,
  signPacket,
} from './handshake-digest.ts';

export type { HandshakeCrypto } from './handshake-digest.ts';

export type HandshakeKind = 'simple' | 'digest';

const VERSION = 3;
const PACKET = 1536;
/** Bytes that each side receives: one of version and two packets. */
export const HANDSHAKE_BYTES = 1 + 2 * PACKET;

// Any version with a first byte of 3 or more makes FFmpeg players check the digest; this one is Flash Media Server 4.5.
const SERVER_VERSION = [4, 5, 0, 1] as const;
// The Flash Player that FFmpeg claims to be.
const CLIENT_VERSION = [9, 0, 124, 2] as const;

/** Collects the peer's three packets in whatever pieces they come, and answers them. */
abstract class Handshake {
  #received = 0;
  readonly #first = new Uint8Array(PACKET);
  readonly #output: Uint8Array[] = [];

  get done(): boolean {
    return this.#received === HANDSHAKE_BYTES;
  }

  /** Takes what belongs to the handshake and says how many bytes that was; the rest is chunks. */
  push(bytes: Uint8Array): number {
    let at = 0;
    if (this.#received === 0 && bytes.length > 0) {
      checkVersion(bytes[0]!);
      this.#received = at = 1;
    }
    if (this.#received >= 1 && this.#received <= PACKET) {
      const take = Math.min(1 + PACKET - this.#received, bytes.length - at);
      this.#first.set(bytes.subarray(at, at + take), this.#received - 1);
      this.#received += take;
      at += take;
      if (this.#received === 1 + PACKET) this.answerFirst(this.#first);
    }
    const skip = Math.min(HANDSHAKE_BYTES - this.#received, bytes.length - at);
    if (this.#received > PACKET && skip > 0) {
      this.#received += skip;
      at += skip;
    }
    return at;
  }

  /** Bytes to send now. */
  takeOutput(): Uint8Array | undefined {
    if (this.#output.length === 0) return undefined;
    return concatBytes(this.#output.splice(0));
  }

  protected send(...parts: Uint8Array[]): void {
    this.#output.push(...parts);
  }

  protected abstract answerFirst(packet: Uint8Array): void;
}

/** The accepting side: waits for C0 and C1, answers S0 S1 S2 in one piece, waits for C2. */
export class ServerHandshake extends Handshake {
  readonly #crypto: HandshakeCrypto;
  #kind: HandshakeKind | undefined;

  constructor(crypto: HandshakeCrypto) {
    super();
    this.#crypto = crypto;
  }

  /** Known as soon as C1 is whole. */
  get kind(): HandshakeKind | undefined {
    return this.#kind;
  }

  protected override answerFirst(c1: Uint8Array): void {
    const crypto = this.#crypto;
    const s1 = new Uint8Array(PACKET);
    s1.set(crypto.randomBytes(PACKET - 8), 8);
    const versioned = c1[4] !== 0 || c1[5] !== 0 || c1[6] !== 0 || c1[7] !== 0;
    const found = versioned ? findDigest(c1, clientKey.short, crypto) : undefined;
    if (found === undefined) {
      this.#kind = 'simple';
      this.send(Uint8Array.of(VERSION), s1, c1);
      return;
    }
    this.#kind = 'digest';
    s1.set(SERVER_VERSION, 4);
    signPacket(s1, found.scheme, serverKey.short, crypto);
    this.send(Uint8Array.of(VERSION), s1, makeDigestReply(found.digest, serverKey.long, crypto));
  }
}

/**
 * The connecting side: sends C0 C1, answers S1 with C2, waits for S2. The simple form echoes S1; with `digest`, C1 is signed,
 * and a server that signs its S1 gets a signed C2. Some servers of content networks let nobody else in.
 */
export class ClientHandshake extends Handshake {
  readonly #crypto: HandshakeCrypto;
  readonly #digest: boolean;
  #kind: HandshakeKind = 'simple';

  constructor(crypto: HandshakeCrypto, options: { readonly digest?: boolean } = {}) {
    super();
    this.#crypto = crypto;
    this.#digest = options.digest === true;
    const c1 = new Uint8Array(PACKET);
    c1.set(crypto.randomBytes(PACKET - 8), 8);
    if (this.#digest) {
      c1.set(CLIENT_VERSION, 4);
      signPacket(c1, 'digest-first', clientKey.short, crypto);
    }
    this.send(Uint8Array.of(VERSION), c1);
  }

  /** `digest` once the server has answered a signed C1 with a signed S1. */
  get kind(): HandshakeKind {
    return this.#kind;
  }

  protected override answerFirst(s1: Uint8Array): void {
    const found = this.#digest ? findDigest(s1, serverKey.short, this.#crypto) : undefined;
    if (found === undefined) {
      this.send(s1.slice());
      return;
    }
    this.#kind = 'digest';
    this.send(makeDigestReply(found.digest, clientKey.long, this.#crypto));
  }
}

function checkVersion(version: number): void {
  if (version === VERSION) return;
  throw new ProtocolError('bad-version', `${describeVersion(version)} (RTMP 5.2.2 asks for version 3)`, 0);
}

function describeVersion(version: number): string {
  if (version === 6 || version === 8) return `RTMPE, version ${version}, is not supported`;
  if (version === 0x16) return 'this looks like TLS, and the port speaks plain RTMP';
  if (version >= 0x20 && version < 0x7f) {
    return `this looks like text, perhaps an HTTP request: the first byte is "${String.fromCharCode(version)}"`;
  }
  return `handshake version ${version}`;
}
