import { type ChaseDecision, LiveChase } from './live-chase.ts';
import { type HeldFacts, PlayIntent } from './play-intent.ts';
import type { PlayerPhase } from './player-phase.ts';
import type {
  FeedStatus,
  PlayerCommand,
  PlayerEvent,
  PlayerReason,
  PlayerView,
  Seen,
  SourceEnd,
} from './player-state.ts';
import { mediaFailuresUntilError, playerTimes } from './player-times.ts';
import { secondsToEdge, viewOf } from './player-view.ts';
import { ProgressWatch } from './progress-watch.ts';
import { RetryPace } from './retry-pace.ts';
import { type Decision, decide, placeAhead, type TickFacts } from './tick-rules.ts';

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
  #soundOnly = false;
  #leftOut: string | null = null;
  /** The server said that it stops, and nothing has answered since. */
  #restarting = false;
  /** What the status channel of that server said last; null once that channel is lost. */
  #lastWords: FeedStatus | null = null;
  /** The picture was there and is to come back: what is missing is "reconnecting", not "connecting". */
  #recovering = false;
  #afterCleanEnd = false;
  #mediaFailures = 0;
  #reason: PlayerReason | null = null;
  #message: string | null = null;
  #seen: Seen = { sample: null, arrivals: null, transport: 'ws' };
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
        this.#serverAnswers();
        return [];
      case 'engine-ready':
        this.#soundOnly = !event.hasVideo;
        this.#leftOut = event.leftOut;
        return this.#onEngineReady(nowMs);
      case 'unsupported':
        return this.#stop('unsupported', 'unsupported', event.message, null);
      case 'source-ended':
        return this.#onSourceEnded(event.how, nowMs);
      case 'engine-failed':
        return this.#onEngineFailed(event.message, nowMs);
      case 'tick':
        return this.#onTick(event.seen, nowMs);
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
        return this.#catchUp(nowMs);
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
        restarting: this.#restarting,
        isHeld: this.#intent.held,
        stillMs: this.#progress.stillMs(nowMs),
        recovering: this.#recovering,
        afterCleanEnd: this.#afterCleanEnd,
        paused: this.#intent.wish === 'pause',
        blocked: this.#intent.blocked,
        hasPicture: this.#hasPicture,
        soundOnly: this.#soundOnly,
        leftOut: this.#leftOut,
        reason: this.#reason,
        message: this.#message,
        ...this.#seen,
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
    this.#seen = { ...this.#seen, sample: null, arrivals: null };
    return this.#isActive ? [{ type: 'close' }] : [];
  }

  #open(nowMs: number): PlayerCommand[] {
    const commands = this.#leave();
    this.#phase = { is: 'opening', openedAtMs: nowMs, sinceMs: nowMs, firstByte: false, engineReady: false };
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
    if (this.#restarting && !this.#hearsNewServer(status)) return [];
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

  /** A server that stops ends its streams first: what it says of them then is not what the next one will say. */
  #hearsNewServer(status: FeedStatus): boolean {
    if (status === 'unknown') this.#lastWords = null;
    else if (this.#lastWords === null) this.#restarting = false;
    else this.#lastWords = status;
    return !this.#restarting;
  }

  /** It stops: what it said of the stream no longer counts. */
  #serverStops(): void {
    if (this.#restarting) return;
    this.#restarting = true;
    this.#lastWords = this.#feed === 'unknown' ? null : this.#feed;
    this.#feed = 'unknown';
  }

  /** Something answered. Where the status channel was never lost (one of several processes stopped) its last words still count. */
  #serverAnswers(): void {
    if (!this.#restarting) return;
    this.#restarting = false;
    this.#feed = this.#lastWords ?? 'unknown';
  }

  #onRefused(httpStatus: number | null, message: string | null, nowMs: number): PlayerCommand[] {
    if (this.#phase.is !== 'opening') return [];
    if (httpStatus !== null) this.#serverAnswers();
    // The address is fine, only the transport was not: the next attempt takes another way.
    if (httpStatus === 200) return this.#open(nowMs);
    if (this.#restarting) return this.#retry('server-restarting', null, nowMs);
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

  #onEngineReady(nowMs: number): PlayerCommand[] {
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
        this.#serverStops();
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
    const { sample } = this.#seen;
    if (sample === null || this.#phase.is !== 'playing') return [];
    const { skipSeconds } = this.#steer(true, nowMs);
    return skipSeconds === null ? [] : this.#seek(placeAhead(sample, skipSeconds));
  }

  #catchUp(nowMs: number): PlayerCommand[] {
    const { sample, arrivals } = this.#seen;
    if (sample === null || sample.ranges.length === 0 || this.#phase.is !== 'playing') return [];
    const target = this.#chase.targetSeconds(arrivals?.habitualGapMs ?? 0, nowMs);
    return this.#seek(placeAhead(sample, secondsToEdge(sample, arrivals) - target));
  }

  #seek(to: number): PlayerCommand[] {
    this.#progress.sought(to);
    return [{ type: 'seek', to }];
  }

  /** What runs is of the other track. Where nothing is to be had, or nobody looks, the next attempt asks for the new one. */
  #onTrackChosen(nowMs: number): PlayerCommand[] {
    const { is } = this.#phase;
    return this.#isActive || is === 'stopped' || is === 'backoff' ? this.#open(nowMs) : [];
  }

  // What is seen.

  #onTick(seen: Seen, nowMs: number): PlayerCommand[] {
    this.#seen = seen;
    const commands = seen.sample === null ? [] : this.#look(seen.sample, nowMs);
    if (commands.length > 0) return commands;
    return this.#carryOut(decide(this.#phase, this.#observe(nowMs)), nowMs);
  }

  /** Media keys, headphones and windows of their own hold and start the element past the page: that counts as much. */
  #look(element: HeldFacts, nowMs: number): PlayerCommand[] {
    return this.#intent.observe(element) === 'play' ? this.#goOn(nowMs) : [];
  }

  #observe(nowMs: number): TickFacts {
    const slept = nowMs - this.#lastTickMs > playerTimes.sleepMs;
    this.#lastTickMs = nowMs;
    const { held } = this.#intent;
    const { sample, arrivals } = this.#seen;
    const overSoon = this.#feed === 'gone';
    const progress =
      sample === null ? null : this.#progress.observe(sample, arrivals, this.#visible, overSoon, nowMs);
    if (slept || held) this.#progress.excuse(nowMs);
    if (this.#phase.is === 'playing') {
      if (nowMs - this.#phase.sinceMs >= playerTimes.steadyMs) this.#pace.steady();
      this.#noteUnderrun(this.#phase, progress?.moved ?? false, nowMs);
    }
    return {
      nowMs,
      feed: this.#feed,
      ...this.#seen,
      visible: this.#visible,
      held,
      moved: progress?.moved ?? false,
      stuck: progress?.stuck ?? false,
      slept,
      chase: sample === null || held ? null : this.#steer(nowMs < this.#eagerUntilMs, nowMs),
      rate: this.#rate,
    };
  }

  #steer(eager: boolean, nowMs: number): ChaseDecision {
    const { sample, arrivals } = this.#seen;
    const known = sample !== null && sample.ranges.length > 0;
    return this.#chase.decide(
      {
        inHandSeconds: known ? secondsToEdge(sample, arrivals) : null,
        habitualGapMs: arrivals?.habitualGapMs ?? 0,
        seeking: sample?.seeking ?? false,
        eager,
      },
      nowMs,
    );
  }

  #noteUnderrun(phase: Extract<PlayerPhase, { is: 'playing' }>, moved: boolean, nowMs: number): void {
    if (moved) phase.dryAtMs = null;
    const { sample } = this.#seen;
    if (sample === null || phase.dryAtMs !== null || nowMs < this.#eagerUntilMs) return;
    if (!this.#visible || this.#intent.held || sample.readyState >= 3 || sample.seeking) return;
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
        return this.#seek(decision.to);
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
