import { ProtocolError, type ProtocolErrorCode } from '../../shared/bytes/protocol-error.ts';
import { type ChunkSizeEvidence, likelyChunkSizeFault } from './chunk-size-evidence.ts';
import type { LimitName } from './limits.ts';
import type { RtmpMessage } from './message.ts';

/** A message without its body. */
interface MessageHead {
  readonly typeId: number;
  readonly chunkStreamId: number;
  readonly length: number;
  readonly timestamp: number;
}

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
  readonly lastMessage?: MessageHead;
  /** What tells where the sender really cuts its chunks. */
  readonly chunkSizes?: ChunkSizeEvidence;
  /** Up to 16 bytes before and 16 from the fault on, with `|` between; bytes of a query string are shown as `**`. */
  readonly hex: string;
}

/** A `ProtocolError` of an RTMP connection, with what a log line or the inspector needs to explain it. */
export class RtmpProtocolError extends ProtocolError {
  readonly diagnostic: RtmpDiagnostic;
  /** What the peer probably did wrong and has to change, in plain words. It comes first in the message as well. */
  readonly likelyCause: string | undefined;

  constructor(code: ProtocolErrorCode, message: string, diagnostic: RtmpDiagnostic) {
    const likelyCause = likelyChunkSizeFault(code, diagnostic);
    const found = `${message} (${describeDiagnostic(diagnostic)})`;
    super(code, likelyCause === undefined ? found : `${likelyCause} Found: ${found}`, diagnostic.inputOffset);
    this.diagnostic = diagnostic;
    this.likelyCause = likelyCause;
  }
}

/** What a diagnostic keeps of a message. */
export const headOf = ({ typeId, chunkStreamId, body, timestamp }: RtmpMessage): MessageHead => ({
  typeId,
  chunkStreamId,
  length: body.length,
  timestamp,
});

/** The diagnostic in one line of text. */
export function describeDiagnostic(diagnostic: RtmpDiagnostic): string {
  const { chunkStreamId, fmt, typeId, length, lastMessage, chunkSizes } = diagnostic;
  const parts = [`at input byte ${diagnostic.inputOffset}`];
  if (chunkStreamId !== undefined) parts.push(`csid ${chunkStreamId}`);
  if (fmt !== undefined) parts.push(`fmt ${fmt}`);
  if (typeId !== undefined) parts.push(`type ${typeId}`);
  if (length !== undefined) parts.push(`length ${length}`);
  parts.push(`chunk size ${diagnostic.chunkSize}`);
  if (chunkSizes?.unfinished !== undefined) {
    const { received, length: whole, typeId: type } = chunkSizes.unfinished;
    parts.push(`with ${received} of ${whole} bytes of a type ${type} read`);
  }
  if (lastMessage !== undefined) {
    parts.push(
      `after type ${lastMessage.typeId} of ${lastMessage.length} bytes on csid ${lastMessage.chunkStreamId}`,
    );
  }
  if (diagnostic.hex !== '') parts.push(`bytes ${diagnostic.hex}`);
  return parts.join(', ');
}
