import { refuse } from '../../shared/contract/errors.ts';
import { RefusalError } from '../http/refusal-error.ts';
import type { TrackPick } from '../hub/container.ts';
import type { Hub } from '../hub/hub.ts';
import type { TrackSnapshot } from '../hub/snapshot.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** A stream is starting until its first keyframe; every second or two is common. */
const STARTING_MS = 5_000;

/** The id in `?track=ID`; undefined for none, and for the default one. Anything but a track id is refused. */
export function parseTrackId(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) {
    throw new RefusalError(refuse('bad-request', { reason: 'track is a number from 0 to 255' }));
  }
  return Number(text) || undefined;
}

/** Which tracks somebody asks for. */
export interface TrackRequest {
  readonly stream: string;
  readonly id: number;
  readonly address: string;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
}

/**
 * The tracks of a live stream that `id` stands for: those of that id, and the default one of a kind that has no such track.
 * Refused when there is none; that is known once the stream has come as far as its first keyframe.
 */
export async function pickTracks(
  { hub, waitingRoom }: { readonly hub: Hub; readonly waitingRoom: WaitingRoom },
  { stream, id, address, signal }: TrackRequest,
): Promise<TrackPick> {
  if (!(await waitingRoom.wait({ stream, until: 'live', address, ms: STARTING_MS, signal }))) {
    throw new RefusalError(refuse('stream-not-live', { stream }));
  }
  const tracks = hub.stream(stream)?.tracks ?? [];
  const has = (kind: TrackSnapshot['kind']) => tracks.some((track) => track.kind === kind && track.id === id);
  const pick = { video: has('video') ? id : 0, audio: has('audio') ? id : 0 };
  if (pick.video === 0 && pick.audio === 0) {
    const names = tracks.map((track) => `${track.kind} ${track.id}`).join(', ');
    throw new RefusalError(refuse('track-not-found', { stream, id, tracks: names || 'none yet' }));
  }
  return pick;
}
