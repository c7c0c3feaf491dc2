import { type MediaSample, secondsBehind } from './media-sample.ts';
import type { PlayerPhase } from './player-phase.ts';
import {
  type FeedStatus,
  isPublisherMute,
  type PlayerReason,
  type PlayerState,
  type PlayerView,
} from './player-state.ts';
import { playerTimes } from './player-times.ts';

/** What the controller knows and the page does not need to. */
export interface ViewFacts {
  readonly phase: PlayerPhase;
  readonly feed: FeedStatus;
  /** Nobody asked for a standstill. */
  readonly isHeld: boolean;
  /** Since the last movement. */
  readonly stillMs: number;
  readonly recovering: boolean;
  readonly afterCleanEnd: boolean;
  readonly paused: boolean;
  readonly blocked: boolean;
  readonly hasPicture: boolean;
  readonly reason: PlayerReason | null;
  readonly message: string | null;
  readonly sample: MediaSample | null;
}

/** What a viewer is told of it. */
export function viewOf(facts: ViewFacts, nowMs: number): PlayerView {
  const { phase, sample, message, paused, blocked, hasPicture } = facts;
  const dry = isDry(facts);
  const retryAtMs = phase.is === 'backoff' || phase.is === 'stopped' ? phase.retryAtMs : null;
  return {
    state: stateOf(facts, nowMs),
    reason: reasonOf(facts),
    message,
    retryInMs: retryAtMs === null ? null : Math.max(0, retryAtMs - nowMs),
    stillMs: phase.is === 'playing' && dry ? facts.stillMs : null,
    paused,
    blocked,
    latency: phase.is === 'playing' && sample !== null ? secondsBehind(sample) : null,
    hasPicture,
  };
}

function stateOf(facts: ViewFacts, nowMs: number): PlayerState {
  const { phase, feed } = facts;
  switch (phase.is) {
    case 'idle':
      return 'connecting';
    case 'waiting':
      return phase.endedAtMs !== null && nowMs - phase.endedAtMs < playerTimes.endedMs ? 'ended' : 'offline';
    case 'opening':
      if (feed === 'gone' && !phase.firstByte) return facts.afterCleanEnd ? 'ended' : 'offline';
      return facts.recovering ? 'reconnecting' : 'connecting';
    case 'playing':
      if (!isDry(facts)) return 'live';
      return isPublisherMute(feed) ? 'reconnecting' : 'buffering';
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

/** Nothing moves and nobody asked for that. */
function isDry({ isHeld, stillMs }: ViewFacts): boolean {
  return !isHeld && stillMs >= playerTimes.bufferingMs;
}

function reasonOf(facts: ViewFacts): PlayerReason | null {
  const { phase, feed, reason } = facts;
  switch (phase.is) {
    case 'playing':
      if (!isDry(facts) || !isPublisherMute(feed)) return null;
      return feed === 'silent' ? 'publisher-silent' : 'publisher-interrupted';
    case 'opening':
      return feed === 'starting' ? 'waiting-for-picture' : reason;
    case 'waiting':
    case 'idle':
      return null;
    default:
      return reason;
  }
}
