import { addressGroup } from '../../shared/net/address.ts';
import type { Clock } from './clock.ts';
import { isAudience, type Peer, type SessionSnapshot } from './snapshot.ts';

/** Bounds memory; only an operator adds to it, and each entry goes with its pause. */
const MAX_KICKS = 10_000;

interface Kick {
  readonly stream: string;
  readonly addressGroup: string;
  readonly userAgent: string | null;
  readonly visitorId: string | undefined;
  readonly atWallMs: number;
  readonly untilMs: number;
}

/**
 * Viewers that the operator ended, and who may not come back for a while, whatever they play with. A viewer is known by the cookie of
 * the watch page and by the address, so a new window or another player does not help. Others behind the same address go on: their
 * cookies are older than the kick. Of those who come new from there, another browser is let in, and what has no cookie waits.
 */
export class KickedViewers {
  readonly #pauseMs: number;
  readonly #clock: Clock;
  #kicks: readonly Kick[] = [];

  constructor(pauseMs: number, clock: Clock) {
    this.#pauseMs = pauseMs;
    this.#clock = clock;
  }

  /** The operator ended this session. Publishers have a pause of their own, and the operator's preview needs none. */
  add(session: SessionSnapshot): void {
    if (session.role !== 'viewer' || !isAudience(session) || this.#pauseMs === 0) return;
    const nowMs = this.#clock.monotonicMs();
    const kick: Kick = {
      stream: session.stream,
      addressGroup: addressGroup(session.address),
      userAgent: session.userAgent,
      visitorId: session.visitor?.id,
      atWallMs: this.#clock.wallMs(),
      untilMs: nowMs + this.#pauseMs,
    };
    this.#kicks = [...this.#kicks.filter(({ untilMs }) => untilMs > nowMs), kick].slice(-MAX_KICKS);
  }

  /** How long somebody may not watch a stream; 0 for nearly everybody. */
  waitMs(stream: string, peer: Peer): number {
    if (this.#kicks.length === 0 || !isAudience(peer)) return 0;
    const group = addressGroup(peer.address);
    const nowMs = this.#clock.monotonicMs();
    return this.#kicks
      .filter((kick) => kick.stream === stream && isMeant(kick, peer, group))
      .reduce((most, { untilMs }) => Math.max(most, untilMs - nowMs), 0);
  }
}

function isMeant(kick: Kick, { visitor, userAgent }: Peer, group: string): boolean {
  if (visitor !== undefined && visitor.id === kick.visitorId) return true;
  if (group !== kick.addressGroup) return false;
  if (visitor === undefined) return true;
  const isNew = visitor.sinceWallMs >= kick.atWallMs;
  return isNew && userAgent === kick.userAgent;
}
