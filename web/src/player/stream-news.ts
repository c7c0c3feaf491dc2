import type { FeedStatus } from './player-state.ts';

/** What a piece of news means for the player. */
export interface News {
  readonly before: FeedStatus;
  readonly now: FeedStatus;
  /** The state is another one, or it is another publish of the same name. */
  readonly changed: boolean;
}

/**
 * What the status channel says of the stream, and how far it is to be believed: a server that stops ends its streams first, so its last
 * words are not those of the next one. Until something answers, it is restarting.
 */
export class StreamNews {
  #status: FeedStatus = 'unknown';
  #since: string | undefined;
  #restarting = false;
  /** What the channel of the server that stops said last; null once that channel is lost. */
  #lastWords: FeedStatus | null = null;

  get status(): FeedStatus {
    return this.#status;
  }

  /** The server said that it stops, and nothing has answered since. */
  get restarting(): boolean {
    return this.#restarting;
  }

  /** There is something to open. */
  get allowsOpening(): boolean {
    return this.#status === 'live' || this.#status === 'starting';
  }

  /** `since` tells one publish from the next. Null: these are last words. */
  hear(status: FeedStatus, since: string | undefined): News | null {
    if (this.#restarting && !this.#isNewServer(status)) return null;
    const before = this.#status;
    const anotherPublish = since !== undefined && this.#since !== undefined && since !== this.#since;
    this.#status = status;
    if (since !== undefined) this.#since = since;
    return { before, now: status, changed: before !== status || anotherPublish };
  }

  /** The server stops: what it said of the stream no longer counts. */
  serverStops(): void {
    if (this.#restarting) return;
    this.#restarting = true;
    this.#lastWords = this.#status === 'unknown' ? null : this.#status;
    this.#status = 'unknown';
  }

  /** Something answered. Where the channel was never lost (one of several processes stopped) its last words still count. */
  serverAnswers(): void {
    if (!this.#restarting) return;
    this.#restarting = false;
    this.#status = this.#lastWords ?? 'unknown';
  }

  #isNewServer(status: FeedStatus): boolean {
    if (status === 'unknown') this.#lastWords = null;
    else if (this.#lastWords === null) this.#restarting = false;
    else this.#lastWords = status;
    return !this.#restarting;
  }
}
