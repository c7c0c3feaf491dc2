import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../hub/clock.ts';
import type { Visitor } from '../hub/snapshot.ts';
import { systemClock } from './system-clock.ts';

/** Tells one browser from another behind one address. Scripts of the page cannot read it. */
export const VISITOR_COOKIE = 'sluice_viewer';
/** A day: longer than a show and its breaks, and no more than that. */
export const VISITOR_SECONDS = 24 * 3600;

export interface VisitorCookies {
  /** A value for somebody who has none. */
  make(): string;
  /** Undefined for anything that was not made here, or too long ago. */
  read(value: string | undefined): Visitor | undefined;
}

/**
 * A random number, when it was made, and a signature: the server keeps nothing. It is what shows that somebody watched before another
 * one at the same address was kicked, so it must not be possible to make one up.
 */
export function createVisitorCookies(secret: string, clock: Clock = systemClock): VisitorCookies {
  const key = createHash('sha256').update(`sluice visitor ${secret}`).digest();
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest();
  return {
    make() {
      const payload = `${Math.floor(clock.wallMs()).toString(36)}.${randomBytes(9).toString('base64url')}`;
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    read(value) {
      const [since = '', id = '', signature = '', ...rest] = (value ?? '').split('.');
      if (since === '' || id === '' || rest.length > 0) return undefined;
      const given = Buffer.from(signature, 'base64url');
      const right = sign(`${since}.${id}`);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      const sinceWallMs = Number.parseInt(since, 36);
      const ageMs = clock.wallMs() - sinceWallMs;
      return ageMs < VISITOR_SECONDS * 1000 ? { id, sinceWallMs } : undefined;
    },
  };
}
