import { toHex } from '../../shared/bytes/hex.ts';
import { encodeUtf8 } from '../../shared/bytes/utf8.ts';
import type { AuthCrypto } from './auth-mode.ts';
import { sameText } from './same-text.ts';

/** From challenge to answer: encoders reconnect at once, people do not take part in it. */
const ANSWER_WITHIN_MS = 60_000;
/** Short, because FFmpeg reads 255 bytes of a challenge and no more. Guesses cost a connection each. */
const MAC_BYTES = 8;
/** Logins that succeed within a minute; beyond that, older challenges are let go. */
const MAX_USED = 1024;

/**
 * Makes challenges and knows them again: time and number, sealed with a key of its own. Those that wait for their
 * answer are not kept, so that asking costs nothing. Those that were answered rightly are, until their time is over:
 * who overheard an answer cannot use it again.
 */
export class LoginChallenges {
  readonly #crypto: AuthCrypto;
  readonly #key: Uint8Array;
  #made = 0;
  /** Numbers of used challenges and when they were made. */
  readonly #used = new Map<number, number>();
  /** Everything up to this number is over: what was used among it is no longer known. */
  #lapsed = 0;

  constructor(crypto: AuthCrypto) {
    this.#crypto = crypto;
    this.#key = crypto.randomBytes(32);
  }

  make(nowMs: number): string {
    this.#made += 1;
    return this.#seal(`${Math.floor(nowMs).toString(36)}-${this.#made.toString(36)}`);
  }

  /** Whether it is one of ours, in time and not used. */
  isOpen(token: string, nowMs: number): boolean {
    const { isOurs, madeMs, number } = this.#read(token);
    const ageMs = nowMs - madeMs;
    return (
      isOurs && ageMs >= 0 && ageMs <= ANSWER_WITHIN_MS && number > this.#lapsed && !this.#used.has(number)
    );
  }

  /** It was answered, and is good for nothing from now on. */
  use(token: string, nowMs: number): void {
    const { number, madeMs } = this.#read(token);
    this.#used.set(number, madeMs);
    for (const [oldest, oldestMs] of this.#used) {
      const isOver = nowMs - oldestMs > ANSWER_WITHIN_MS;
      if (!isOver && this.#used.size <= MAX_USED) return;
      this.#used.delete(oldest);
      if (!isOver) this.#lapsed = Math.max(this.#lapsed, oldest);
    }
  }

  #read(token: string): { isOurs: boolean; madeMs: number; number: number } {
    const [time = '', number = ''] = token.split('-', 2);
    const isOurs = sameText(token, this.#seal(`${time}-${number}`));
    return { isOurs, madeMs: Number.parseInt(time, 36), number: Number.parseInt(number, 36) };
  }

  #seal(text: string): string {
    return `${text}-${toHex(this.#crypto.hmacSha256(this.#key, encodeUtf8(text)).subarray(0, MAC_BYTES))}`;
  }
}
