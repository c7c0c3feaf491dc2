import type { EnhancedCapabilities } from './enhanced-capabilities.ts';
import type { HandshakeKind } from './handshake.ts';

/**
 * What a connection negotiated, as plain data for logs, API and pages. Texts of the peer are redacted: nothing after a
 * `?`, no control characters. `null`: not known yet, or never said.
 */
export interface SessionInfo {
  readonly handshake: HandshakeKind | null;
  readonly app: string | null;
  readonly tcUrl: string | null;
  readonly flashVer: string | null;
  readonly swfUrl: string | null;
  readonly pageUrl: string | null;
  readonly objectEncoding: number;
  /** What the client said of Enhanced RTMP. */
  readonly enhanced: EnhancedCapabilities | null;
  /** Largest chunk payload that the peer sends, and that we send. */
  readonly inChunkSize: number;
  readonly outChunkSize: number;
  /** How often the peer wants to be acknowledged; `null` until it says, a default applies. */
  readonly peerAckWindow: number | null;
  readonly ackWindow: number;
  readonly bytesReceived: number;
  /** Sequence number of the peer's last acknowledgement. */
  readonly bytesAcknowledged: number;
  readonly messagesReceived: number;
  readonly chunksByFmt: readonly number[];
  readonly abandonedMessages: number;
  /** Audio, video and data that came without an accepted publish. */
  readonly droppedMedia: number;
}
