import type { LimitName } from '../../rtmp/limits.ts';

export interface RtmpTimeouts {
  /** From accept to the end of the handshake. */
  readonly handshakeMs: number;
  /** How long a connection may neither publish nor play. */
  readonly idleMs: number;
  /**
   * How long a player may say nothing. It is asked three times in it whether it is there; FFmpeg and librtmp answer by
   * themselves. A publisher has its own limit.
   */
  readonly pingMs: number;
}

/** What a connection does now. */
export interface Doing {
  readonly handshaken: boolean;
  readonly publishing: boolean;
  readonly playing: boolean;
}

/** What is to be done because time has passed. */
export type Due =
  | { readonly type: 'time-out'; readonly afterMs: number; readonly limit: LimitName }
  /** Ask whether the player is there. `number` comes back with its answer. */
  | { readonly type: 'ping'; readonly number: number };

/** Who left this many pings without an answer is gone; nginx-rtmp gives up after one. */
const PINGS_MISSED = 3;

/** Keeps the times of a connection, and says what they ask for. Pure. */
export class ConnectionDeadlines {
  readonly #timeouts: RtmpTimeouts;
  readonly #openedMs: number;
  #usedMs: number;
  #pingedMs: number;
  #heardMs: number;

  constructor(timeouts: RtmpTimeouts, openedMs: number) {
    this.#timeouts = timeouts;
    this.#openedMs = this.#usedMs = this.#pingedMs = this.#heardMs = openedMs;
  }

  /** Something came from the other end. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** What is due now, if something is. A ping is due once. */
  next(nowMs: number, { handshaken, publishing, playing }: Doing): Due | undefined {
    const { handshakeMs, idleMs, pingMs } = this.#timeouts;
    if (publishing || playing) this.#usedMs = nowMs;
    if (!handshaken && nowMs - this.#openedMs >= handshakeMs) return timeOut(handshakeMs, 'handshakeTimeout');
    if (nowMs - this.#usedMs >= idleMs) return timeOut(idleMs, 'idleTimeout');
    if (!publishing && nowMs - this.#heardMs >= pingMs) return timeOut(pingMs, 'pingTimeout');
    if (!playing || nowMs - this.#pingedMs < pingMs / PINGS_MISSED) return undefined;
    this.#pingedMs = nowMs;
    return { type: 'ping', number: Math.floor(nowMs - this.#openedMs) };
  }
}

const timeOut = (afterMs: number, limit: LimitName): Due => ({ type: 'time-out', afterMs, limit });
