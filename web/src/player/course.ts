import type { PlayerPhase } from './player-phase.ts';
import type { PlayerCommand, PlayerReason, SourceEnd } from './player-state.ts';
import { mediaFailuresUntilError, playerTimes } from './player-times.ts';
import { RetryPace } from './retry-pace.ts';
import type { StreamNews } from './stream-news.ts';

/** What is told of the present phase. */
export interface CourseFacts {
  /** A picture was on screen at some time. */
  readonly hasPicture: boolean;
  /** It was there and is to come back: what is missing is "reconnecting", not "connecting". */
  readonly recovering: boolean;
  readonly afterCleanEnd: boolean;
  /** It stood still, and nothing has shown yet that the new connection brings more than the old pictures. */
  readonly unproven: boolean;
  readonly reason: PlayerReason | null;
  readonly message: string | null;
}

/** The phases of the player, and how it turns from one to another. Each turn ends what ran before. */
export class Course {
  readonly #news: StreamNews;
  readonly #pace: RetryPace;
  #phase: PlayerPhase = { is: 'idle' };
  #hasPicture = false;
  #recovering = false;
  #afterCleanEnd = false;
  #unproven = false;
  #mediaFailures = 0;
  #reason: PlayerReason | null = null;
  #message: string | null = null;

  /** `random` gives a number from 0 up to 1 at each call. */
  constructor(news: StreamNews, random: () => number) {
    this.#news = news;
    this.#pace = new RetryPace(random);
  }

  get phase(): PlayerPhase {
    return this.#phase;
  }

  /** There is a connection. */
  get isActive(): boolean {
    return this.#phase.is === 'opening' || this.#phase.is === 'playing';
  }

  get facts(): CourseFacts {
    return {
      hasPicture: this.#hasPicture,
      recovering: this.#recovering,
      afterCleanEnd: this.#afterCleanEnd,
      unproven: this.#unproven,
      reason: this.#reason,
      message: this.#message,
    };
  }

  open(nowMs: number): PlayerCommand[] {
    return [
      ...this.#turn({
        is: 'opening',
        openedAtMs: nowMs,
        sinceMs: nowMs,
        firstByte: false,
        engineReady: false,
      }),
      { type: 'open' },
    ];
  }

  firstByte(): void {
    if (this.#phase.is === 'opening') this.#phase.firstByte = true;
  }

  engineReady(nowMs: number): void {
    if (this.#phase.is !== 'opening') return;
    this.#phase.engineReady = true;
    this.#phase.sinceMs = nowMs;
  }

  /** What has not come yet has a good reason. */
  bePatient(nowMs: number): void {
    if (this.#phase.is === 'opening') this.#phase.sinceMs = nowMs;
  }

  /** The first picture is there. */
  begin(nowMs: number): void {
    this.#phase = { is: 'playing', sinceMs: nowMs };
    this.#hasPicture = true;
    this.#mediaFailures = 0;
    this.#settle(null, null);
  }

  /** It plays on. `proven`: the connection has brought more than what a newcomer is given. */
  goesOn(proven: boolean, nowMs: number): void {
    if (this.#phase.is !== 'playing') return;
    if (proven) this.#unproven = false;
    if (nowMs - this.#phase.sinceMs >= playerTimes.steadyMs) this.#pace.steady();
  }

  /** Tries again: at once the first time after a steady while, later with growing pauses. */
  retry(reason: PlayerReason, message: string | null, nowMs: number): PlayerCommand[] {
    this.goesOn(false, nowMs);
    this.#reason = reason;
    this.#message = message;
    this.#recovering = this.#hasPicture && !this.#afterCleanEnd;
    if (reason === 'stalled') this.#unproven = this.#hasPicture;
    const delayMs = this.#pace.retryMs(reason);
    return delayMs === 0 ? this.open(nowMs) : this.#turn({ is: 'backoff', retryAtMs: nowMs + delayMs });
  }

  /** Not live: wait for the status channel, or ask again now and then while there is none or it says otherwise. */
  wait(nowMs: number): PlayerCommand[] {
    const { status, allowsOpening } = this.#news;
    const ended = this.#afterCleanEnd || (this.#phase.is === 'playing' && status === 'gone');
    const polls = status === 'unknown' || allowsOpening;
    if (!polls) this.#pace.steady();
    const pollAtMs = polls ? nowMs + this.#pace.pollMs() : null;
    this.#settle(null, null);
    return this.#turn({ is: 'waiting', endedAtMs: ended ? nowMs : null, pollAtMs });
  }

  /** The stream is over. */
  waitEnded(nowMs: number): PlayerCommand[] {
    this.#afterCleanEnd = this.#hasPicture;
    return this.wait(nowMs);
  }

  /** Waits on, with or without the status channel. */
  waitOn(nowMs: number): void {
    const phase = this.#phase;
    if (phase.is !== 'waiting') return;
    const lost = this.#news.status === 'unknown';
    const endedMs = phase.endedAtMs === null ? Number.POSITIVE_INFINITY : nowMs - phase.endedAtMs;
    // It ended because its encoder ended with the server, as the demo does.
    if (lost && endedMs < playerTimes.endAndLossMs) this.#news.serverStops();
    const pollAtMs = lost ? (phase.pollAtMs ?? nowMs + playerTimes.poll.firstMs) : null;
    this.#phase = { ...phase, pollAtMs };
  }

  stop(
    as: 'unsupported' | 'error',
    reason: PlayerReason,
    message: string | null,
    retryAtMs: number | null = null,
  ): PlayerCommand[] {
    this.#settle(reason, message);
    return this.#turn({ is: 'stopped', as, retryAtMs });
  }

  park(): PlayerCommand[] {
    return this.#turn({ is: 'parked' });
  }

  /** The bytes came to their end. */
  sourceEnded(how: SourceEnd, nowMs: number): PlayerCommand[] {
    const isGone = this.#news.status === 'gone';
    switch (how) {
      case 'ended':
        return this.waitEnded(nowMs);
      case 'clean':
        // Only the next answer tells which it was.
        if (isGone) return this.waitEnded(nowMs);
        this.#afterCleanEnd = this.#hasPicture;
        return this.retry('network', null, nowMs);
      case 'draining':
        this.#news.serverStops();
        return this.retry('server-restarting', null, nowMs);
      case 'tracks-changed':
      case 'dropped':
        return this.retry('network', null, nowMs);
      case 'kicked':
        return isGone ? this.waitEnded(nowMs) : this.stop('error', 'kicked', null);
      default:
        return how satisfies never;
    }
  }

  engineFailed(message: string, nowMs: number): PlayerCommand[] {
    this.#mediaFailures += 1;
    return this.#mediaFailures >= mediaFailuresUntilError
      ? this.stop('error', 'media', message, nowMs + playerTimes.hopelessMs)
      : this.retry('media', message, nowMs);
  }

  #turn(phase: PlayerPhase): PlayerCommand[] {
    const commands: PlayerCommand[] = this.isActive ? [{ type: 'close' }] : [];
    this.#phase = phase;
    return commands;
  }

  /** Nothing is on its way back any more: the picture is there, or it is not to be expected. */
  #settle(reason: PlayerReason | null, message: string | null): void {
    this.#recovering = false;
    this.#afterCleanEnd = false;
    this.#reason = reason;
    this.#message = message;
  }
}
