import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { DeadEnd } from './components/dead-end.tsx';
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
          <SessionsPage store={store} />
        </AdminShell>
      );
    case 'bad-link':
      return <BadLink {...current} />;
    case 'unknown':
      return (
        <DeadEnd title="There is no such page">
          <p>
            See <a href="/">what is live</a>, or open <a href="/admin">the dashboard</a>.
          </p>
        </DeadEnd>
      );
    default:
      return current satisfies never;
  }
}

function BadLink({ isCut, reason }: { readonly isCut: boolean; readonly reason: string }) {
  return (
    <DeadEnd title={isCut ? 'This link is incomplete' : 'This link leads to no stream'}>
      <p class="quiet">
        {isCut
          ? 'The name of the stream is missing, or its end is. It has two parts or more, as in /watch/live/main.'
          : `Something is wrong with the name in it: ${reason}.`}
      </p>
      <p>
        Ask for the whole link again, or see <a href="/">what is live</a>.
      </p>
    </DeadEnd>
  );
}

function titleOf(route: Route): string {
  switch (route.page) {
    case 'home':
      return 'Live · Sluice';
    case 'stream':
      return `${route.name} · Sluice`;
    case 'sessions':
      return 'Sessions · Sluice';
    case 'bad-link':
    case 'unknown':
      return 'Not found · Sluice';
    default:
      return 'Streams · Sluice';
  }
}
