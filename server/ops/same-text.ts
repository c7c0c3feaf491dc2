import { createHash, timingSafeEqual } from 'node:crypto';

/** Takes the same time whatever the strings have in common; hashing makes their lengths equal. */
export function isSameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** What an Authorization header of this form holds. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
