import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './write-whole.ts';

/** Sessions that were logged out. They are remembered until they would have expired by themselves. */
export interface RevokedSessions {
  isRevoked(session: SessionId): boolean;
  revoke(session: SessionId, nowSeconds: number): void;
}

/** A session by what is signed in it. */
export interface SessionId {
  readonly nonce: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

const FILE = 'admin-logouts.json';
/** Far more than any operator makes. Beyond it sessions that expire as early as the forgotten one are revoked with it. */
const MAX_KEPT = 10_000;

interface Kept {
  /** Every session that expires before this is revoked. */
  readonly endsBefore: number;
  /** Nonce and expiry. */
  readonly sessions: readonly (readonly [nonce: string, expires: number])[];
}

/** Without a `save` they are forgotten at a restart. */
export function revokedSessions(kept?: Kept, save: (kept: Kept) => void = () => {}): RevokedSessions {
  let endsBefore = kept?.endsBefore ?? 0;
  const sessions = new Map(kept?.sessions);
  return {
    isRevoked: ({ nonce, expires }) => expires < endsBefore || sessions.has(nonce),
    revoke({ nonce, expires }, nowSeconds) {
      for (const [old, until] of sessions) if (until <= nowSeconds) sessions.delete(old);
      sessions.set(nonce, expires);
      for (const [old, until] of sessions) {
        if (sessions.size <= MAX_KEPT) break;
        sessions.delete(old);
        endsBefore = Math.max(endsBefore, until + 1);
      }
      save({ endsBefore, sessions: [...sessions] });
    },
  };
}

interface KeptIn {
  readonly dir: string;
  /** From which expiry on a session was surely made after now. */
  readonly nextExpiry: number;
  /** They could not be read or written; the reason is an error code or a sentence. */
  failed(reason: string): void;
}

/** The same, kept in a file of `dir`. */
export function loadRevokedSessions({ dir, nextExpiry, failed }: KeptIn): RevokedSessions {
  const file = join(dir, FILE);
  let kept: Kept | undefined;
  try {
    kept = readKept(file);
  } catch (error) {
    // Nobody knows who was logged out, so everybody is.
    failed(reasonOf(error));
    kept = { endsBefore: nextExpiry, sessions: [] };
  }
  return revokedSessions(kept, (now) => {
    try {
      writeWhole(file, `${JSON.stringify(now)}\n`);
    } catch (error) {
      failed(reasonOf(error));
    }
  });
}

function readKept(file: string): Kept | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const kept = JSON.parse(text) as Partial<Kept> | null;
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'number';
  if (typeof kept?.endsBefore !== 'number' || !kept.sessions?.every(isPair)) {
    throw new Error('it is not what was written');
  }
  return kept as Kept;
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
