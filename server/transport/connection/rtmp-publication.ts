import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import { programName } from '../../../shared/media/program-name.ts';
import { addressGroup } from '../../../shared/net/address.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Departure, Publisher, PublisherEnd } from '../../hub/publisher.ts';
import type { Peer } from '../../hub/snapshot.ts';
import type { ServerSession } from '../../rtmp/server-session.ts';
import type { MediaEvent } from '../../rtmp/session-event.ts';
import { publishRefusalCode } from './rtmp-status.ts';
import { utcTime } from './utc-time.ts';

interface PublicationOptions {
  readonly session: ServerSession;
  readonly messageStreamId: number;
  readonly stream: string;
  /** This connection proved by a login that it may publish. */
  readonly isLoggedIn: boolean;
  /** Sends what the session has to say. */
  flush(): void;
  /** The same, then closes the connection. */
  close(): void;
  /** Ends the connection for a mistake of ours. */
  fail(error: unknown): void;
}

/** One accepted publish of an RTMP connection: the door from its session into the hub. */
export class RtmpPublication {
  readonly stream: string;
  readonly #options: PublicationOptions;
  #publisher: Publisher | undefined;
  #address = '';

  constructor(options: PublicationOptions) {
    this.stream = options.stream;
    this.#options = options;
  }

  /** Takes the name and tells the encoder to start; or says why not, before anything was started. */
  begin(hub: Hub, peer: Peer): Refusal | undefined {
    this.#address = peer.address;
    const outcome = hub.publish(this.stream, peer, {
      end: (why) => this.#endedByHub(why),
      canReconnect: this.#options.session.canReconnect,
      requestReconnect: () => this.#requestReconnect(),
      failed: this.#options.fail,
    });
    if (!outcome.ok && outcome.why === 'kicked') {
      return refuse('kicked-lately', { stream: this.stream, seconds: Math.ceil(outcome.waitMs / 1000) });
    }
    if (!outcome.ok) {
      const { address, sinceMs } = outcome.holder;
      const program = programName(outcome.holder);
      const values = {
        stream: this.stream,
        holder: program === null ? address : `${address} (${program})`,
        since: utcTime(sinceMs, hub.clock.wallMs()),
      };
      return refuse('key-in-use', values, this.#asks(address, peer.address));
    }
    this.#publisher = outcome.publisher;
    this.#options.session.acceptPublish(this.#options.messageStreamId);
    return undefined;
  }

  received(bytes: number, nowMs: number): void {
    this.#publisher?.received(bytes, nowMs);
  }

  push(media: MediaEvent): void {
    this.#publisher?.push(media.kind, media.timestamp, media.body);
  }

  flush(): void {
    this.#publisher?.flush();
  }

  leave(how: Departure): void {
    this.#publisher?.leave(how);
  }

  /** Who may know of whoever else is at the name: the same party by its address, and who proved that the name is his. */
  #asks(other: string, own: string): 'anywhere' | 'by-stranger' {
    const isKnown = this.#options.isLoggedIn || addressGroup(other) === addressGroup(own);
    return isKnown ? 'anywhere' : 'by-stranger';
  }

  #requestReconnect(): boolean {
    const { session, flush } = this.#options;
    const asked = session.requestReconnect({ description: 'The operator asks to connect again.' });
    flush();
    return asked;
  }

  #endedByHub(why: PublisherEnd): void {
    const refusal = this.#refusal(why);
    const { session, messageStreamId } = this.#options;
    session.endPublish(messageStreamId, publishRefusalCode(refusal), refusal.message);
    this.#options.close();
  }

  #refusal(why: PublisherEnd): Refusal {
    const { stream } = this;
    switch (why.type) {
      case 'kicked':
        return refuse('kicked', { stream });
      case 'draining':
        return refuse('draining');
      case 'silent':
        return refuse('publisher-silent', { stream, seconds: Math.round(why.silentMs / 1000) });
      case 'taken-over':
        return refuse(
          'taken-over',
          { stream, holder: why.by.address, seconds: Math.round(why.silentMs / 1000) },
          this.#asks(why.by.address, this.#address),
        );
    }
  }
}
