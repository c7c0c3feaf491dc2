import { type Refusal, refuse } from '../../../shared/contract/errors.ts';
import type { StreamNameResult } from '../../../shared/media/stream-name.ts';
import { RefusalError } from '../../http/refusal-error.ts';
import type { TrackPick, Tracks } from '../../hub/container.ts';
import type { Hub, Viewing } from '../../hub/hub.ts';
import { cutsOff, type EndReason, type ViewerNews } from '../../hub/sink.ts';
import type { Peer } from '../../hub/snapshot.ts';
import { rtmpContainer } from '../../output/rtmp-container.ts';
import { capsEx } from '../../rtmp/enhanced-capabilities.ts';
import type { ServerSession } from '../../rtmp/server-session.ts';
import type { PlayRequest } from '../../rtmp/session-event.ts';
import { statusCode } from '../../rtmp/status-code.ts';
import type { Admission } from '../admission.ts';
import { newConnectionId } from '../connection-id.ts';
import { parseTrackId, pickTracks } from '../pick-tracks.ts';
import type { WaitingRoom } from '../waiting-room.ts';
import type { RtmpOutput } from './rtmp-output.ts';
import { RtmpPlayerSink } from './rtmp-player-sink.ts';
import { playRefusalCode } from './rtmp-status.ts';

/** What a playback needs of its connection. */
export interface PlaybackHost {
  readonly hub: Hub;
  readonly waitingRoom: WaitingRoom;
  readonly admission: Admission;
  readonly session: ServerSession;
  readonly output: RtmpOutput;
  readonly peer: Peer;
  /** How long a player is kept waiting for a stream that is not live yet. */
  readonly waitForStreamMs: number;
  /** Sends what the session has to say. */
  flush(): void;
  /** The same, behind the media that waits: it speaks of what comes before or after it. */
  flushInOrder(): void;
  /** The playback is over: the connection goes on if something else uses it. */
  ended(): void;
  refused(stream: string | null, refusal: Refusal): void;
}

/** One play of an RTMP connection. */
export class RtmpPlayback {
  readonly messageStreamId: number;
  readonly #host: PlaybackHost;
  readonly #durationMs: number | undefined;
  readonly #stopped = new AbortController();
  #stream = '';
  #viewing: Viewing | undefined;
  #wanted: Tracks = { audio: true, video: true };
  #paused = false;
  #warned = false;

  constructor(request: PlayRequest, host: PlaybackHost) {
    this.messageStreamId = request.messageStreamId;
    this.#durationMs = request.durationMs;
    this.#host = host;
  }

  /** Waits for the stream and starts, or refuses. */
  async begin(name: StreamNameResult): Promise<void> {
    if (!name.ok) {
      this.#reject(null, refuse('name-invalid', { reason: name.reason }));
      return;
    }
    const { admission, peer } = this.#host;
    this.#stream = name.name;
    const refusal = await admission({ action: 'play', stream: name.name, peer, query: name.query });
    if (this.#stopped.signal.aborted) return;
    if (refusal) {
      this.#reject(name.name, refusal);
      return;
    }
    try {
      const pick = await this.#waitAndPick(name.query.get('track'));
      if (!this.#stopped.signal.aborted) this.#start(pick);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      if (!this.#stopped.signal.aborted) this.#reject(this.#stream, error.refusal);
    }
  }

  /** Waits for the stream. Gives the tracks that `?track=ID` behind the name stands for. */
  async #waitAndPick(text: string | undefined): Promise<TrackPick | undefined> {
    const { waitingRoom, peer, waitForStreamMs } = this.#host;
    const who = { stream: this.#stream, address: peer.address, signal: this.#stopped.signal };
    if (!(await waitingRoom.wait({ ...who, until: 'published', ms: waitForStreamMs }))) {
      throw new RefusalError(refuse('stream-not-live', { stream: this.#stream }));
    }
    const id = parseTrackId(text);
    return id === undefined ? undefined : await pickTracks(this.#host, { ...who, id });
  }

  /** The player is gone, or wants something else. */
  stop(): void {
    this.#stopped.abort();
    this.#viewing?.leave();
    this.#viewing = undefined;
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#viewing?.select(this.#tracks);
  }

  receive(wanted: Partial<Tracks>): void {
    this.#wanted = { ...this.#wanted, ...wanted };
    this.#viewing?.select(this.#tracks);
  }

  get #tracks(): Tracks {
    return this.#paused ? { audio: false, video: false } : this.#wanted;
  }

  #start(pick: TrackPick | undefined): void {
    const { hub, peer, session, output } = this.#host;
    session.acceptPlay(this.messageStreamId);
    this.#host.flushInOrder();
    const sink = new RtmpPlayerSink(output, session.outChunkSize, {
      news: (news) => this.#pass(news),
      end: (reason) => this.#endedByHub(reason),
    });
    const caps = session.info.enhanced?.capsEx ?? 0;
    const container = rtmpContainer(session.outChunkSize, this.messageStreamId, {
      takes: { multitrack: (caps & capsEx.multitrack) !== 0, modEx: (caps & capsEx.modEx) !== 0 },
      pick,
      durationMs: this.#durationMs,
    });
    // Each play of a connection is a viewer of its own.
    const viewer = { peer: { ...peer, id: newConnectionId() }, container, sink, tracks: this.#tracks };
    this.#viewing = hub.watch(this.#stream, viewer);
    if (!this.#viewing) this.#endedByHub('stream-ended');
  }

  #reject(stream: string | null, refusal: Refusal): void {
    this.#host.session.rejectPlay(this.messageStreamId, playRefusalCode(refusal), refusal.message);
    this.#host.refused(stream, refusal);
  }

  /**
   * A publisher who drops is not told as UnpublishNotify: FFmpeg and librtmp would end, and it may be back within seconds.
   */
  #pass(news: ViewerNews): void {
    const { session } = this.#host;
    const id = this.messageStreamId;
    if (news === 'source-lost') {
      session.sendStreamDry(id);
    } else if (news === 'source-back') {
      const description = `${this.#stream} is being published again.`;
      session.sendStatus(id, { level: 'status', code: statusCode.playPublishNotify, description });
    } else {
      if (this.#warned) return;
      this.#warned = true;
      const description = 'The line is too slow for this stream: pictures are left out.';
      session.sendStatus(id, { level: 'warning', code: statusCode.playInsufficientBandwidth, description });
    }
    this.#host.flush();
  }

  #endedByHub(reason: EndReason): void {
    const { session } = this.#host;
    const id = this.messageStreamId;
    this.#viewing = undefined;
    if (cutsOff(reason)) session.failPlay(id, statusCode.playFailed, endSentence(reason, this.#stream));
    else if (reason === 'played-out') session.completePlay(id);
    else session.endPlay(id, endSentence(reason, this.#stream));
    this.#host.ended();
  }
}

function endSentence(reason: EndReason, stream: string): string {
  switch (reason) {
    case 'kicked':
      return refuse('kicked', { stream }).message;
    case 'draining':
      return refuse('draining').message;
    case 'nothing-to-play':
      return refuse('nothing-to-play', { stream }).message;
    case 'too-slow':
      return refuse('viewer-too-slow').message;
    case 'overloaded':
      return refuse('overloaded').message;
    case 'stream-ended':
    case 'played-out':
    case 'tracks-changed':
    case 'disconnected':
      return `${stream} is over.`;
    default:
      return reason satisfies never;
  }
}
