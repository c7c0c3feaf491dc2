import type { DropReason } from './dropped-media.ts';
import type { ServerContext } from './server-context.ts';

/** What a media message means: the publish on whose message stream it came, the only one it can mean, or nothing. */
export type MediaRoute = 'own' | 'elsewhere' | DropReason;

/**
 * A connection has one publish, so media on a message stream without a request of its own can only mean that one. Such encoders
 * exist, and other servers do not look at the number either. Where something else was asked for, a play or a second publish, media
 * means that, and two streams must not be mixed.
 */
export function routeMedia(context: ServerContext, messageStreamId: number): MediaRoute {
  const { publisher, streams, limits } = context;
  if (publisher?.state !== 'publishing') {
    return context.hasPublished ? 'media-after-publish' : 'media-without-publish';
  }
  if (publisher.id === messageStreamId) return 'own';
  const stream = streams.get(messageStreamId);
  // Once there are too many streams, what was asked for on further ones is not remembered.
  const isAsked = stream ? stream.asked : streams.size >= limits.maxMessageStreams;
  return isAsked ? 'media-of-other-request' : 'elsewhere';
}
