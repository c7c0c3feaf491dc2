import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { decodeUtf8 } from '../bytes/utf8.ts';

/** What an Opus sequence header says. Opus always plays at 48 kHz. */
export interface OpusConfig {
  readonly channels: number;
}

/** Reads an OpusHead, RFC 7845 section 5.1. */
export function decodeOpusConfig(head: Uint8Array): OpusConfig {
  const reader = new ByteReader(head);
  if (decodeUtf8(reader.take(8)) !== 'OpusHead') throw new ProtocolError('bad-marker', 'no OpusHead', 0);
  const version = reader.u8();
  if (version > 15) throw new ProtocolError('bad-version', `OpusHead version ${version}`, 8);
  const channels = reader.u8();
  if (channels === 0) throw new ProtocolError('bad-value', 'an OpusHead without channels', 9);
  return { channels };
}
