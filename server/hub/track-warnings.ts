import type { StreamWarning } from './snapshot.ts';
import type { TrackState } from './track-presence.ts';

/** What is to be said of one default track. */
export interface TrackCondition {
  readonly state: TrackState;
  /** How long it has been away while the other one went on. */
  readonly awayMs: number;
  /** Who comes now is told of it. */
  readonly isTold: boolean;
  /** Something of it comes, and is of no use to anybody: that is said elsewhere. */
  readonly isSpoiled: boolean;
}

export interface TracksCondition {
  readonly audio: TrackCondition;
  readonly video: TrackCondition;
  /** How long the publisher has sent something that is known. */
  readonly knownForMs: number;
  /** How long the publisher has sent nothing, when that is unusual for it. */
  readonly silentMs: number | undefined;
}

/** An announced track may begin this much later than the other one. */
const MISSING_MS = 2_500;

/** A length of time as people say it. */
export const spoken = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;

/** What the operator should know of tracks that do not come. */
export function trackWarnings({ audio, video, knownForMs, silentMs }: TracksCondition): StreamWarning[] {
  // Who sends nothing at all need not be told of each track.
  if (silentMs !== undefined) return [silentWarning(silentMs)];
  return [
    awayWarning('sound', 'picture', audio, knownForMs),
    awayWarning('picture', 'sound', video, knownForMs),
  ].filter((warning) => warning !== undefined);
}

function silentWarning(silentMs: number): StreamWarning {
  return {
    code: 'publisher-silent',
    message: `The encoder is connected and has sent no picture and no sound for ${spoken(silentMs)}.`,
    advice: 'Check the sources in the encoder and its line. Restart it if this stays.',
  };
}

function awayWarning(
  what: 'sound' | 'picture',
  rest: string,
  { state, awayMs, isTold, isSpoiled }: TrackCondition,
  knownForMs: number,
): StreamWarning | undefined {
  if (isSpoiled) return undefined;
  const advice = `Check the ${what} source in the encoder, or turn it off there.`;
  switch (state) {
    case 'expected':
      if (knownForMs < MISSING_MS) return undefined;
      return {
        code: 'announced-track-missing',
        message: `The encoder announced ${what} and has not sent any. ${isTold ? `Viewers wait for it: some players show nothing until then.` : `Viewers get the ${rest} alone.`}`,
        advice,
      };
    case 'paused':
      return {
        code: `${what}-paused`,
        message: `The ${what} paused ${spoken(awayMs)} ago. Who watches waits for it; who comes now gets the ${rest} alone.`,
        advice,
      };
    case 'gone':
      return {
        code: `${what}-gone`,
        message: `No ${what} has come for ${spoken(awayMs)}. Viewers get the ${rest} alone until it returns.`,
        advice,
      };
    default:
      return undefined;
  }
}
