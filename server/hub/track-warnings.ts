import type { StreamWarning } from './snapshot.ts';
import type { AnnouncedTracks } from './track-monitor.ts';

/** What is to be said of the tracks of a stream. */
export interface TrackCondition {
  readonly missing: AnnouncedTracks;
  /** How long the publisher has sent nothing, when that is unusual for it. */
  readonly silentMs: number | undefined;
}

/** A length of time as people say it. */
export const spoken = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;

/** What the operator should know of tracks that do not come. */
export function trackWarnings(condition: TrackCondition): StreamWarning[] {
  const { silentMs } = condition;
  // Who sends nothing at all need not be told of each track.
  const warning = silentMs === undefined ? missingWarning(condition) : silentWarning(silentMs);
  return warning ? [warning] : [];
}

function silentWarning(silentMs: number): StreamWarning {
  return {
    code: 'publisher-silent',
    message: `The encoder is connected and has sent no picture and no sound for ${spoken(silentMs)}.`,
    advice: 'Check the sources in the encoder and its line. Restart it if this stays.',
  };
}

function missingWarning({ missing }: TrackCondition): StreamWarning | undefined {
  if (!missing.audio && !missing.video) return undefined;
  const [what, rest] = missing.audio ? ['sound', 'picture'] : ['picture', 'sound'];
  return {
    code: 'announced-track-missing',
    message: `The encoder announced ${what} and sends none. Viewers get the ${rest} alone.`,
    advice: `Check the ${what} source in the encoder, or turn it off there.`,
  };
}
