import { useEffect } from 'preact/hooks';
import type { Player } from '../player/player.ts';

/** Media keys, headphones and the lock screen name the stream, and say to the player what is wanted. */
export function useMediaSession(player: Player, name: string, held: boolean): void {
  useEffect(() => {
    const session = mediaSession();
    if (session === undefined) return;
    session.metadata = new MediaMetadata({ title: name });
    session.setActionHandler('play', () => player.play());
    session.setActionHandler('pause', () => player.pause());
    return () => {
      session.metadata = null;
      session.setActionHandler('play', null);
      session.setActionHandler('pause', null);
    };
  }, [player, name]);
  useEffect(() => {
    const session = mediaSession();
    if (session !== undefined) session.playbackState = held ? 'paused' : 'playing';
  }, [held]);
}

/** Undefined in browsers that have none. */
function mediaSession(): MediaSession | undefined {
  return 'mediaSession' in navigator ? navigator.mediaSession : undefined;
}
