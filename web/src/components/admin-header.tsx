import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import { formatBitrate, formatCount } from '../format/numbers.ts';
import { describeBusy, formatBusy } from '../format/server-load.ts';
import { Figure } from './figure.tsx';
import { Icon } from './icon.tsx';
import { Wordmark } from './wordmark.tsx';

export interface AdminHeaderProps {
  readonly view: 'streams' | 'sessions';
  readonly server: ServerInfo | null;
  /** The feed is lost: the figures are old. */
  readonly stale: boolean;
  readonly dark: boolean;
  readonly onToggleTheme: () => void;
  readonly onLogout: () => void;
}

/** Where one is, and the whole server in four figures. */
export function AdminHeader({ view, server, stale, dark, onToggleTheme, onLogout }: AdminHeaderProps) {
  const current = (page: string) => (page === view ? 'page' : undefined);
  return (
    <header class="topbar">
      <Wordmark href="/admin" />
      <nav aria-label="Views">
        <a href="/admin" aria-current={current('streams')}>
          Streams
        </a>
        <a href="/admin/sessions" aria-current={current('sessions')}>
          Sessions
        </a>
      </nav>
      <div class="totals" data-stale={stale}>
        {server !== null && (
          <>
            <Total figure={{ value: formatCount(server.streams), unit: 'live' }} />
            <Total
              figure={{
                value: formatCount(server.viewers),
                unit: server.viewers === 1 ? 'viewer' : 'viewers',
              }}
            />
            <Total figure={formatBitrate(server.kbpsOut)} title="To all viewers" />
            <Total figure={formatBusy(server.load)} title={describeBusy(server.load)} />
          </>
        )}
      </div>
      <div class="topbar-tools">
        <button
          type="button"
          class="button plain icon-only"
          aria-label={dark ? 'Light colours' : 'Dark colours'}
          title={dark ? 'Light colours' : 'Dark colours'}
          onClick={onToggleTheme}
        >
          <Icon name={dark ? 'sun' : 'moon'} />
        </button>
        <button
          type="button"
          class="button plain icon-only"
          aria-label="Sign out"
          title="Sign out"
          onClick={onLogout}
        >
          <Icon name="leave" />
        </button>
      </div>
    </header>
  );
}

function Total({
  figure,
  title,
}: {
  readonly figure: { value: string; unit: string };
  readonly title?: string;
}) {
  return (
    <span class="total" title={title}>
      <Figure figure={figure} />
    </span>
  );
}
