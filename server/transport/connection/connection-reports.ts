import { ProtocolError } from '../../../shared/bytes/protocol-error.ts';
import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import { limitOf } from '../../rtmp/limits.ts';
import { RtmpProtocolError } from '../../rtmp/rtmp-protocol-error.ts';
import type { SessionNote } from '../../rtmp/session-note.ts';
import type { TransportLog } from '../transport-log.ts';
import type { RtmpClient, RtmpObserver } from './rtmp-observer.ts';

/** Tells the log and the observer what goes wrong, or oddly, on one connection. */
export class ConnectionReports {
  readonly #client: RtmpClient;
  readonly #log: TransportLog;
  readonly #observer: RtmpObserver;

  constructor(client: RtmpClient, log: TransportLog, observer: RtmpObserver) {
    this.#client = client;
    this.#log = log;
    this.#observer = observer;
  }

  /** Somebody was turned away, and is told so elsewhere. */
  refused(stream: string | null, refusal: Refusal): void {
    this.#log.warn({ stream, code: refusal.code }, refusal.forOperator);
    this.#observer.refused(this.#client, stream, refusal);
  }

  limitReached(limit: string): void {
    this.#observer.limitReached(this.#client, limit);
  }

  noted(stream: string | null, note: SessionNote): void {
    const { code, weight, message } = note;
    if (weight === 'worth-knowing') this.#log.warn({ stream, code }, message);
    else this.#log.debug({ stream, code }, message);
    this.#observer.noted(this.#client, stream, note);
  }

  /** The connection ends by a fault, of the peer or our own. Gives what the peer is told of it. */
  failed(stream: string | null, error: unknown): Refusal {
    if (!(error instanceof ProtocolError)) {
      this.#log.error({ stream, err: error }, 'internal error on an RTMP connection');
      this.#observer.failed(this.#client, stream, { code: 'internal', reason: 'internal error' });
      return refuse('internal');
    }
    const { code, message: reason } = error;
    this.#log.warn({ stream, code }, `protocol error: ${reason}`);
    this.#observer.failed(this.#client, stream, { code, reason });
    const limit = error instanceof RtmpProtocolError ? error.diagnostic.limit : limitOf(error);
    if (limit) this.limitReached(limit);
    return refuse('malformed', { reason });
  }
}
