import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import type { Session } from '../../../shared/contract/sessions.ts';
import { formatPlural } from './numbers.ts';

export type KickPause = ServerInfo['kickPause'];

/** What a press of Kick will do, to be followed by a question mark. `pause` null: not known yet. */
export function kickConsequence(
  { role, stream, address }: Pick<Session, 'role' | 'stream' | 'address'>,
  pause: KickPause | null,
): string {
  switch (role) {
    case 'publisher':
      return `End ${stream} for everybody${keepOut(`its encoder at ${address}`, pause?.publisherSeconds)}`;
    case 'viewer':
      return `Disconnect the viewer at ${address}${keepOut('it', pause?.viewerSeconds)}`;
    case 'preview':
      return `Stop the preview at ${address}`;
    default:
      return role satisfies never;
  }
}

/** The same for the end of a stream. */
export function endConsequence(stream: string, viewers: number, pause: KickPause | null): string {
  const audience = formatPlural(viewers, 'viewer', 'viewers');
  return `End ${stream} for ${audience}${keepOut('its encoder', pause?.publisherSeconds)}`;
}

const keepOut = (whom: string, seconds = 0): string =>
  seconds === 0 ? '' : ` and keep ${whom} out for ${formatDuration(seconds)}`;

/** In the largest unit that is not above it, and in whole ones: "45 s", "5 min", "90 min", "2 h". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
