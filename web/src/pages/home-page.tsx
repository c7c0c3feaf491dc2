import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PublicFeedMessage } from '../../../shared/contract/live-feed.ts';
import { LiveFeed } from '../api/live-feed.ts';
import { FeedBanner } from '../components/feed-banner.tsx';
import { Icon } from '../components/icon.tsx';
import { NothingLive } from '../components/nothing-live.tsx';
import { StreamCard } from '../components/stream-card.tsx';
import { Wordmark } from '../components/wordmark.tsx';
import { backoffDelayMs } from '../player/backoff.ts';
import { clock } from '../state/clock.ts';
import { applyPublicMessage, emptyPublicList, losePublicFeed } from '../state/public-list.ts';
import { rtmpServers, streamLinks } from '../stream-links.ts';
import { theme, toggleTheme } from '../theme.ts';

const feedBackoff = { firstMs: 500, capMs: 3000 };

/** `/`: what can be watched now. */
export function HomePage() {
  const list = useSignal(emptyPublicList);
  useEffect(() => {
    const feed = new LiveFeed<PublicFeedMessage>({
      path: '/api/v1/live',
      delayMs: (attempt) => backoffDelayMs(attempt, feedBackoff, Math.random()),
      silenceMs: null,
      onMessage: (message) => {
        list.value = applyPublicMessage(list.value, message);
      },
      onLost: () => {
        list.value = losePublicFeed(list.value);
      },
    });
    return () => feed.close();
  }, [list]);

  const { connection, streams, listed, operator } = list.value;
  const dark = theme.value === 'dark';
  return (
    <>
      <header class="topbar">
        <Wordmark href="/" />
        <nav aria-label="Views">
          <a href="/admin">Dashboard</a>
        </nav>
        <div class="totals" />
        <div class="topbar-tools">
          <button
            type="button"
            class="button plain icon-only"
            aria-label={dark ? 'Light colours' : 'Dark colours'}
            onClick={toggleTheme}
          >
            <Icon name={dark ? 'sun' : 'moon'} />
          </button>
        </div>
      </header>
      <FeedBanner lost={connection === 'lost'} />
      <main class="page" data-stale={connection === 'lost'}>
        {streams.length > 0 && (
          <section aria-labelledby="live-title">
            <h1 id="live-title" class="section-title">
              Live now
            </h1>
            <ul class="stream-cards">
              {streams.map((stream) => (
                <StreamCard
                  key={stream.name}
                  stream={stream}
                  href={streamLinks(stream.name, location, list.value).watchPath}
                  now={clock}
                />
              ))}
            </ul>
          </section>
        )}
        {streams.length === 0 && connection !== 'connecting' && (
          <NothingLive listed={listed} servers={operator ? rtmpServers(location, list.value) : null} />
        )}
      </main>
    </>
  );
}
