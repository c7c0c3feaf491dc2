import { type Arrivals, isSparse } from './arrival-watch.ts';
import { gapJumpTarget } from './gap-jump.ts';
import type { ChaseDecision } from './live-chase.ts';
import { type MediaSample, secondsInHand } from './media-sample.ts';
import type { PlayerPhase } from './player-phase.ts';
import { type FeedStatus, isPublisherMute, type PlayerReason, type Transport } from './player-state.ts';
import { playerTimes } from './player-times.ts';
import { patienceMs } from './progress-watch.ts';

/** All that is known at one tick. Whatever is decided follows from this and from nothing else. */
export interface TickFacts {
  readonly nowMs: number;
  readonly feed: FeedStatus;
  /** Null while there is no engine. */
  readonly sample: MediaSample | null;
  /** Null while no connection has brought media. */
  readonly arrivals: Arrivals | null;
  readonly transport: Transport;
  readonly visible: boolean;
  /** The viewer, or the browser, wants nothing to move. */
  readonly held: boolean;
  /** Something moved since the last tick. */
  readonly moved: boolean;
  /** Nothing has moved for longer than can be explained. */
  readonly stuck: boolean;
  /** The tab slept since the last tick, so that nothing moved proves nothing. */
  readonly slept: boolean;
  /** Where the live edge asks playback to be; null while there is nothing to steer. */
  readonly chase: ChaseDecision | null;
  /** The rate that was set last. */
  readonly rate: number;
}

/** The one thing to do after a tick. */
export type Decision =
  | { readonly do: 'nothing' }
  | { readonly do: 'open' }
  /** The first picture is there. */
  | { readonly do: 'begin' }
  /** What has not come yet has a good reason: its time starts anew. */
  | { readonly do: 'be-patient' }
  | { readonly do: 'retry'; readonly reason: PlayerReason }
  /** The stream is over. */
  | { readonly do: 'wait' }
  | { readonly do: 'park' }
  | { readonly do: 'seek'; readonly to: number }
  | { readonly do: 'rate'; readonly rate: number }
  | { readonly do: 'play' };

type Phase<Is extends PlayerPhase['is']> = Extract<PlayerPhase, { is: Is }>;
/** Undefined: this rule has nothing to say, the next one is asked. */
type Rule<Is extends PlayerPhase['is']> = (facts: TickFacts, phase: Phase<Is>) => Decision | undefined;

/** The rules of each phase. The first that has something to say decides, so that no two can fight. */
const rules: { readonly [Is in PlayerPhase['is']]: readonly Rule<Is>[] } = {
  idle: [],
  parked: [],
  waiting: [({ nowMs }, { pollAtMs }) => openAt(pollAtMs, nowMs)],
  backoff: [({ nowMs }, { retryAtMs }) => openAt(retryAtMs, nowMs)],
  stopped: [({ nowMs }, { retryAtMs }) => openAt(retryAtMs, nowMs)],
  opening: [firstMovement, tooMuchUnseen, rest, hole, innocentDelay, noFirstPicture],
  playing: [standstill, tooMuchUnseen, hole, rest, edge, speed, unpause],
};

export function decide(phase: PlayerPhase, facts: TickFacts): Decision {
  for (const rule of rules[phase.is] as readonly Rule<PlayerPhase['is']>[]) {
    const decision = rule(facts, phase);
    if (decision !== undefined) return decision;
  }
  return { do: 'nothing' };
}

function openAt(dueAtMs: number | null, nowMs: number): Decision | undefined {
  return dueAtMs !== null && nowMs >= dueAtMs ? { do: 'open' } : undefined;
}

function firstMovement({ moved }: TickFacts): Decision | undefined {
  return moved ? { do: 'begin' } : undefined;
}

/** While nothing is to move there is nothing to wait for. */
function rest({ held }: TickFacts): Decision | undefined {
  return held ? { do: 'nothing' } : undefined;
}

function hole({ sample }: TickFacts): Decision | undefined {
  const to = sample === null ? undefined : gapJumpTarget(sample);
  return to === undefined ? undefined : { do: 'seek', to };
}

/**
 * The server holds the first byte back until it knows the tracks, out of sight browsers start nothing, one picture may be too little
 * to start with while others are rare, and where data comes without a picture to begin with, another connection would bring no other data.
 */
function innocentDelay(
  { feed, visible, arrivals, nowMs }: TickFacts,
  phase: Phase<'opening'>,
): Decision | undefined {
  if (feed === 'starting' || isPublisherMute(feed) || !visible) return { do: 'be-patient' };
  if (arrivals !== null && isSparse(arrivals) && arrivals.silentMs < patienceMs(arrivals))
    return { do: 'be-patient' };
  return isWaitingForStart(arrivals) && nowMs - phase.openedAtMs < playerTimes.hopelessStartMs
    ? { do: 'be-patient' }
    : undefined;
}

/** Data comes, and no decoder could begin with any of it. */
export function isWaitingForStart(arrivals: Arrivals | null): boolean {
  if (arrivals === null || arrivals.pictures === null) return false;
  return !arrivals.hasStart && arrivals.silentMs < playerTimes.watchdogMs;
}

function noFirstPicture(
  { feed, nowMs, transport }: TickFacts,
  phase: Phase<'opening'>,
): Decision | undefined {
  if (nowMs - phase.sinceMs < startLimitMs(phase, feed, transport)) return undefined;
  return feed === 'gone' ? { do: 'wait' } : { do: 'retry', reason: 'stalled' };
}

function startLimitMs(phase: Phase<'opening'>, feed: FeedStatus, transport: Transport): number {
  if (phase.firstByte) return phase.engineReady ? playerTimes.startMs : playerTimes.loadMs;
  // A new request would only stand at the end of the browser's queue again.
  return transport === 'http' && feed === 'live' ? playerTimes.crowdedMs : playerTimes.startMs;
}

function standstill({ moved, slept, held, feed, stuck }: TickFacts): Decision | undefined {
  if (isPublisherMute(feed) || slept || held || !stuck) return undefined;
  if (feed === 'gone') return moved ? undefined : { do: 'wait' };
  return { do: 'retry', reason: 'stalled' };
}

/** A connection that only fills memory is let go: nobody looks, and the way back starts at the live edge anyway. */
function tooMuchUnseen({ visible, held, sample }: TickFacts): Decision | undefined {
  if ((visible && !held) || sample === null) return undefined;
  return (secondsInHand(sample) ?? 0) >= playerTimes.parkSeconds ? { do: 'park' } : undefined;
}

function edge({ chase, sample }: TickFacts): Decision | undefined {
  if (chase === null || chase.skipSeconds === null || sample === null) return undefined;
  return { do: 'seek', to: placeAhead(sample, chase.skipSeconds) };
}

/** So far ahead, but inside of the range that the newest data lies in. */
export function placeAhead({ ranges, currentTime }: MediaSample, seconds: number): number {
  const last = ranges.at(-1);
  if (last === undefined) return currentTime;
  return Math.max(last.start, Math.min(currentTime + seconds, last.end - insideSeconds));
}

/** A place at the very end of a range may be taken for one behind it. */
const insideSeconds = 0.05;

function speed({ chase, rate }: TickFacts): Decision | undefined {
  return chase === null || chase.rate === rate ? undefined : { do: 'rate', rate: chase.rate };
}

/** The browser paused it while nobody saw it. */
function unpause({ sample, visible }: TickFacts): Decision | undefined {
  return sample?.paused === true && !sample.ended && visible ? { do: 'play' } : undefined;
}
