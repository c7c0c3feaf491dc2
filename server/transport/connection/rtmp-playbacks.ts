import type { StreamNameResult } from '../../../shared/media/stream-name.ts';
import type { PlayRequest, SessionEvent } from '../../rtmp/session-event.ts';
import { type PlaybackHost, RtmpPlayback } from './rtmp-playback.ts';

/** What a player may ask for while it plays. */
type PlayCommand = Extract<
  SessionEvent,
  { readonly type: 'stop-play' | 'pause' | 'receive-audio' | 'receive-video' }
>;

/** All that one connection plays, by message stream. */
export class RtmpPlaybacks {
  readonly #playbacks = new Map<number, RtmpPlayback>();
  readonly #host: () => PlaybackHost;

  constructor(host: () => PlaybackHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#playbacks.size;
  }

  /** Plays, or says why not. Rejects by our own mistake only. */
  begin(request: PlayRequest, name: StreamNameResult): Promise<void> {
    const host = this.#host();
    const playback: RtmpPlayback = new RtmpPlayback(request, {
      ...host,
      ended: () => {
        this.#forget(playback);
        host.ended();
      },
      refused: (stream, refusal) => {
        this.#forget(playback);
        host.refused(stream, refusal);
      },
    });
    this.#playbacks.set(request.messageStreamId, playback);
    return playback.begin(name);
  }

  act(command: PlayCommand): void {
    const playback = this.#playbacks.get(command.messageStreamId);
    if (!playback) return;
    switch (command.type) {
      case 'stop-play':
        playback.stop();
        this.#forget(playback);
        return;
      case 'pause':
        playback.pause(command.paused);
        return;
      case 'receive-audio':
        playback.receive({ audio: command.wanted });
        return;
      case 'receive-video':
        playback.receive({ video: command.wanted });
        return;
      default:
        command satisfies never;
    }
  }

  /** The connection is closed. */
  stop(): void {
    for (const playback of this.#playbacks.values()) playback.stop();
    this.#playbacks.clear();
  }

  #forget(playback: RtmpPlayback): void {
    const id = playback.messageStreamId;
    if (this.#playbacks.get(id) === playback) this.#playbacks.delete(id);
  }
}
