import { parseStreamPath, type StreamNameResult } from './stream-name.ts';

/**
 * The stream in the path of a player page, `/watch/live/main` or `/embed/live/main`. A slash at the end is forgiven. An empty part
 * between two slashes is not: something of the link is missing, and a browser would take what follows for the name of a host.
 */
export function parseWatchPath(path: string): StreamNameResult {
  const name = /^\/(?:watch|embed)(?:\/(.*?))?\/*$/s.exec(path)?.[1] ?? '';
  if (name.split('/').includes('') && name !== '') return { ok: false, reason: 'a part of it is empty' };
  return parseStreamPath(name);
}
