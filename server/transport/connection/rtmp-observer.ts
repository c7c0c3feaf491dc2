import type { Refusal } from '../../../shared/contract/errors.ts';
import type { SessionNote } from '../../rtmp/session-note.ts';

/** An RTMP client as the log and the dashboard name it. */
export interface RtmpClient {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
}

/** Who wants to know what happens on RTMP connections: metrics and notices, joined by the composition root. */
export interface RtmpObserver {
  opened(client: RtmpClient): void;
  closed(client: RtmpClient): void;
  handshakeDone(kind: 'simple' | 'digest'): void;
  /** An encoder said connect and was let in. */
  connected(client: RtmpClient): void;
  /** It came to play and is no encoder. */
  playAsked(client: RtmpClient): void;
  refused(client: RtmpClient, stream: string | null, refusal: Refusal): void;
  /** A limit was reached, by its name in `RtmpLimits`; what follows from it is told besides. */
  limitReached(client: RtmpClient, limit: string): void;
  /** Something is taken otherwise than it was sent, dropped, or not obeyed. */
  noted(client: RtmpClient, stream: string | null, note: SessionNote): void;
  /** The peer broke the protocol; `code` is a ProtocolErrorCode, `reason` a sentence without secrets. */
  failed(client: RtmpClient, stream: string | null, fault: { code: string; reason: string }): void;
}
