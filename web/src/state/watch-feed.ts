import type { PublicFeedMessage } from '../../../shared/contract/live-feed.ts';
import type { PublicStream } from '../../../shared/contract/streams.ts';

/** What the public feed said last about one stream. */
export interface WatchedStream {
  readonly status: 'starting' | 'live' | 'silent' | 'interrupted' | 'gone';
  /** Differs from one publish, and from one set of tracks, to the next. */
  readonly since: string | undefined;
  readonly stream: PublicStream | null;
}

const gone: WatchedStream = { status: 'gone', since: undefined, stream: null };

/** The news for `name` in one message. Undefined: the message is about another stream. */
export function watchedStream(message: PublicFeedMessage, name: string): WatchedStream | undefined {
  switch (message.type) {
    case 'hello': {
      const stream = message.streams.find((one) => one.name === name);
      return stream === undefined ? gone : seen(stream);
    }
    case 'stream':
      return message.stream.name === name ? seen(message.stream) : undefined;
    case 'gone':
      return message.name === name ? gone : undefined;
    default:
      return message satisfies never;
  }
}

function seen(stream: PublicStream): WatchedStream {
  const tracks = [stream.video?.codec, stream.audio?.codec].join('+');
  return { status: stream.state, since: `${stream.startedAt} ${tracks}`, stream };
}
