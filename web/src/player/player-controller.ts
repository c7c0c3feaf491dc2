import { Course } from './course.ts';
import { type HeldFacts, PlayIntent } from './play-intent.ts';
import type { FeedStatus, PlayerCommand, PlayerEvent, PlayerView, Seen } from './player-state.ts';
import { playerTimes } from './player-times.ts';
import { viewOf } from './player-view.ts';
import { ProgressWatch } from './progress-watch.ts';
import { Steering } from './steering.ts';
import { type News, StreamNews } from './stream-news.ts';
import { type Decision, decide, type TickFacts } from './tick-rules.ts';

/** Refusals that waiting may heal, of those that say it is the asker's fault. */
const passingStatuses = [404, 408, 429];

/**
 * Decides what the player does. Knows no element, timer or clock: events and the time come in, commands go out.
 * What the element does is looked at in ticks: facts first, then one decision by the rules of `tick-rules.ts`.
 * The rule behind all of it: whatever happens, the picture comes back without a click.
 */
export class PlayerController {
  readonly #steering = new Steering();
  readonly #news = new StreamNews();
  readonly #progress = new ProgressWatch();
  readonly #intent = new PlayIntent();
  readonly #course: Course;
  #visible = true;
  #soundOnly = false;
  #leftOut: string | null = null;
  #seen: Seen = { sample: null, arrivals: null, transport: 'ws' };
  #lastTickMs = 0;

  /** `random` gives a number from 0 up to 1 at each call. */
  constructor(random: () => number) {
    this.#course = new Course(this.#news, random);
  }

  handle(event: PlayerEvent, nowMs: number): PlayerCommand[] {
    const commands = this.#answer(event, nowMs);
    for (const { type } of commands) {
      if (type === 'close') this.#seen = { ...this.#seen, sample: null, arrivals: null };
      if (type !== 'open') continue;
      this.#steering.reset();
      this.#progress.reset();
    }
    return commands;
  }

  view(nowMs: number): PlayerView {
    return viewOf(
      {
        ...this.#seen,
        ...this.#course.facts,
        phase: this.#course.phase,
        feed: this.#news.status,
        restarting: this.#news.restarting,
        isHeld: this.#intent.held,
        stillMs: this.#progress.stillMs(nowMs),
        paused: this.#intent.wish === 'pause',
        blocked: this.#intent.blocked,
        soundOnly: this.#soundOnly,
        leftOut: this.#leftOut,
      },
      nowMs,
    );
  }

  #answer(event: PlayerEvent, nowMs: number): PlayerCommand[] {
    const course = this.#course;
    switch (event.type) {
      case 'start':
      case 'retry':
        return course.open(nowMs);
      case 'feed':
        return this.#onFeed(event.status, event.since, nowMs);
      case 'refused':
        return this.#onRefused(event.httpStatus, event.message, nowMs);
      case 'first-byte':
        course.firstByte();
        this.#news.serverAnswers();
        return [];
      case 'engine-ready':
        this.#soundOnly = !event.hasVideo;
        this.#leftOut = event.leftOut;
        course.engineReady(nowMs);
        return this.#intent.wish === 'pause' ? [] : [{ type: 'play' }];
      case 'unsupported':
        return course.stop('unsupported', 'unsupported', event.message);
      case 'source-ended':
        return course.isActive ? course.sourceEnded(event.how, nowMs) : [];
      case 'engine-failed':
        return course.isActive ? course.engineFailed(event.message, nowMs) : [];
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
        return course.isActive ? [{ type: 'pause' }] : [];
      case 'catch-up':
        return this.#seek(this.#isPlaying ? this.#steering.toEdge(this.#seen, nowMs) : null);
      case 'track-chosen':
        return this.#onTrackChosen(nowMs);
      default:
        return event satisfies never;
    }
  }

  get #isPlaying(): boolean {
    return this.#course.phase.is === 'playing';
  }

  // What comes from outside.

  #onFeed(status: FeedStatus, since: string | undefined, nowMs: number): PlayerCommand[] {
    const news = this.#news.hear(status, since);
    return news === null ? [] : this.#onNews(news, nowMs);
  }

  #onNews({ before, now, changed }: News, nowMs: number): PlayerCommand[] {
    const course = this.#course;
    const canOpen = this.#news.allowsOpening;
    switch (course.phase.is) {
      case 'waiting':
        if (canOpen) return course.open(nowMs);
        course.waitOn(nowMs);
        return [];
      case 'backoff':
        if (now === 'gone') return course.wait(nowMs);
        return canOpen && changed ? course.open(nowMs) : [];
      case 'stopped':
        // It was not this viewer who was sent away: the whole stream was ended.
        if (now === 'gone' && course.facts.reason === 'kicked') return course.waitEnded(nowMs);
        return canOpen && changed && before !== 'unknown' ? course.open(nowMs) : [];
      case 'playing':
        if (now === 'live' && changed && before !== 'unknown')
          this.#progress.expectBy(nowMs + playerTimes.resumeMs);
        return [];
      default:
        return [];
    }
  }

  #onRefused(httpStatus: number | null, message: string | null, nowMs: number): PlayerCommand[] {
    const course = this.#course;
    const news = this.#news;
    if (course.phase.is !== 'opening') return [];
    if (httpStatus === null) {
      if (news.restarting) return course.retry('server-restarting', null, nowMs);
      return news.status === 'gone' ? course.wait(nowMs) : course.retry('unreachable', message, nowMs);
    }
    // The server that is stopping says so to who asks meanwhile: that is no answer of the next one.
    if (news.restarting && httpStatus === 503) return course.retry('server-restarting', null, nowMs);
    news.serverAnswers();
    // The address is fine, only the transport was not: the next attempt takes another way.
    if (httpStatus === 200) return course.open(nowMs);
    if (news.status === 'gone' || (httpStatus === 404 && !news.allowsOpening)) return course.wait(nowMs);
    const isFinal = httpStatus >= 400 && httpStatus < 500 && !passingStatuses.includes(httpStatus);
    return isFinal ? course.stop('error', 'refused', message) : course.retry('refused', message, nowMs);
  }

  // What the viewer does.

  #onVisibility(visible: boolean, nowMs: number): PlayerCommand[] {
    this.#visible = visible;
    if (!visible) return [];
    this.#progress.excuse(nowMs);
    this.#steering.beEager(nowMs);
    if (this.#intent.wish === 'pause') return [];
    if (this.#course.phase.is === 'parked') return this.#course.open(nowMs);
    // Chrome pauses muted video in hidden tabs.
    return this.#course.isActive ? [{ type: 'play' }] : [];
  }

  #onUserPlay(nowMs: number): PlayerCommand[] {
    this.#intent.ask('play');
    const { is } = this.#course.phase;
    if (is === 'parked' || is === 'idle') return this.#course.open(nowMs);
    return this.#course.isActive ? [...this.#goOn(nowMs), { type: 'play' }] : [];
  }

  /** After a pause the picture goes on at the live edge. After a very short one there is nothing to jump over. */
  #goOn(nowMs: number): PlayerCommand[] {
    this.#progress.excuse(nowMs);
    return this.#seek(this.#isPlaying ? this.#steering.afterPause(this.#seen, nowMs) : null);
  }

  #seek(to: number | null): PlayerCommand[] {
    if (to === null) return [];
    this.#progress.sought(to);
    return [{ type: 'seek', to }];
  }

  /** What runs is of the other track. Where nothing is to be had, or nobody looks, the next attempt asks for the new one. */
  #onTrackChosen(nowMs: number): PlayerCommand[] {
    const { phase, isActive } = this.#course;
    return isActive || phase.is === 'stopped' || phase.is === 'backoff' ? this.#course.open(nowMs) : [];
  }

  // What is seen.

  #onTick(seen: Seen, nowMs: number): PlayerCommand[] {
    this.#seen = seen;
    const commands = seen.sample === null ? [] : this.#look(seen.sample, nowMs);
    if (commands.length > 0) return commands;
    return this.#carryOut(decide(this.#course.phase, this.#observe(nowMs)), nowMs);
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
    const overSoon = this.#news.status === 'gone';
    const progress =
      sample === null ? null : this.#progress.observe(sample, arrivals, this.#visible, overSoon, nowMs);
    const moved = progress?.moved ?? false;
    if (slept || held) this.#progress.excuse(nowMs);
    if (this.#isPlaying) {
      this.#course.goesOn(arrivals === null || arrivals.spanMs >= playerTimes.provenMs, nowMs);
      this.#steering.noteDryness(this.#seen, moved, !this.#visible || held, nowMs);
    }
    return {
      nowMs,
      feed: this.#news.status,
      ...this.#seen,
      visible: this.#visible,
      held,
      moved,
      stuck: progress?.stuck ?? false,
      slept,
      chase: sample === null || held ? null : this.#steering.decide(this.#seen, nowMs),
      rate: this.#steering.rate,
    };
  }

  #carryOut(decision: Decision, nowMs: number): PlayerCommand[] {
    switch (decision.do) {
      case 'nothing':
        return [];
      case 'open':
        return this.#course.open(nowMs);
      case 'begin':
        this.#course.begin(nowMs);
        this.#progress.excuse(nowMs);
        this.#steering.beEager(nowMs);
        return [];
      case 'be-patient':
        this.#course.bePatient(nowMs);
        return [];
      case 'retry':
        return this.#course.retry(decision.reason, null, nowMs);
      case 'wait':
        return this.#course.wait(nowMs);
      case 'park':
        return this.#course.park();
      case 'seek':
        return this.#seek(decision.to);
      case 'rate':
        this.#steering.rate = decision.rate;
        return [{ type: 'rate', rate: decision.rate }];
      case 'play':
        return [{ type: 'play' }];
      default:
        return decision satisfies never;
    }
  }
}
