import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PublicFeedMessage } from '../../../shared/contract/live-feed.ts';
import { LiveFeed } from '../api/live-feed.ts';
import { CopyField } from '../components/copy-field.tsx';
import { FeedBanner } from '../components/feed-banner.tsx';
import { Icon } from '../components/icon.tsx';
import { StreamCard } from '../components/stream-card.tsx';
import { Wordmark } from '../components/wordmark.tsx';
import { backoffDelayMs } from '../player/backoff.ts';
import { clock } from '../state/clock.ts';
import { applyPublicMessage, emptyPublicList, losePublicFeed } from '../state/public-list.ts';
import { rtmpServer, streamLinks } from '../stream-links.ts';
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

  const { connection, streams } = list.value;
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
                  href={streamLinks(stream.name, location, null).watchPath}
                  now={clock}
                />
              ))}
            </ul>
          </section>
        )}
        {streams.length === 0 && connection !== 'connecting' && <NothingLive />}
      </main>
    </>
  );
}

function NothingLive() {
  return (
    <section class="guide" aria-labelledby="guide-title">
      <h1 id="guide-title">Nothing is live</h1>
      <p class="quiet guide-lead">Streams appear here by themselves as they start.</p>
      <div class="guide-card">
        <h2>To publish</h2>
        <p class="quiet">Give these two to OBS (Settings, Stream, Service: Custom).</p>
        <CopyField label="Server" text={`${rtmpServer(location.hostname, null)}/live`} />
        <CopyField label="Stream key" text="main" />
        <p class="quiet small">
          The operator of this server finds the exact port, and an ffmpeg line, on the{' '}
          <a href="/admin">dashboard</a>.
        </p>
      </div>
    </section>
  );
}
