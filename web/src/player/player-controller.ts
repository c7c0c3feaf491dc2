import { LiveChase } from './live-chase.ts';
import type { MediaSample } from './media-sample.ts';
import { type HeldFacts, PlayIntent } from './play-intent.ts';
import type { PlayerPhase } from './player-phase.ts';
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
import { RetryPace } from './retry-pace.ts';
import { type Decision, decide, type TickFacts } from './tick-rules.ts';

/**
 * Decides what the player does. Knows no element, timer or clock: events and the time come in, commands go out.
 * What the element does is looked at in ticks: facts first, then one decision by the rules of `tick-rules.ts`.
 * The rule behind all of it: whatever happens, the picture comes back without a click.
 */
export class PlayerController {
  readonly #chase = new LiveChase();
  readonly #progress = new ProgressWatch();
  readonly #intent = new PlayIntent();
  readonly #pace: RetryPace;
  #phase: PlayerPhase = { is: 'idle' };
  #feed: FeedStatus = 'unknown';
  #feedSince: string | undefined;
  #visible = true;
  #hasPicture = false;
  #hasVideo = true;
  /** The picture was there and is to come back: what is missing is "reconnecting", not "connecting". */
  #recovering = false;
  #afterCleanEnd = false;
  #mediaFailures = 0;
  #reason: PlayerReason | null = null;
  #message: string | null = null;
  #sample: MediaSample | null = null;
  #lastTickMs = 0;
  #eagerUntilMs = 0;
  #rate = 1;

  /** `random` gives a number from 0 up to 1 at each call. */
  constructor(random: () => number) {
    this.#pace = new RetryPace(random);
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
      case 'look':
        return this.#look(event.element, nowMs);
      case 'touched':
        this.#intent.touched(event.paused);
        return [];
      case 'play-blocked':
        this.#intent.block();
        return [];
      case 'user-play':
        return this.#onUserPlay(nowMs);
      case 'user-pause':
        this.#intent.ask('pause');
        return this.#isActive ? [{ type: 'pause' }] : [];
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
        isHeld: this.#intent.held,
        stillMs: this.#progress.stillMs(nowMs),
        recovering: this.#recovering,
        afterCleanEnd: this.#afterCleanEnd,
        paused: this.#intent.wish === 'pause',
        blocked: this.#intent.blocked,
        hasPicture: this.#hasPicture,
        reason: this.#reason,
        message: this.#message,
        sample: this.#sample,
      },
      nowMs,
    );
  }

  get #isActive(): boolean {
    return this.#phase.is === 'opening' || this.#phase.is === 'playing';
  }

  get #feedAllows(): boolean {
    return this.#feed === 'live' || this.#feed === 'starting';
  }

  // What the player can turn to. Each leaves what it was doing before.

  #leave(): PlayerCommand[] {
    this.#sample = null;
    return this.#isActive ? [{ type: 'close' }] : [];
  }

  #open(nowMs: number): PlayerCommand[] {
    const commands = this.#leave();
    this.#phase = { is: 'opening', sinceMs: nowMs, firstByte: false, engineReady: false };
    this.#chase.reset();
    this.#progress.reset();
    this.#rate = 1;
    return [...commands, { type: 'open' }];
  }

  /** Ends what runs and tries again: at once the first time after a steady while, later with growing pauses. */
  #retry(reason: PlayerReason, message: string | null, nowMs: number): PlayerCommand[] {
    if (this.#phase.is === 'playing' && nowMs - this.#phase.sinceMs >= playerTimes.steadyMs)
      this.#pace.steady();
    this.#reason = reason;
    this.#message = message;
    this.#recovering = this.#hasPicture && !this.#afterCleanEnd;
    const delayMs = this.#pace.retryMs(reason);
    if (delayMs === 0) return this.#open(nowMs);
    const commands = this.#leave();
    this.#phase = { is: 'backoff', retryAtMs: nowMs + delayMs };
    return commands;
  }

  /** Not live: wait for the feed, or ask again now and then while there is none or it says otherwise. */
  #wait(nowMs: number): PlayerCommand[] {
    const ended = this.#afterCleanEnd || (this.#phase.is === 'playing' && this.#feed === 'gone');
    const commands = this.#leave();
    const polls = this.#feed === 'unknown' || this.#feedAllows;
    if (!polls) this.#pace.steady();
    const pollAtMs = polls ? nowMs + this.#pace.pollMs() : null;
    this.#phase = { is: 'waiting', endedAtMs: ended ? nowMs : null, pollAtMs };
    this.#settle(null, null);
    return commands;
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
    const commands = this.#leave();
    this.#phase = { is: 'stopped', as, retryAtMs };
    this.#settle(reason, message);
    return commands;
  }

  #park(): PlayerCommand[] {
    const commands = this.#leave();
    this.#phase = { is: 'parked' };
    return commands;
  }

  #begin(nowMs: number): PlayerCommand[] {
    this.#phase = { is: 'playing', sinceMs: nowMs, dryAtMs: null };
    this.#progress.excuse(nowMs);
    this.#eagerUntilMs = nowMs + playerTimes.settleMs;
    this.#hasPicture = true;
    this.#mediaFailures = 0;
    this.#settle(null, null);
    return [];
  }

  /** Nothing is on its way back any more: the picture is there, or it is not to be expected. */
  #settle(reason: PlayerReason | null, message: string | null): void {
    this.#recovering = false;
    this.#afterCleanEnd = false;
    this.#reason = reason;
    this.#message = message;
  }

  // What comes from outside.

  #onFeed(status: FeedStatus, since: string | undefined, nowMs: number): PlayerCommand[] {
    const before = this.#feed;
    const anotherPublish = since !== undefined && this.#feedSince !== undefined && since !== this.#feedSince;
    this.#feed = status;
    if (since !== undefined) this.#feedSince = since;
    const canOpen = this.#feedAllows;
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
    if (this.#feed === 'gone' || (httpStatus === 404 && !this.#feedAllows)) return this.#wait(nowMs);
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
    return this.#intent.wish === 'pause' ? [] : [{ type: 'play' }];
  }

  #onSourceEnded(how: SourceEnd, nowMs: number): PlayerCommand[] {
    if (!this.#isActive) return [];
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
    if (!this.#isActive) return [];
    this.#mediaFailures += 1;
    if (this.#mediaFailures >= mediaFailuresUntilError) {
      return this.#stop('error', 'media', message, nowMs + playerTimes.hopelessMs);
    }
    return this.#retry('media', message, nowMs);
  }

  // What the viewer does.

  #onVisibility(visible: boolean, nowMs: number): PlayerCommand[] {
    this.#visible = visible;
    if (!visible) return [];
    this.#progress.excuse(nowMs);
    this.#eagerUntilMs = nowMs + playerTimes.settleMs;
    if (this.#intent.wish === 'pause') return [];
    if (this.#phase.is === 'parked') return this.#open(nowMs);
    // Chrome pauses muted video in hidden tabs.
    return this.#isActive ? [{ type: 'play' }] : [];
  }

  #onUserPlay(nowMs: number): PlayerCommand[] {
    this.#intent.ask('play');
    if (this.#phase.is === 'parked' || this.#phase.is === 'idle') return this.#open(nowMs);
    return this.#isActive ? [...this.#goOn(nowMs), { type: 'play' }] : [];
  }

  /** After a pause the picture goes on at the live edge. After a very short one there is nothing to jump over. */
  #goOn(nowMs: number): PlayerCommand[] {
    this.#progress.excuse(nowMs);
    this.#eagerUntilMs = nowMs + playerTimes.settleMs;
    if (this.#sample === null || this.#phase.is !== 'playing') return [];
    const { seekTo } = this.#chase.decide(this.#sample, nowMs, true);
    return seekTo === null ? [] : [{ type: 'seek', to: seekTo }];
  }

  #catchUp(): PlayerCommand[] {
    const edge = this.#sample === null ? null : this.#chase.liveEdge(this.#sample);
    return edge === null || this.#phase.is !== 'playing' ? [] : [{ type: 'seek', to: edge }];
  }

  /** What runs is of the other track. Where nothing is to be had, or nobody looks, the next attempt asks for the new one. */
  #onTrackChosen(nowMs: number): PlayerCommand[] {
    const { is } = this.#phase;
    return this.#isActive || is === 'stopped' || is === 'backoff' ? this.#open(nowMs) : [];
  }

  // What is seen.

  #onTick(sample: MediaSample | null, nowMs: number): PlayerCommand[] {
    this.#sample = sample;
    const commands = sample === null ? [] : this.#look(sample, nowMs);
    if (commands.length > 0) return commands;
    return this.#carryOut(decide(this.#phase, this.#observe(sample, nowMs)), nowMs);
  }

  /** Media keys, headphones and windows of their own hold and start the element past the page: that counts as much. */
  #look(element: HeldFacts, nowMs: number): PlayerCommand[] {
    return this.#intent.observe(element) === 'play' ? this.#goOn(nowMs) : [];
  }

  #observe(sample: MediaSample | null, nowMs: number): TickFacts {
    const slept = nowMs - this.#lastTickMs > playerTimes.sleepMs;
    this.#lastTickMs = nowMs;
    const { held, wish } = this.#intent;
    const moved = sample !== null && this.#progress.observe(sample, this.#hasVideo && this.#visible, nowMs);
    if (slept || held) this.#progress.excuse(nowMs);
    if (sample !== null && this.#phase.is === 'playing') {
      if (nowMs - this.#phase.sinceMs >= playerTimes.steadyMs) this.#pace.steady();
      this.#noteUnderrun(this.#phase, sample, moved, nowMs);
    }
    return {
      nowMs,
      feed: this.#feed,
      sample,
      visible: this.#visible,
      held,
      wantsPause: wish === 'pause',
      moved,
      stuck: sample !== null && this.#progress.isStuck(this.#feed === 'gone', nowMs),
      slept,
      chase: sample === null || held ? null : this.#chase.decide(sample, nowMs, nowMs < this.#eagerUntilMs),
      rate: this.#rate,
    };
  }

  #noteUnderrun(
    phase: Extract<PlayerPhase, { is: 'playing' }>,
    sample: MediaSample,
    moved: boolean,
    nowMs: number,
  ): void {
    if (moved) phase.dryAtMs = null;
    const dry = this.#visible && !this.#intent.held && sample.readyState < 3 && !sample.seeking;
    if (!dry || phase.dryAtMs !== null || nowMs < this.#eagerUntilMs) return;
    phase.dryAtMs = nowMs;
    this.#chase.underrun(nowMs);
  }

  #carryOut(decision: Decision, nowMs: number): PlayerCommand[] {
    switch (decision.do) {
      case 'nothing':
        return [];
      case 'open':
        return this.#open(nowMs);
      case 'begin':
        return this.#begin(nowMs);
      case 'be-patient':
        if (this.#phase.is === 'opening') this.#phase.sinceMs = nowMs;
        return [];
      case 'retry':
        return this.#retry(decision.reason, null, nowMs);
      case 'wait':
        return this.#wait(nowMs);
      case 'park':
        return this.#park();
      case 'seek':
        return [{ type: 'seek', to: decision.to }];
      case 'rate':
        this.#rate = decision.rate;
        return [{ type: 'rate', rate: decision.rate }];
      case 'play':
        return [{ type: 'play' }];
      default:
        return decision satisfies never;
    }
  }
}
