import type { ClientEvent, PlayOptions } from '../../rtmp/client-session.ts';
import { RtmpClient, type RtmpTarget } from './rtmp-client.ts';
import type { RtmpRefused } from './rtmp-refused.ts';

export interface PlayTarget extends RtmpTarget {
  readonly play?: PlayOptions;
  /** Told of media, and of what the server says of it: the end comes as a status, an end of stream, and `closed`. */
  readonly onEvent: (event: ClientEvent) => void;
}

/** Plays over a real socket. */
export class RtmpPlayerClient {
  readonly #client: RtmpClient;

  private constructor(client: RtmpClient) {
    this.#client = client;
  }

  /** Connects and asks to play. Rejects with `RtmpRefused`, or with the socket's error. */
  static async open(target: PlayTarget): Promise<RtmpPlayerClient> {
    return new RtmpPlayerClient(
      await RtmpClient.open(target, (session) => session.play(target.key, target.play)),
    );
  }

  /** Resolves when the connection is gone; with the server's last error status, if it sent one. */
  get closed(): Promise<RtmpRefused | undefined> {
    return this.#client.closed;
  }

  /** Stops and resumes; `positionMs` is the last time that was shown. */
  pause(paused: boolean, positionMs = 0): void {
    this.#client.session.pause(paused, positionMs);
    this.#client.flush();
  }

  /** Asks for sound or pictures, or to be spared them. */
  want(kind: 'audio' | 'video', wanted: boolean): void {
    this.#client.session.want(kind, wanted);
    this.#client.flush();
  }

  /** Asks to go on from a position of a recording. */
  seek(positionMs: number): void {
    this.#client.session.seek(positionMs);
    this.#client.flush();
  }

  /** Says goodbye, then closes. */
  stop(): Promise<void> {
    return this.#client.stop();
  }

  /** Cuts the line without a word. */
  cut(): Promise<void> {
    return this.#client.cut();
  }
}
