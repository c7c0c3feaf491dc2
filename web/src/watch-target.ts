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
}

/** Reads /watch/{app}/{key} and /embed/{app}/{key} with their query. */
export function parseWatchTarget(pathname: string, search: string): WatchTarget {
  const [, page = '', ...segments] = pathname.replace(/\/+$/, '').split('/');
  const query = new URLSearchParams(search);
  const engine = query.get('engine')?.replace(/\.?js$/, '');
  return {
    name: segments.map(decodeSegment).join('/'),
    mediaPath: `/${segments.join('/')}.flv`,
    embedded: page === 'embed',
    muted: flag(query, 'muted', true),
    autoplay: flag(query, 'autoplay', true),
    controls: flag(query, 'controls', true),
    transport: query.get('transport') === 'http' ? 'http' : 'ws',
    engine: engine === 'flv' ? 'flv.js' : engine === 'mpegts' ? 'mpegts.js' : null,
  };
}

/** `?muted`, `?muted=1` and `?muted=true` say yes; `0`, `false` and `no` say no. */
function flag(query: URLSearchParams, key: string, fallback: boolean): boolean {
  const value = query.get(key);
  return value === null ? fallback : !['0', 'false', 'no', 'off'].includes(value.toLowerCase());
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
