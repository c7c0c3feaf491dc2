import type { ReadonlySignal, Signal } from '@preact/signals';
import { LivePlayer } from '../parts/live-player.tsx';
import type { Player, PlayerStatus } from '../player/player.ts';
import type { SentAway } from '../state/sent-away.ts';
import { trackChoices } from '../state/track-choices.ts';
import type { WatchedStream } from '../state/watch-feed.ts';
import { type RtmpPorts, streamLinks } from '../stream-links.ts';
import type { WatchTarget } from '../watch-target.ts';

export interface WatchPageProps {
  readonly target: WatchTarget;
  readonly player: Player;
  readonly status: Signal<PlayerStatus>;
  readonly watched: ReadonlySignal<WatchedStream | null>;
  readonly rtmpPorts: ReadonlySignal<RtmpPorts>;
  /** The start page lists what is live. */
  readonly isListed: ReadonlySignal<boolean>;
  readonly sentAway: ReadonlySignal<SentAway | null>;
  /** The track that plays. */
  readonly track: ReadonlySignal<number>;
  readonly onTrack: (id: number) => void;
}

/** /watch and /embed: the picture and nothing else. */
export function WatchPage(props: WatchPageProps) {
  const { target, player, status, watched, rtmpPorts, isListed, sentAway, track, onTrack } = props;
  const stream = watched.value?.stream ?? null;
  return (
    <LivePlayer
      player={player}
      status={status}
      name={target.name}
      links={streamLinks(target.name, location, rtmpPorts.value, track.value)}
      controls={target.controls}
      hasNoPicture={stream !== null && stream.video === null && stream.audio !== null}
      tracks={trackChoices(stream?.tracks ?? [])}
      track={track.value}
      onTrack={onTrack}
      listHref={isListed.value && !target.embedded ? '/' : null}
      sentAway={sentAway.value}
      viewers={target.embedded ? null : (stream?.viewers ?? null)}
    />
  );
}
