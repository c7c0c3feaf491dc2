import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { HomePage } from './pages/home-page.tsx';
import { SessionsPage } from './pages/sessions-page.tsx';
import { StreamPage } from './pages/stream-page.tsx';
import { StreamsPage } from './pages/streams-page.tsx';
import { AdminShell } from './parts/admin-shell.tsx';
import type { Route } from './router.ts';
import type { AdminStore } from './state/admin-store.ts';

/** Draws what the address bar names. */
export function App({ route, store }: { readonly route: ReadonlySignal<Route>; readonly store: AdminStore }) {
  const current = route.value;
  useEffect(() => {
    document.title = titleOf(current);
  }, [current]);
  switch (current.page) {
    case 'home':
      return <HomePage />;
    case 'streams':
      return (
        <AdminShell store={store} view="streams">
          <StreamsPage store={store} />
        </AdminShell>
      );
    case 'stream':
      return (
        <AdminShell store={store} view="streams">
          <StreamPage key={current.name} store={store} name={current.name} />
        </AdminShell>
      );
    case 'sessions':
      return (
        <AdminShell store={store} view="sessions">
          <SessionsPage />
        </AdminShell>
      );
    case 'unknown':
      return (
        <main class="page guide">
          <h1>There is no such page</h1>
          <p>
            <a href="/">What is live</a> or <a href="/admin">the dashboard</a>
          </p>
        </main>
      );
    default:
      return current satisfies never;
  }
}

function titleOf(route: Route): string {
  switch (route.page) {
    case 'home':
      return 'Live · Sluice';
    case 'stream':
      return `${route.name} · Sluice`;
    case 'sessions':
      return 'Sessions · Sluice';
    default:
      return 'Streams · Sluice';
  }
}
