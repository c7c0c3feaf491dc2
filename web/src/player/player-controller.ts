import { backoffDelayMs } from './backoff.ts';
import { gapJumpTarget } from './gap-jump.ts';
import { LiveChase } from './live-chase.ts';
import { type MediaSample, secondsBehind } from './media-sample.ts';
import type { OpeningPhase, PlayerPhase, PlayingPhase } from './player-phase.ts';
import type {
  FeedStatus,
  PlayerCommand,
  PlayerEvent,
  PlayerReason,
  PlayerView,
  SourceEnd,
} from './player-state.ts';
import { mediaFailuresUntilError, playerTimes } from './player-times.ts';
import { viewOf } from './player-view.ts';
import { ProgressWatch } from './progress-watch.ts';

/**
 * Decides what the player does. Knows no element, timer or clock: events and the time come in, commands go out.
 * The rule behind all of it: whatever happens, the picture comes back without a click.
 */
export class PlayerController {
  readonly #random: () => number;
  readonly #chase = new LiveChase();
  readonly #progress = new ProgressWatch();
  #phase: PlayerPhase = { is: 'idle' };
  #feed: FeedStatus = 'unknown';
  #feedSince: string | undefined;
  #visible = true;
  #userPaused = false;
  #blocked = false;
  #hasPicture = false;
  #hasVideo = true;
  /** The picture was there and is to come back: what is missing is "reconnecting", not "connecting". */
  #recovering = false;
  #afterCleanEnd = false;
  #attempt = 0;
  #mediaFailures = 0;
  #reason: PlayerReason | null = null;
  #message: string | null = null;
  #sample: MediaSample | null = null;
  #lastTickMs = 0;
  #eagerUntilMs = 0;
  #rate = 1;

  /** `random` gives a number from 0 up to 1 at each call. */
  constructor(random: () => number) {
    this.#random = random;
  }

  handle(event: PlayerEvent, nowMs: number): PlayerCommand[] {
    switch (event.type) {
      case 'start':
      case 'retry':
        return this.#open(nowMs);
      case 'feed':
        return this.#onFeed(event.status, event.since, nowMs);
      case 'refused':
        return this.#onRefused(event.httpStatus, event.message, nowMs);
      case 'first-byte':
        if (this.#phase.is === 'opening') this.#phase.firstByte = true;
        return [];
      case 'engine-ready':
        return this.#onEngineReady(event.hasVideo, nowMs);
      case 'unsupported':
        return this.#stop('unsupported', 'unsupported', event.message, null);
      case 'source-ended':
        return this.#onSourceEnded(event.how, nowMs);
      case 'engine-failed':
        return this.#onEngineFailed(event.message, nowMs);
      case 'tick':
        return this.#onTick(event.sample, nowMs);
      case 'visibility':
        return this.#onVisibility(event.visible, nowMs);
      case 'play-blocked':
        this.#blocked = true;
        return [];
      case 'user-play':
        return this.#onUserPlay(nowMs);
      case 'user-pause':
        this.#userPaused = true;
        return this.#isActive() ? [{ type: 'pause' }] : [];
      case 'catch-up':
        return this.#catchUp();
      case 'track-chosen':
        return this.#onTrackChosen(nowMs);
      default:
        return event satisfies never;
    }
  }

  view(nowMs: number): PlayerView {
    return viewOf(
      {
        phase: this.#phase,
        feed: this.#feed,
        isHeld: this.#isHeld(),
        stillMs: this.#progress.stillMs(nowMs),
        recovering: this.#recovering,
        afterCleanEnd: this.#afterCleanEnd,
        paused: this.#userPaused,
        blocked: this.#blocked,
        hasPicture: this.#hasPicture,
        reason: this.#reason,
        message: this.#message,
        sample: this.#sample,
      },
      nowMs,
    );
  }

  #isActive(): boolean {
    return this.#phase.is === 'opening' || this.#phase.is === 'playing';
  }

  #feedAllows(): boolean {
    return this.#feed === 'live' || this.#feed === 'starting';
  }

  #isHeld(): boolean {
    return this.#userPaused || this.#blocked;
  }

  #open(nowMs: number): PlayerCommand[] {
    const commands: PlayerCommand[] = this.#isActive() ? [{ type: 'close' }] : [];
    this.#phase = { is: 'opening', sinceMs: nowMs, firstByte: false, engineReady: false };
    this.#chase.reset();
    this.#progress.reset();
    this.#sample = null;
    this.#rate = 1;
    commands.push({ type: 'open' });
    return commands;
  }

  /** Ends what runs and tries again: at once the first time after a steady while, later with growing pauses. */
  #retry(reason: PlayerReason, message: string | null, nowMs: number): PlayerCommand[] {
    if (this.#phase.is === 'playing' && nowMs - this.#phase.sinceMs >= playerTimes.steadyMs)
      this.#attempt = 0;
    this.#reason = reason;
    this.#message = message;
    this.#recovering = this.#hasPicture && !this.#afterCleanEnd;
    const attempt = this.#attempt;
    this.#attempt += 1;
    if (attempt === 0 && reason !== 'server-restarting' && reason !== 'unreachable') return this.#open(nowMs);
    const close: PlayerCommand[] = this.#isActive() ? [{ type: 'close' }] : [];
    const delayMs = backoffDelayMs(Math.max(0, attempt - 1), playerTimes.backoff, this.#random());
    this.#phase = { is: 'backoff', retryAtMs: nowMs + delayMs };
    return close;
  }

  /** Not live: wait for the feed, or ask again now and then while there is none or it says otherwise. */
  #wait(nowMs: number): PlayerCommand[] {
    const close: PlayerCommand[] = this.#isActive() ? [{ type: 'close' }] : [];
    const ended = this.#afterCleanEnd || (this.#phase.is === 'playing' && this.#feed === 'gone');
    const polls = this.#feed === 'unknown' || this.#feedAllows();
    const pollMs = backoffDelayMs(this.#attempt, playerTimes.poll, this.#random());
    this.#attempt = polls ? this.#attempt + 1 : 0;
    const pollAtMs = polls ? nowMs + pollMs : null;
    this.#phase = { is: 'waiting', endedAtMs: ended ? nowMs : null, pollAtMs };
    this.#settle(null, null);
    return close;
  }

  #waitEnded(nowMs: number): PlayerCommand[] {
    this.#afterCleanEnd = this.#hasPicture;
    return this.#wait(nowMs);
  }

  #stop(
    as: 'unsupported' | 'error',
    reason: PlayerReason,
    message: string | null,
    retryAtMs: number | null,
  ): PlayerCommand[] {
    const close: PlayerCommand[] = this.#isActive() ? [{ type: 'close' }] : [];
    this.#phase = { is: 'stopped', as, retryAtMs };
    this.#settle(reason, message);
    return close;
  }

  /** Nothing is on its way back any more: the picture is there, or it is not to be expected. */
  #settle(reason: PlayerReason | null, message: string | null): void {
    this.#recovering = false;
    this.#afterCleanEnd = false;
    this.#reason = reason;
    this.#message = message;
  }

  #onFeed(status: FeedStatus, since: string | undefined, nowMs: number): PlayerCommand[] {
    const before = this.#feed;
    const anotherPublish = since !== undefined && this.#feedSince !== undefined && since !== this.#feedSince;
    this.#feed = status;
    if (since !== undefined) this.#feedSince = since;
    const canOpen = this.#feedAllows();
    const changed = before !== status || anotherPublish;
    const phase = this.#phase;
    switch (phase.is) {
      case 'waiting':
        if (canOpen) return this.#open(nowMs);
        this.#phase = {
          ...phase,
          pollAtMs: status === 'unknown' ? (phase.pollAtMs ?? nowMs + playerTimes.poll.firstMs) : null,
        };
        return [];
      case 'backoff':
        if (status === 'gone') return this.#wait(nowMs);
        return canOpen && changed ? this.#open(nowMs) : [];
      case 'stopped':
        // It was not this viewer who was sent away: the whole stream was ended.
        if (status === 'gone' && this.#reason === 'kicked') return this.#waitEnded(nowMs);
        return canOpen && changed && before !== 'unknown' ? this.#open(nowMs) : [];
      case 'playing':
        if (status === 'live' && changed && before !== 'unknown')
          this.#progress.expectBy(nowMs + playerTimes.resumeMs);
        return [];
      default:
        return [];
    }
  }

  #onRefused(httpStatus: number | null, message: string | null, nowMs: number): PlayerCommand[] {
    if (this.#phase.is !== 'opening') return [];
    if (this.#feed === 'gone' || (httpStatus === 404 && !this.#feedAllows())) return this.#wait(nowMs);
    if (
      httpStatus !== null &&
      httpStatus >= 400 &&
      httpStatus < 500 &&
      ![404, 408, 429].includes(httpStatus)
    ) {
      return this.#stop('error', 'refused', message, null);
    }
    return this.#retry(httpStatus === null ? 'unreachable' : 'refused', message, nowMs);
  }

  #onEngineReady(hasVideo: boolean, nowMs: number): PlayerCommand[] {
    this.#hasVideo = hasVideo;
    if (this.#phase.is === 'opening') {
      this.#phase.engineReady = true;
      this.#phase.sinceMs = nowMs;
    }
    return this.#userPaused ? [] : [{ type: 'play' }];
  }

  #onSourceEnded(how: SourceEnd, nowMs: number): PlayerCommand[] {
    if (!this.#isActive()) return [];
    switch (how) {
      case 'ended':
        return this.#waitEnded(nowMs);
      case 'clean':
        // Only the next answer tells which it was.
        if (this.#feed === 'gone') return this.#waitEnded(nowMs);
        this.#afterCleanEnd = this.#hasPicture;
        return this.#retry('network', null, nowMs);
      case 'draining':
        return this.#retry('server-restarting', null, nowMs);
      case 'tracks-changed':
      case 'dropped':
        return this.#retry('network', null, nowMs);
      case 'kicked':
        return this.#feed === 'gone' ? this.#waitEnded(nowMs) : this.#stop('error', 'kicked', null, null);
      default:
        return how satisfies never;
    }
  }

  #onEngineFailed(message: string, nowMs: number): PlayerCommand[] {
    if (!this.#isActive()) return [];
    this.#mediaFailures += 1;
    if (this.#mediaFailures >= mediaFailuresUntilError) {
      return this.#stop('error', 'media', message, nowMs + playerTimes.hopelessMs);
    }
    return this.#retry('media', message, nowMs);
  }

  #onVisibility(visible: boolean, nowMs: number): PlayerCommand[] {
    this.#visible = visible;
    if (!visible) return [];
    this.#progress.excuse(nowMs);
    this.#eagerUntilMs = nowMs + playerTimes.settleMs;
    if (this.#userPaused) return [];
    if (this.#phase.is === 'parked') return this.#open(nowMs);
    // Chrome pauses muted video in hidden tabs.
    return this.#isActive() ? [{ type: 'play' }] : [];
  }

  #onUserPlay(nowMs: number): PlayerCommand[] {
    this.#userPaused = false;
    this.#blocked = false;
    this.#progress.excuse(nowMs);
    if (this.#phase.is === 'parked' || this.#phase.is === 'idle') return this.#open(nowMs);
    if (!this.#isActive()) return [];
    return [...this.#catchUp(), { type: 'play' }];
  }

  #catchUp(): PlayerCommand[] {
    const edge = this.#sample === null ? null : this.#chase.liveEdge(this.#sample);
    return edge === null || this.#phase.is !== 'playing' ? [] : [{ type: 'seek', to: edge }];
  }

  /** What runs is of the other track. Where nothing is to be had, or nobody looks, the next attempt asks for the new one. */
  #onTrackChosen(nowMs: number): PlayerCommand[] {
    const { is } = this.#phase;
    return this.#isActive() || is === 'stopped' || is === 'backoff' ? this.#open(nowMs) : [];
  }

  #onTick(sample: MediaSample | null, nowMs: number): PlayerCommand[] {
    const slept = nowMs - this.#lastTickMs > playerTimes.sleepMs;
    this.#lastTickMs = nowMs;
    this.#sample = sample;
    const phase = this.#phase;
    switch (phase.is) {
      case 'waiting':
        return phase.pollAtMs !== null && nowMs >= phase.pollAtMs ? this.#open(nowMs) : [];
      case 'backoff':
        return nowMs >= phase.retryAtMs ? this.#open(nowMs) : [];
      case 'stopped':
        return phase.retryAtMs !== null && nowMs >= phase.retryAtMs ? this.#open(nowMs) : [];
      case 'opening':
        return this.#tickOpening(phase, sample, nowMs);
      case 'playing':
        return this.#tickPlaying(phase, sample, nowMs, slept);
      default:
        return [];
    }
  }

  #tickOpening(phase: OpeningPhase, sample: MediaSample | null, nowMs: number): PlayerCommand[] {
    if (sample !== null && this.#moved(sample, nowMs)) {
      this.#startPlaying(nowMs);
      return this.#steer(sample, nowMs);
    }
    if (this.#isHeld()) return [];
    const limitMs = phase.firstByte && !phase.engineReady ? playerTimes.loadMs : playerTimes.startMs;
    if (nowMs - phase.sinceMs < limitMs) {
      const jump = sample === null ? undefined : gapJumpTarget(sample);
      return jump === undefined ? [] : [{ type: 'seek', to: jump }];
    }
    // The server holds the first byte back until it knows the tracks: nothing is wrong.
    if (this.#feed === 'starting' || this.#feed === 'interrupted' || !this.#visible) {
      phase.sinceMs = nowMs;
      return [];
    }
    if (this.#feed === 'gone') return this.#wait(nowMs);
    return this.#retry('stalled', null, nowMs);
  }

  #startPlaying(nowMs: number): void {
    this.#phase = { is: 'playing', sinceMs: nowMs, dryAtMs: null };
    this.#progress.excuse(nowMs);
    this.#eagerUntilMs = nowMs + playerTimes.settleMs;
    this.#hasPicture = true;
    this.#mediaFailures = 0;
    this.#settle(null, null);
  }

  #moved(sample: MediaSample, nowMs: number): boolean {
    return this.#progress.observe(sample, this.#hasVideo && this.#visible, nowMs);
  }

  #tickPlaying(
    phase: PlayingPhase,
    sample: MediaSample | null,
    nowMs: number,
    slept: boolean,
  ): PlayerCommand[] {
    if (sample === null) return [];
    if (nowMs - phase.sinceMs >= playerTimes.steadyMs) this.#attempt = 0;
    if (this.#moved(sample, nowMs)) {
      phase.dryAtMs = null;
    } else if (slept || this.#isHeld()) {
      this.#progress.excuse(nowMs);
    } else if (this.#feed !== 'interrupted' && this.#progress.isStuck(this.#feed === 'gone', nowMs)) {
      return this.#feed === 'gone' ? this.#wait(nowMs) : this.#retry('stalled', null, nowMs);
    }
    this.#noteUnderrun(phase, sample, nowMs);
    return this.#park(sample) ?? this.#steer(sample, nowMs);
  }

  #noteUnderrun(phase: PlayingPhase, sample: MediaSample, nowMs: number): void {
    const dry = this.#visible && !this.#isHeld() && sample.readyState < 3 && !sample.seeking;
    if (!dry || phase.dryAtMs !== null || nowMs < this.#eagerUntilMs) return;
    phase.dryAtMs = nowMs;
    this.#chase.underrun(nowMs);
  }

  /** Lets go of a connection that only fills memory: nobody looks, and the way back starts at the live edge anyway. */
  #park(sample: MediaSample): PlayerCommand[] | undefined {
    if (this.#visible && !this.#userPaused) return undefined;
    if ((secondsBehind(sample) ?? 0) < playerTimes.parkSeconds) return undefined;
    this.#phase = { is: 'parked' };
    return [{ type: 'close' }];
  }

  #steer(sample: MediaSample, nowMs: number): PlayerCommand[] {
    const jump = gapJumpTarget(sample);
    if (jump !== undefined) return [{ type: 'seek', to: jump }];
    if (this.#isHeld()) return [];
    const commands: PlayerCommand[] = [];
    const decision = this.#chase.decide(sample, nowMs, nowMs < this.#eagerUntilMs);
    if (decision.seekTo !== null) commands.push({ type: 'seek', to: decision.seekTo });
    if (decision.rate !== this.#rate) {
      this.#rate = decision.rate;
      commands.push({ type: 'rate', rate: decision.rate });
    }
    if (sample.paused && this.#visible) commands.push({ type: 'play' });
    return commands;
  }
}
