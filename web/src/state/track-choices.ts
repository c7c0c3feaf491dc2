import type { PublicStream, Track } from '../../../shared/contract/streams.ts';
import { audioLabel, codecName, sizeLabel } from '../format/codecs.ts';

/** One entry of the track menu: the tracks that `?track=ID` stands for. */
export interface TrackChoice {
  readonly id: number;
  /** Default, Track 1 */
  readonly name: string;
  /** What is in it, for example "1920×1080 H.264, AAC 48 kHz stereo". */
  readonly holds: string;
}

/** What a viewer can choose between: nothing, unless there are several tracks of a kind. */
export function trackChoices(tracks: readonly Track[]): TrackChoice[] {
  const ids = [...new Set([0, ...tracks.map(({ id }) => id)])].sort((a, b) => a - b);
  if (ids.length < 2) return [];
  return ids.map((id) => ({
    id,
    name: id === 0 ? 'Default' : `Track ${id}`,
    holds: tracks
      .filter((track) => track.id === id)
      .map(labelOf)
      .join(', '),
  }));
}

/** The track to play of those that there are now: the one that is wanted, or the default one while it is missing. */
export function trackToPlay(wanted: number, stream: PublicStream | null): number {
  // Until a stream is live its tracks are not all known; the server then waits for them, or says no.
  if (stream === null || (stream.state !== 'live' && stream.state !== 'silent')) return wanted;
  return stream.tracks.some(({ id }) => id === wanted) ? wanted : 0;
}

function labelOf(track: Track): string {
  if (track.kind === 'audio') return audioLabel({ ...track, profile: null });
  return [sizeLabel(track), codecName(track.codec)].filter((part) => part !== null).join(' ');
}
