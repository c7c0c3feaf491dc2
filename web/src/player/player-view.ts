import { type Arrivals, isSparse } from './arrival-watch.ts';
import { type MediaSample, newestEnd, secondsInHand } from './media-sample.ts';
import type { PlayerPhase } from './player-phase.ts';
import {
  type FeedStatus,
  isPublisherMute,
  type PlayerReason,
  type PlayerState,
  type PlayerView,
  type Transport,
} from './player-state.ts';
import { playerTimes } from './player-times.ts';
import { comesInPieces, pictureStillMs, restMs } from './progress-watch.ts';
import { isWaitingForStart } from './tick-rules.ts';

/** What the controller knows and the page does not need to. */
export interface ViewFacts {
  readonly phase: PlayerPhase;
  readonly feed: FeedStatus;
  /** The server said that it stops, and nothing has answered since. */
  readonly restarting: boolean;
  /** Nobody asked for a standstill. */
  readonly isHeld: boolean;
  /** Since the last movement. */
  readonly stillMs: number;
  readonly recovering: boolean;
  /** The stream stood still, and what this connection has brought may be the pictures of before. */
  readonly unproven: boolean;
  readonly afterCleanEnd: boolean;
  readonly paused: boolean;
  readonly blocked: boolean;
  readonly hasPicture: boolean;
  readonly soundOnly: boolean;
  readonly leftOut: string | null;
  readonly reason: PlayerReason | null;
  readonly message: string | null;
  readonly sample: MediaSample | null;
  readonly arrivals: Arrivals | null;
  readonly transport: Transport;
}

/** What a viewer is told of it. */
export function viewOf(facts: ViewFacts, nowMs: number): PlayerView {
  const { phase, message, paused, blocked, hasPicture, soundOnly, leftOut, arrivals } = facts;
  const playing = phase.is === 'playing';
  const retryAtMs = phase.is === 'backoff' || phase.is === 'stopped' ? phase.retryAtMs : null;
  return {
    state: stateOf(facts, nowMs),
    reason: reasonOf(facts, nowMs),
    message,
    retryInMs: retryAtMs === null ? null : Math.max(0, retryAtMs - nowMs),
    stillMs: playing && isDry(facts) ? facts.stillMs : null,
    pictureStillMs: playing && arrivals !== null ? pictureStillMs(arrivals, nowMs) : null,
    leftOut: playing ? leftOut : null,
    soundOnly: playing && soundOnly,
    paused,
    blocked,
    latency: playing ? secondsBehind(facts) : null,
    lineSeconds: playing && arrivals !== null ? arrivals.outsideMs / 1000 : null,
    hasPicture,
  };
}

function stateOf(facts: ViewFacts, nowMs: number): PlayerState {
  const { phase, feed } = facts;
  switch (phase.is) {
    case 'idle':
      return 'connecting';
    case 'waiting':
      if (facts.restarting) return 'reconnecting';
      return phase.endedAtMs !== null && nowMs - phase.endedAtMs < playerTimes.endedMs ? 'ended' : 'offline';
    case 'opening':
      if (feed === 'gone' && !phase.firstByte && !facts.restarting)
        return facts.afterCleanEnd ? 'ended' : 'offline';
      return facts.recovering || isPublisherMute(feed) ? 'reconnecting' : 'connecting';
    case 'playing':
      // What is left to play is old, and must not pass for live.
      if (isPublisherMute(feed) || facts.unproven) return 'reconnecting';
      return isDry(facts) ? 'buffering' : 'live';
    case 'backoff':
      return 'reconnecting';
    case 'parked':
      return facts.paused ? 'live' : 'connecting';
    case 'stopped':
      return phase.as;
    default:
      return phase satisfies never;
  }
}

/** Nothing moves, nobody asked for that, and the stream did not promise otherwise. */
function isDry({ isHeld, stillMs, arrivals }: ViewFacts): boolean {
  return !isHeld && stillMs >= restMs(arrivals);
}

function reasonOf(facts: ViewFacts, nowMs: number): PlayerReason | null {
  const { phase, feed, reason, arrivals } = facts;
  switch (phase.is) {
    case 'playing':
      if (facts.unproven) return awayReason(feed) ?? 'stalled';
      return awayReason(feed) ?? (isDry(facts) ? dryReason(arrivals, nowMs) : null);
    case 'opening':
      if (facts.restarting) return 'server-restarting';
      if (feed === 'starting') return 'waiting-for-picture';
      if (isWaitingForStart(arrivals)) return 'waiting-for-start';
      if (arrivals !== null && isSparse(arrivals)) return 'comes-in-pieces';
      return awayReason(feed) ?? (isCrowded(facts, phase, nowMs) ? 'crowded' : reason);
    case 'backoff':
      return facts.restarting ? 'server-restarting' : reason;
    case 'waiting':
      return facts.restarting ? 'server-restarting' : null;
    case 'idle':
      return null;
    default:
      return reason;
  }
}

function awayReason(feed: FeedStatus): PlayerReason | null {
  if (feed === 'interrupted') return 'publisher-interrupted';
  return feed === 'silent' ? 'publisher-silent' : null;
}

/** Null: the line is slower than the stream, as far as can be said: something does come. */
function dryReason(arrivals: Arrivals | null, nowMs: number): PlayerReason | null {
  if (arrivals === null) return null;
  if (lacksSound(arrivals, nowMs)) return 'waiting-for-sound';
  if (comesInPieces(arrivals)) return 'comes-in-pieces';
  return arrivals.silentMs >= playerTimes.nothingComesMs ? 'nothing-comes' : null;
}

/** Pictures come, and the sound that was announced with them does not. */
function lacksSound(arrivals: Arrivals, nowMs: number): boolean {
  if (arrivals.pictures === null || arrivals.sound === null) return false;
  const longMs = 1000;
  return nowMs - arrivals.pictures.lastAtMs < longMs && nowMs - arrivals.sound.lastAtMs > longMs;
}

/** The status channel works, so the server answers; and still there is no answer to our request. */
function isCrowded(
  { transport, feed }: ViewFacts,
  phase: Extract<PlayerPhase, { is: 'opening' }>,
  nowMs: number,
): boolean {
  return (
    transport === 'http' &&
    feed === 'live' &&
    !phase.firstByte &&
    nowMs - phase.openedAtMs >= playerTimes.startMs
  );
}

/** Behind the newest that the server has: what is in hand here, and what waits in the line. */
function secondsBehind({ sample, arrivals }: ViewFacts): number | null {
  const inHand = sample === null ? null : secondsInHand(sample);
  if (inHand === null || sample === null) return null;
  if (arrivals === null) return inHand;
  return secondsToEdge(sample, arrivals) + arrivals.outsideMs / 1000;
}

/** Where the last picture is made to last, time goes on behind it: rare pictures are shown as they come. */
export function secondsToEdge(sample: MediaSample, arrivals: Arrivals | null): number {
  const inHand = secondsInHand(sample) ?? 0;
  const end = newestEnd(sample);
  const last = sample.ranges.at(-1);
  if (arrivals === null || end === null || last === undefined || last.end <= end) return inHand;
  return Math.max(0, end + arrivals.silentMs / 1000 - sample.currentTime);
}
