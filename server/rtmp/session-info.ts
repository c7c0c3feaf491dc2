import type { EnhancedCapabilities } from './enhanced-capabilities.ts';
import type { HandshakeKind } from './handshake.ts';
import { redactQuery } from './redact-query.ts';
import type { RtmpWire } from './rtmp-wire.ts';
import type { ConnectRequest } from './session-event.ts';

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

const shown = (text: string | undefined): string | null => (text ? redactQuery(text) : null);

/** What is known of a connection so far. */
export function sessionInfo(
  wire: RtmpWire,
  request: ConnectRequest | undefined,
  droppedMedia: number,
): SessionInfo {
  return {
    handshake: wire.handshake ?? null,
    app: shown(request?.app),
    tcUrl: shown(request?.tcUrl),
    flashVer: shown(request?.flashVer),
    swfUrl: shown(request?.swfUrl),
    pageUrl: shown(request?.pageUrl),
    objectEncoding: request?.objectEncoding ?? 0,
    enhanced: request?.capabilities ?? null,
    inChunkSize: wire.inChunkSize,
    outChunkSize: wire.outChunkSize,
    peerAckWindow: wire.peerAckWindow ?? null,
    ackWindow: wire.ackWindow,
    bytesReceived: wire.bytesReceived,
    bytesAcknowledged: wire.bytesAcknowledged,
    messagesReceived: wire.counters.messages,
    chunksByFmt: [...wire.counters.chunksByFmt],
    abandonedMessages: wire.counters.abandonedMessages,
    droppedMedia,
  };
}
