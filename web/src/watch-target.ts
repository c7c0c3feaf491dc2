import { encodeStreamPath } from '../../shared/media/stream-name.ts';
import { parseWatchPath } from '../../shared/media/watch-path.ts';

/** What the address of a player page asks for. */
export interface WatchTarget {
  /** Joined path: live/main */
  readonly name: string;
  /** /live/main.flv */
  readonly mediaPath: string;
  readonly embedded: boolean;
  readonly muted: boolean;
  readonly autoplay: boolean;
  readonly controls: boolean;
  readonly transport: 'ws' | 'http';
  /** Null: chosen by codec. */
  readonly engine: 'flv.js' | 'mpegts.js' | null;
  /** Which track of a multitrack stream; 0 is the default one. */
  readonly track: number;
}

/** Reads /watch/{app}/{key} and /embed/{app}/{key} with their query. */
export function parseWatchTarget(pathname: string, search: string): WatchTarget {
  const parsed = parseWatchPath(pathname);
  // The server gives no player for an address without a name. Whatever it is called here, its media is on this server.
  const name = parsed.ok ? parsed.name : 'live/none';
  const query = new URLSearchParams(search);
  const engine = query.get('engine')?.replace(/\.?js$/, '');
  return {
    name,
    mediaPath: `/${encodeStreamPath(name)}.flv`,
    embedded: /^\/embed(?:\/|$)/.test(pathname),
    muted: flag(query, 'muted', true),
    autoplay: flag(query, 'autoplay', true),
    controls: flag(query, 'controls', true),
    transport: query.get('transport') === 'http' ? 'http' : 'ws',
    engine: engine === 'flv' ? 'flv.js' : engine === 'mpegts' ? 'mpegts.js' : null,
    track: trackId(query.get('track')),
  };
}

/** The same address for another track. */
export function withTrack(search: string, track: number): string {
  const query = new URLSearchParams(search);
  if (track === 0) query.delete('track');
  else query.set('track', String(track));
  return query.size === 0 ? '' : `?${query}`;
}

function trackId(text: string | null): number {
  return text !== null && /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : 0;
}

/** `?muted`, `?muted=1` and `?muted=true` say yes; `0`, `false` and `no` say no. */
function flag(query: URLSearchParams, key: string, fallback: boolean): boolean {
  const value = query.get(key);
  return value === null ? fallback : !['0', 'false', 'no', 'off'].includes(value.toLowerCase());
}
