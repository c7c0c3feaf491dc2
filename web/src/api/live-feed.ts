import { webSocketOrigin } from '../../../shared/media/server-address.ts';

export interface LiveFeedOptions<Message> {
  /** Path and query from the root. */
  readonly path: string;
  /** How long to wait before retry number `attempt`, from 0. `everHeard`: this page has heard from the feed before. */
  readonly delayMs: (attempt: number, everHeard: boolean) => number;
  /** A feed that always has something to say is taken for dead after this silence. Null: it may be quiet. */
  readonly silenceMs: number | null;
  readonly onMessage: (message: Message) => void;
  /** Called at each failed or lost connection. */
  readonly onLost: () => void;
}

/** The live status WebSocket, opened again for as long as it takes. */
export class LiveFeed<Message> {
  readonly #options: LiveFeedOptions<Message>;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #everHeard = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: LiveFeedOptions<Message>) {
    this.#options = options;
    globalThis.addEventListener('online', this.#reopen);
    globalThis.addEventListener('offline', this.#reopen);
    this.#open();
  }

  close(): void {
    this.#closed = true;
    globalThis.removeEventListener('online', this.#reopen);
    globalThis.removeEventListener('offline', this.#reopen);
    this.#drop();
    clearTimeout(this.#retryTimer);
  }

  #open(): void {
    const socket = new WebSocket(`${webSocketOrigin(location.origin)}${this.#options.path}`);
    this.#socket = socket;
    socket.onmessage = (event) => {
      this.#attempt = 0;
      this.#everHeard = true;
      this.#watchSilence();
      // The contract is the server's promise; it is the same package.
      this.#options.onMessage(JSON.parse(String(event.data)) as Message);
    };
    socket.onclose = () => this.#lost();
  }

  #watchSilence(): void {
    clearTimeout(this.#silenceTimer);
    if (this.#options.silenceMs === null) return;
    this.#silenceTimer = setTimeout(() => this.#lost(), this.#options.silenceMs);
  }

  #lost(): void {
    if (this.#closed) return;
    this.#drop();
    this.#options.onLost();
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#open(), this.#options.delayMs(this.#attempt, this.#everHeard));
    this.#attempt += 1;
  }

  #drop(): void {
    clearTimeout(this.#silenceTimer);
    if (this.#socket === null) return;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  /** The line came or went: what is open is most likely dead, and waiting out the pause helps nobody. */
  readonly #reopen = (): void => {
    if (this.#closed) return;
    this.#attempt = 0;
    this.#lost();
  };
}
