import { BitReader } from '../bytes/bit-reader.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';
import { fourCc } from './fourcc.ts';

// STREAMINFO, RFC 9639 section 8.2.
const STREAM_INFO_BYTES = 34;

/** What a FLAC sequence header says. */
export interface FlacConfig {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
}

/** Reads a STREAMINFO block, with or without the fLaC marker and the block header in front of it. */
export function decodeFlacConfig(config: Uint8Array): FlacConfig {
  const reader = new ByteReader(config);
  if (config.length >= 4 && reader.u32() !== fourCc.flac) reader.offset = 0;
  if (reader.remaining >= STREAM_INFO_BYTES + 4) reader.skip(4);
  const bits = new BitReader(reader.take(STREAM_INFO_BYTES));
  bits.skip(80); // block and frame sizes
  const sampleRate = bits.bits(20);
  if (sampleRate === 0) throw new ProtocolError('bad-value', 'a FLAC sample rate of 0');
  return { sampleRate, channels: bits.bits(3) + 1, bitsPerSample: bits.bits(5) + 1 };
}
