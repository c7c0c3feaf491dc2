import { clockWarnings } from './clock-warnings.ts';
import type { GopCache } from './gop-cache.ts';
import type { PacketIntake } from './packet-intake.ts';
import type { StreamWarning } from './snapshot.ts';
import { warningsOf } from './stream-warnings.ts';
import type { TrackMonitor } from './track-monitor.ts';
import { type TrackCondition, trackWarnings } from './track-warnings.ts';

/** The parts of a stream that know what is wrong with it. */
export interface WarningSources {
  readonly monitor: TrackMonitor;
  readonly intake: PacketIntake;
  readonly cache: GopCache;
  /** How long the publisher has sent nothing, when that is unusual for it. */
  readonly silentMs: number | undefined;
  readonly publishedMs: number;
  readonly nowMs: number;
}

/** All that the operator should know of a stream now: what arrives in a bad form first, then tracks, clocks and keyframes. */
export function allWarnings({
  monitor,
  intake,
  cache,
  silentMs,
  publishedMs,
  nowMs,
}: WarningSources): StreamWarning[] {
  const { flaws, aligner } = intake;
  const condition = (kind: 'audio' | 'video'): TrackCondition => {
    const { state, awayMs } = monitor.presence(kind);
    const isTold = monitor.tracks?.[kind] === true;
    return { state, awayMs, isTold, isSpoiled: flaws.spoils(kind, nowMs) };
  };
  return [
    ...flaws.warnings(nowMs),
    ...trackWarnings({
      audio: condition('audio'),
      video: condition('video'),
      knownForMs: monitor.knownForMs(nowMs),
      silentMs,
    }),
    ...clockWarnings(aligner.state(nowMs), nowMs),
    ...warningsOf({
      video: monitor.video,
      audio: monitor.audio,
      keyframeIntervalMs: cache.keyframeIntervalMs,
      sinceKeyframeMs: cache.sinceKeyframeMs(aligner.lastMs('video')),
      refreshes: cache.refreshes,
      publishedMs,
    }),
  ];
}
