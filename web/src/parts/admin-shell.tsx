import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { AdminFeedMessage } from '../../../shared/contract/live-feed.ts';
import { ApiError, getServer, login, logout } from '../api/client.ts';
import { LiveFeed } from '../api/live-feed.ts';
import { AdminHeader } from '../components/admin-header.tsx';
import { FeedBanner } from '../components/feed-banner.tsx';
import { LoadBanner } from '../components/load-banner.tsx';
import { LoginForm } from '../components/login-form.tsx';
import { backoffDelayMs } from '../player/backoff.ts';
import type { AdminStore } from '../state/admin-store.ts';
import { setClockAhead } from '../state/clock.ts';
import { theme, toggleTheme } from '../theme.ts';

const feedBackoff = { firstMs: 500, capMs: 3000 };
/** The admin feed speaks every second. */
const feedSilenceMs = 6000;

export interface AdminShellProps {
  readonly store: AdminStore;
  readonly view: 'streams' | 'sessions';
  readonly children: ComponentChildren;
}

type Access = 'asking' | 'denied' | 'granted';

/** Lets the operator in, keeps the feed running and draws what all views share. */
export function AdminShell({ store, view, children }: AdminShellProps) {
  const access = useSignal<Access>('asking');
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);

  const enter = async (token: string | null): Promise<void> => {
    busy.value = true;
    try {
      if (token !== null) await login(token);
      setClockAhead((await getServer()).clockAheadMs);
      problem.value = null;
      access.value = 'granted';
    } catch (error) {
      access.value = 'denied';
      problem.value = problemOf(error, token);
    } finally {
      busy.value = false;
    }
  };

  useEffect(() => {
    const refused = takeRefusal();
    void enter(null).then(() => {
      if (access.value === 'denied' && refused !== null) problem.value = refused;
    });
  }, []);

  useEffect(() => {
    if (access.value !== 'granted') return;
    const feed = new LiveFeed<AdminFeedMessage>({
      path: '/api/v1/live?scope=admin',
      delayMs: (attempt) => backoffDelayMs(attempt, feedBackoff, Math.random()),
      silenceMs: feedSilenceMs,
      onMessage: (message) => store.receive(message),
      onLost: () => {
        store.lose();
        void stillLetIn().then((letIn) => {
          if (!letIn) access.value = 'denied';
        });
      },
    });
    return () => feed.close();
  }, [access.value, store]);

  if (access.value === 'asking') return null;
  if (access.value === 'denied') {
    return <LoginForm problem={problem.value} busy={busy.value} onSubmit={(token) => void enter(token)} />;
  }
  const { server, connection } = store.state.value;
  const lost = connection === 'lost';
  const leave = async (): Promise<void> => {
    await logout().catch(() => {});
    problem.value = null;
    access.value = 'denied';
  };
  return (
    <>
      <AdminHeader
        view={view}
        server={server}
        stale={lost}
        dark={theme.value === 'dark'}
        onToggleTheme={toggleTheme}
        onLogout={() => void leave()}
      />
      <FeedBanner lost={lost} />
      <LoadBanner server={lost ? null : server} />
      <main class="page" data-stale={lost}>
        {children}
      </main>
    </>
  );
}

/** Why the link that led here let nobody in. The server has taken the token out of the address, and left this instead. */
function takeRefusal(): string | null {
  const url = new URL(location.href);
  const refused = url.searchParams.get('refused');
  if (refused === null) return null;
  url.searchParams.delete('refused');
  history.replaceState(null, '', url);
  return refused === 'too-many-logins'
    ? 'Too many wrong tokens came from your address. Wait a minute and try again.'
    : 'This link works no more: it is good for ten minutes after the server was started. Use the token, or start the server anew.';
}

/** False only when the server says so: one that does not answer may come back. */
async function stillLetIn(): Promise<boolean> {
  try {
    await getServer();
    return true;
  } catch (error) {
    return !isUnauthorized(error);
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** The first look at an unknown visitor is no failed try. */
function problemOf(error: unknown, token: string | null): string | null {
  if (isUnauthorized(error)) {
    return token === null
      ? null
      : 'That is not the token. It stands in the file admin-token of the data folder.';
  }
  return error instanceof Error ? error.message : String(error);
}
