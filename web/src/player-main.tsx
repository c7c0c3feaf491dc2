import { computed, effect, signal } from '@preact/signals';
import { render } from 'preact';
import type { PublicFeedMessage } from '../../shared/contract/live-feed.ts';
import { keptOutUntil } from './api/kept-out.ts';
import { LiveFeed } from './api/live-feed.ts';
import { WatchPage } from './pages/watch-page.tsx';
import { backoffDelayMs } from './player/backoff.ts';
import { Player, type PlayerStatus } from './player/player.ts';
import { followSentAway } from './state/sent-away.ts';
import { trackToPlay } from './state/track-choices.ts';
import { type WatchedStream, watchedStream } from './state/watch-feed.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/player.css';
import { unknownPorts } from './stream-links.ts';
import { startTheme } from './theme.ts';
import { parseWatchTarget, withTrack } from './watch-target.ts';

/**
 * After a restart the feed is what brings every picture back, so it is asked for often at first;
 * a page forgotten in some tab slows down.
 */
const feedBackoff = { firstMs: 500, capMs: 1000 };
const patientAfter = 120;
const patientMs = 5000;
/** A feed that was never heard most likely never will be: something between lets no WebSocket through. Browsers log each try. */
const unheardBackoff = { firstMs: 1000, capMs: 60_000 };

const target = parseWatchTarget(location.pathname, location.search);

// The media connection first: nothing below is needed for the picture.
const player = new Player({
  mediaPath: target.mediaPath,
  transport: target.transport,
  engine: target.engine,
  track: target.track,
  muted: target.muted,
  onChange: (next) => {
    status.value = next;
  },
});
const status = signal<PlayerStatus>(player.status());
if (target.autoplay) player.start();
else player.pause();

startTheme();
const rtmpPorts = signal(unknownPorts);
/** Whether the start page has anything to offer to somebody whose stream is not live. */
const isListed = signal(false);
const sentAway = followSentAway(
  computed(() => status.value.view),
  () => keptOutUntil(target.mediaPath),
);
const watched = signal<WatchedStream | null>(null);
const wantedTrack = signal(target.track);
const track = computed(() => trackToPlay(wantedTrack.value, watched.value?.stream ?? null));
effect(() => player.setTrack(track.value));

/** The address names the track, so that it can be passed on. */
function chooseTrack(id: number): void {
  wantedTrack.value = id;
  history.replaceState(null, '', location.pathname + withTrack(location.search, id));
}

new LiveFeed<PublicFeedMessage>({
  path: `/api/v1/live?stream=${encodeURIComponent(target.name)}`,
  delayMs(attempt, everHeard) {
    if (!everHeard) return backoffDelayMs(attempt, unheardBackoff, Math.random());
    return attempt > patientAfter ? patientMs : backoffDelayMs(attempt, feedBackoff, Math.random());
  },
  silenceMs: null,
  onMessage: (message) => {
    if (message.type === 'hello') {
      rtmpPorts.value = message;
      isListed.value = message.publicList;
    }
    const next = watchedStream(message, target.name);
    if (next === undefined) return;
    watched.value = next;
    player.feed(next.status, next.since);
  },
  onLost: () => player.feed('unknown'),
});

document.title = `${target.name} · Sluice`;
const root = document.getElementById('app');
if (root !== null) {
  const signals = { status, watched, rtmpPorts, isListed, sentAway, track };
  render(<WatchPage target={target} player={player} onTrack={chooseTrack} {...signals} />, root);
}
