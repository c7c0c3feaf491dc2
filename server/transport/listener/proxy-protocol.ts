import { SocketAddress } from 'node:net';
import { ProtocolError } from '../../../shared/bytes/protocol-error.ts';

// The PROXY protocol of HAProxy (proxy-protocol.txt 2.1 and 2.2): what a proxy says of a client before the client's bytes.
//
//   v1   "PROXY" SP ("TCP4" | "TCP6") SP source SP destination SP source port SP destination port CR LF
//        "PROXY" SP "UNKNOWN" anything CR LF
//
//   v2    0                                        12          13         14         16
//        +----------------------------------------+-----------+----------+----------+---------------------+
//        | 0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A     | 2 | command | family | length   | addresses, then TLVs |
//        +----------------------------------------+-----------+----------+----------+---------------------+

/** What a header says. */
export interface ProxyHeader {
  /** Bytes that belong to the header. */
  readonly length: number;
  /** The client's IP address in its usual notation; undefined: the proxy speaks for itself, or does not know. */
  readonly source: string | undefined;
}

/** Section 2.1: 107 bytes hold the longest line with its end. */
export const maxTextHeaderBytes = 107;
/** What follows the fixed part. Addresses take 216 bytes at most; proxies add a few hundred for names and TLS details. */
export const maxBinaryBodyBytes = 2048;

const FIXED_BYTES = 16;
const textSignature = Uint8Array.from('PROXY ', (letter) => letter.charCodeAt(0));
const binarySignature = Uint8Array.of(
  ...[0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a],
);
/** Bytes that the addresses of each family take, by the upper half of the family byte: none, IPv4, IPv6, UNIX. */
const addressBytes = [0, 12, 36, 216] as const;

/**
 * Reads the header at the start of `bytes`; undefined while more is needed.
 * Throws ProtocolError at the first byte that cannot belong to one.
 */
export function parseProxyHeader(bytes: Uint8Array): ProxyHeader | undefined {
  if (bytes.length === 0) return undefined;
  const isText = bytes[0] === textSignature[0];
  const signature = isText ? textSignature : binarySignature;
  for (let at = 0; at < Math.min(bytes.length, signature.length); at++) {
    if (bytes[at] !== signature[at])
      throw new ProtocolError('bad-value', 'this is no PROXY protocol header', at);
  }
  if (bytes.length < signature.length) return undefined;
  return isText ? parseText(bytes) : parseBinary(bytes);
}

function parseText(bytes: Uint8Array): ProxyHeader | undefined {
  const end = bytes.indexOf(0x0a);
  if (end < 0 && bytes.length < maxTextHeaderBytes) return undefined;
  if (end < 0 || end >= maxTextHeaderBytes) {
    throw new ProtocolError('too-large', `a PROXY line is longer than ${maxTextHeaderBytes} bytes`);
  }
  if (bytes[end - 1] !== 0x0d) throw new ProtocolError('bad-value', 'a PROXY line must end with CR LF', end);
  const line = String.fromCharCode(...bytes.subarray(0, end - 1));
  return { length: end + 1, source: sourceOfLine(line) };
}

function sourceOfLine(line: string): string | undefined {
  const [, family, source = '', destination = '', ...ports] = line.split(' ');
  if (family === 'UNKNOWN') return undefined;
  if (family !== 'TCP4' && family !== 'TCP6') {
    throw new ProtocolError('bad-value', 'a PROXY line names neither TCP4, TCP6 nor UNKNOWN');
  }
  const kind = family === 'TCP4' ? 'ipv4' : 'ipv6';
  const address = usualAddress(source, kind);
  if (!address || !usualAddress(destination, kind)) {
    throw new ProtocolError('bad-value', `a PROXY line of ${family} must have two addresses of that kind`);
  }
  if (ports.length !== 2 || !ports.every(isPort)) {
    throw new ProtocolError('bad-value', 'a PROXY line must end with two port numbers');
  }
  return address;
}

const isPort = (text: string): boolean => /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;

/** The notation that sockets use, so that one client has one name. A zone (`%eth0`) means nothing to us. */
function usualAddress(text: string, family: 'ipv4' | 'ipv6'): string | undefined {
  if (!/^[0-9A-Fa-f.:]+$/.test(text)) return undefined;
  try {
    return new SocketAddress({ address: text, family }).address;
  } catch {
    return undefined;
  }
}

function parseBinary(bytes: Uint8Array): ProxyHeader | undefined {
  const [version, family, high, low] = bytes.subarray(binarySignature.length);
  // Each is judged as it comes, so that a wrong peer is not waited for.
  if (version !== undefined && version !== 0x20 && version !== 0x21) {
    throw new ProtocolError('bad-version', 'a PROXY header of version 2 must say LOCAL or PROXY', 12);
  }
  if (family !== undefined && (family >> 4 > 3 || (family & 15) > 2)) {
    throw new ProtocolError('bad-value', 'a PROXY header names an address family that does not exist', 13);
  }
  if (version === undefined || family === undefined || high === undefined || low === undefined)
    return undefined;
  const bodyLength = high * 256 + low;
  if (bodyLength > maxBinaryBodyBytes) {
    throw new ProtocolError('too-large', `a PROXY header announces ${bodyLength} bytes`, 14);
  }
  const isLocal = version === 0x20;
  if (!isLocal && bodyLength < (addressBytes[family >> 4] ?? 0)) {
    throw new ProtocolError('bad-length', 'a PROXY header is too short for its addresses', 14);
  }
  if (bytes.length < FIXED_BYTES + bodyLength) return undefined;
  const body = bytes.subarray(FIXED_BYTES, FIXED_BYTES + bodyLength);
  return { length: FIXED_BYTES + bodyLength, source: isLocal ? undefined : sourceOfBody(family, body) };
}

/** Only streams (TCP) over IP have an address to go by; section 2.2 has the others taken as not known. */
function sourceOfBody(family: number, body: Uint8Array): string | undefined {
  if (family === 0x11) return usualAddress(body.subarray(0, 4).join('.'), 'ipv4');
  if (family !== 0x21) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(2 * i).toString(16));
  return usualAddress(groups.join(':'), 'ipv6');
}
