import type { PublishType } from '../../rtmp/client-session.ts';
import { RtmpClient, type RtmpTarget } from './rtmp-client.ts';
import type { RtmpRefused } from './rtmp-refused.ts';

export interface PublishTarget extends RtmpTarget {
  readonly type?: PublishType;
}

/** Publishes over a real socket. */
export class RtmpPublisherClient {
  readonly #client: RtmpClient;

  private constructor(client: RtmpClient) {
    this.#client = client;
  }

  /** Connects and asks to publish. Rejects with `RtmpRefused`, or with the socket's error. */
  static async open(target: PublishTarget): Promise<RtmpPublisherClient> {
    return new RtmpPublisherClient(
      await RtmpClient.open(target, (session) => session.publish(target.key, target.type)),
    );
  }

  /** Resolves when the connection is gone; with the server's last error status, if it sent one. */
  get closed(): Promise<RtmpRefused | undefined> {
    return this.#client.closed;
  }

  /** Bytes that the socket has not taken yet. */
  get bufferedBytes(): number {
    return this.#client.bufferedBytes;
  }

  get open(): boolean {
    return this.#client.open;
  }

  /** Queues one message; `flush` sends what is queued. */
  send(kind: 'audio' | 'video' | 'data', timestamp: number, body: Uint8Array): void {
    this.#client.session.sendMedia(kind, timestamp, body);
  }

  flush(): void {
    this.#client.flush();
  }

  /** Says goodbye as an encoder does, then closes. */
  stop(): Promise<void> {
    return this.#client.stop();
  }

  /** Cuts the line without a word, as a broken network does. */
  cut(): Promise<void> {
    return this.#client.cut();
  }
}
