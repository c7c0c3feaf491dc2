import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ProtocolError } from '../../../shared/bytes/protocol-error.ts';
import { everySplit } from '../../../shared/testing/every-split.ts';
import {
  maxBinaryBodyBytes,
  maxTextHeaderBytes,
  type ProxyHeader,
  parseProxyHeader,
} from './proxy-protocol.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const signature = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10);
const binary = (version: number, family: number, body: Uint8Array, length = body.length) =>
  join(signature, Uint8Array.of(version, family, length >> 8, length & 255), body);

const v4 = Uint8Array.of(203, 0, 113, 7, 10, 0, 0, 1, 0x30, 0x39, 0x07, 0x8f);
const v6 = join(
  Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
  new Uint8Array(16),
  Uint8Array.of(0x30, 0x39, 0x07, 0x8f),
);
const tlv = Uint8Array.of(0x04, 0, 2, 0, 0);

const golden: readonly [string, Uint8Array, string | undefined][] = [
  ['TCP4', ascii('PROXY TCP4 203.0.113.7 10.0.0.1 12345 1935\r\n'), '203.0.113.7'],
  ['TCP6', ascii('PROXY TCP6 2001:db8::7 ::1 12345 1935\r\n'), '2001:db8::7'],
  ['TCP6, long form', ascii('PROXY TCP6 2001:0DB8:0:0:0:0:0:7 ::1 0 65535\r\n'), '2001:db8::7'],
  ['UNKNOWN', ascii('PROXY UNKNOWN\r\n'), undefined],
  ['UNKNOWN with more', ascii(`PROXY UNKNOWN ${'f'.repeat(91)}\r\n`), undefined],
  ['v2 IPv4', binary(0x21, 0x11, v4), '203.0.113.7'],
  ['v2 IPv4 with TLVs', binary(0x21, 0x11, join(v4, tlv)), '203.0.113.7'],
  ['v2 IPv6', binary(0x21, 0x21, v6), '2001:db8::7'],
  ['v2 LOCAL', binary(0x20, 0x00, new Uint8Array(0)), undefined],
  ['v2 LOCAL with addresses', binary(0x20, 0x11, v4), undefined],
  ['v2 unspecified', binary(0x21, 0x00, tlv), undefined],
  ['v2 UNIX', binary(0x21, 0x31, new Uint8Array(216)), undefined],
  ['v2 UDP', binary(0x21, 0x12, v4), undefined],
  ['v2 of the greatest size', binary(0x21, 0x11, join(v4, new Uint8Array(2036))), '203.0.113.7'],
];

const wrong: readonly [string, Uint8Array, string][] = [
  ['an RTMP handshake', Uint8Array.of(3, 0, 0, 0, 0), 'bad-value'],
  ['a TLS handshake', Uint8Array.of(0x16, 3, 1), 'bad-value'],
  ['another word', ascii('PROXX'), 'bad-value'],
  ['a family that is none', ascii('PROXY TCP5 1.2.3.4 1.2.3.4 1 1\r\n'), 'bad-value'],
  ['an address that is none', ascii('PROXY TCP4 1.2.3.400 1.2.3.4 1 1\r\n'), 'bad-value'],
  ['an address of the other family', ascii('PROXY TCP4 ::1 ::1 1 1\r\n'), 'bad-value'],
  ['a destination that is none', ascii('PROXY TCP4 1.2.3.4 x 1 1\r\n'), 'bad-value'],
  ['a zone', ascii('PROXY TCP6 fe80::1%eth0 ::1 1 1\r\n'), 'bad-value'],
  ['no ports', ascii('PROXY TCP4 1.2.3.4 1.2.3.4\r\n'), 'bad-value'],
  ['a port too high', ascii('PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n'), 'bad-value'],
  ['more than two ports', ascii('PROXY TCP4 1.2.3.4 1.2.3.4 1 1 1\r\n'), 'bad-value'],
  ['a line feed alone', ascii('PROXY UNKNOWN\n'), 'bad-value'],
  ['a line of 108 bytes', ascii(`PROXY UNKNOWN ${'f'.repeat(92)}\r\n`), 'too-large'],
  ['a line without end', ascii(`PROXY UNKNOWN ${'f'.repeat(93)}`), 'too-large'],
  ['version 3', binary(0x31, 0x11, v4), 'bad-version'],
  ['a command that is none', binary(0x22, 0x11, v4), 'bad-version'],
  ['a binary family that is none', binary(0x21, 0x41, v4), 'bad-value'],
  ['a transport that is none', binary(0x21, 0x13, v4), 'bad-value'],
  ['too short for IPv4', binary(0x21, 0x11, v4.subarray(0, 11)), 'bad-length'],
  ['too short for IPv6', binary(0x21, 0x21, v6.subarray(0, 35)), 'bad-length'],
  ['one byte over the limit', binary(0x21, 0x11, v4, maxBinaryBodyBytes + 1), 'too-large'],
];

/** Feeds the parts one after another; the verdict and how many bytes it took to reach it. */
function feed(parts: readonly Uint8Array[]): { header: ProxyHeader | undefined; given: number } {
  let all = new Uint8Array(0);
  for (const part of parts) {
    all = join(all, part);
    const header = parseProxyHeader(all);
    if (header) return { header, given: all.length };
  }
  return { header: undefined, given: all.length };
}

describe('A PROXY protocol header', () => {
  for (const [name, bytes, source] of golden) {
    it(`is understood however it is split: ${name}`, () => {
      everySplit(bytes, (parts) => {
        assert.deepEqual(feed(parts).header, { length: bytes.length, source });
      });
    });

    it(`ends where the client's bytes begin: ${name}`, () => {
      const behind = join(bytes, Uint8Array.of(3, 10, 13));
      assert.deepEqual(parseProxyHeader(behind), { length: bytes.length, source });
      for (let end = 0; end < bytes.length; end++) {
        assert.equal(parseProxyHeader(bytes.subarray(0, end)), undefined);
      }
    });
  }

  for (const [name, bytes, code] of wrong) {
    it(`is refused however it is split: ${name}`, () => {
      everySplit(bytes, (parts) => {
        assert.throws(
          () => feed(parts),
          (error: unknown) => {
            assert.ok(error instanceof ProtocolError);
            assert.equal(error.code, code);
            return true;
          },
        );
      });
    });
  }

  it('is judged, or found too long, within its limits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(ascii('PROXY '), ascii('PROXY TCP4 '), signature, new Uint8Array(0)),
        fc.uint8Array({ maxLength: 3_000 }),
        (start, rest) => {
          const bytes = join(start, rest);
          let header: ProxyHeader | undefined;
          try {
            header = parseProxyHeader(bytes);
          } catch (error) {
            assert.ok(error instanceof ProtocolError);
            return;
          }
          if (header) assert.ok(header.length <= bytes.length);
          else if (bytes[0] === 0x50) assert.ok(bytes.length < maxTextHeaderBytes);
          else assert.ok(bytes.length < 16 + maxBinaryBodyBytes);
        },
      ),
    );
  });

  it('gives back any address it was made from', () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    fc.assert(
      fc.property(fc.ipV4(), port, (address, number) => {
        const line = ascii(`PROXY TCP4 ${address} 10.0.0.1 ${number} 1935\r\n`);
        assert.equal(parseProxyHeader(line)?.source, address);
        const body = join(Uint8Array.from(address.split('.').map(Number)), v4.subarray(4));
        assert.equal(parseProxyHeader(binary(0x21, 0x11, body))?.source, address);
      }),
    );
  });
});
