import type { Socket } from 'node:net';
import { type Refusal, refuse } from '../../shared/contract/errors.ts';
import type { StreamNameResult } from '../../shared/media/stream-name.ts';
import type { Hub, Viewing } from '../hub/hub.ts';
import type { EndReason } from '../hub/sink.ts';
import type { Peer } from '../hub/snapshot.ts';
import { rtmpContainer } from '../output/rtmp-container.ts';
import type { ServerSession } from '../rtmp/server-session.ts';
import type { PlayRequest } from '../rtmp/session-event.ts';
import type { Admission } from './admission.ts';
import { newConnectionId } from './connection-id.ts';
import { RtmpPlayerSink } from './rtmp-player-sink.ts';
import { waitUntilLive } from './wait-until-live.ts';

/** How long a player is kept waiting for a stream that is not live yet. rtmp.md section 9. */
const WAIT_FOR_STREAM_MS = 10_000;

/** What a playback needs of its connection. */
export interface PlaybackHost {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly session: ServerSession;
  readonly socket: Socket;
  readonly peer: Peer;
  /** Sends what the session has to say. */
  flush(): void;
  close(): void;
  refused(stream: string | null, refusal: Refusal): void;
}

/** One play of an RTMP connection. */
export class RtmpPlayback {
  readonly #request: PlayRequest;
  readonly #host: PlaybackHost;
  readonly #stopped = new AbortController();
  #viewing: Viewing | undefined;

  constructor(request: PlayRequest, host: PlaybackHost) {
    this.#request = request;
    this.#host = host;
  }

  /** Waits for the stream and starts, or refuses. */
  async begin(name: StreamNameResult): Promise<void> {
    if (!name.ok) {
      this.#reject(null, refuse('name-invalid', { reason: name.reason }));
      return;
    }
    const { hub, admission, peer, session, socket } = this.#host;
    const stream = name.name;
    const refusal = await admission({ action: 'play', stream, peer, query: name.query });
    if (refusal) {
      this.#reject(stream, refusal);
      return;
    }
    const live = await waitUntilLive(hub, stream, WAIT_FOR_STREAM_MS, this.#stopped.signal);
    if (this.#stopped.signal.aborted) return;
    if (!live) {
      this.#reject(stream, refuse('stream-not-live', { stream }));
      return;
    }
    session.acceptPlay(this.#request.messageStreamId);
    this.#host.flush();
    const sink = new RtmpPlayerSink(socket, (reason) => this.#endedByHub(reason));
    const container = rtmpContainer(session.outChunkSize, this.#request.messageStreamId);
    // Each play of a connection is a viewer of its own.
    this.#viewing = hub.watch(stream, { peer: { ...peer, id: newConnectionId() }, container, sink });
    if (!this.#viewing) this.#endedByHub('stream-ended');
  }

  /** The player is gone, or wants something else. */
  stop(): void {
    this.#stopped.abort();
    this.#viewing?.leave();
    this.#viewing = undefined;
  }

  #reject(stream: string | null, refusal: Refusal): void {
    const code = refusal.code === 'name-invalid' ? 'NetStream.Play.StreamNotFound' : refusal.rtmpCode;
    this.#host.session.rejectPlay(this.#request.messageStreamId, code, refusal.message);
    this.#host.refused(stream, refusal);
  }

  #endedByHub(reason: EndReason): void {
    this.#host.session.endPlay(this.#request.messageStreamId, reason.replaceAll('-', ' '));
    this.#host.close();
  }
}
