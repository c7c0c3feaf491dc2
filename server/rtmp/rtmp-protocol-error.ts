import { ProtocolError, type ProtocolErrorCode } from '../../shared/bytes/protocol-error.ts';
import type { LimitName } from './limits.ts';

/**
 * Where a connection stood when its peer broke the protocol. A chunk-size disagreement shows itself far from its cause,
 * as nonsense in some later header: the last good message and the bytes around the fault tell it.
 */
export interface RtmpDiagnostic {
  /** Bytes of the connection before the fault, the handshake included. */
  readonly inputOffset: number;
  /** What the sender's chunks may hold at this point. */
  readonly chunkSize: number;
  readonly chunkStreamId?: number;
  readonly fmt?: number;
  readonly typeId?: number;
  readonly length?: number;
  /** The limit that was reached, if it was one. */
  readonly limit?: LimitName;
  /** The last message that arrived whole. */
  readonly lastMessage?: {
    readonly typeId: number;
    readonly chunkStreamId: number;
    readonly length: number;
    readonly timestamp: number;
  };
  /** Up to 16 bytes before and 16 from the fault on, with `|` between; bytes of a query string are shown as `**`. */
  readonly hex: string;
}

/** A `ProtocolError` of an RTMP connection, with what a log line or the inspector needs to explain it. */
export class RtmpProtocolError extends ProtocolError {
  readonly diagnostic: RtmpDiagnostic;

  constructor(code: ProtocolErrorCode, message: string, diagnostic: RtmpDiagnostic) {
    super(code, `${message} (${describeDiagnostic(diagnostic)})`, diagnostic.inputOffset);
    this.diagnostic = diagnostic;
  }
}

/** The diagnostic in one line of text. */
export function describeDiagnostic(diagnostic: RtmpDiagnostic): string {
  const { chunkStreamId, fmt, typeId, length, lastMessage } = diagnostic;
  const parts = [`at input byte ${diagnostic.inputOffset}`];
  if (chunkStreamId !== undefined) parts.push(`csid ${chunkStreamId}`);
  if (fmt !== undefined) parts.push(`fmt ${fmt}`);
  if (typeId !== undefined) parts.push(`type ${typeId}`);
  if (length !== undefined) parts.push(`length ${length}`);
  parts.push(`chunk size ${diagnostic.chunkSize}`);
  if (lastMessage !== undefined) {
    parts.push(
      `after type ${lastMessage.typeId} of ${lastMessage.length} bytes on csid ${lastMessage.chunkStreamId}`,
    );
  }
  if (diagnostic.hex !== '') parts.push(`bytes ${diagnostic.hex}`);
  return parts.join(', ');
}
