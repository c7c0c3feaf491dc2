import { BitReader } from '../bytes/bit-reader.ts';
import { ProtocolError } from '../bytes/protocol-error.ts';

// Frame header, ISO/IEC 11172-3 section 2.4.1.3, 13818-3 for the lower rates, and the MPEG 2.5 extension.

/** What an MPEG audio frame says of its track. */
export interface Mp3Header {
  readonly layer: 1 | 2 | 3;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
}

const rates = [44_100, 48_000, 32_000];

export function decodeMp3Header(frame: Uint8Array): Mp3Header {
  const reader = new BitReader(frame);
  if (reader.bits(11) !== 0x7ff) throw new ProtocolError('bad-marker', 'no MPEG audio sync word', 0);
  const version = reader.bits(2);
  const layerBits = reader.bits(2);
  reader.skip(1 + 4); // protection, bit rate
  const rate = rates[reader.bits(2)];
  reader.skip(2); // padding, private
  const mono = reader.bits(2) === 3;
  if (version === 1 || layerBits === 0 || rate === undefined) {
    throw new ProtocolError('bad-value', 'a reserved value in an MPEG audio header', 1);
  }
  const divisor = version === 3 ? 1 : version === 2 ? 2 : 4;
  return { layer: (4 - layerBits) as 1 | 2 | 3, sampleRate: rate / divisor, channels: mono ? 1 : 2 };
}
