import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionPage } from '../../../shared/contract/sessions.ts';
import { getSessions, kickSession, reconnectSession } from '../api/client.ts';
import { SessionTable } from '../components/session-table.tsx';
import type { KickPause } from '../format/consequences.ts';
import { formatCount } from '../format/numbers.ts';
import { streamPath } from '../router.ts';
import { clock } from '../state/clock.ts';

const refreshMs = 2000;
const pageSize = 50;

export interface SessionPanelProps {
  /** Only sessions of this stream. */
  readonly stream?: string | undefined;
  readonly role?: 'publisher' | 'viewer' | undefined;
  readonly kickPause: KickPause | null;
  /** What to say when there are none. */
  readonly emptyText: string;
}

/** A table of sessions that keeps itself fresh in place. */
export function SessionPanel({ stream, role, kickPause, emptyText }: SessionPanelProps) {
  const offset = useSignal(0);
  const data = useSignal<SessionPage | null>(null);
  const problem = useSignal<string | null>(null);
  const from = offset.value;

  const load = async (isCurrent: () => boolean = () => true): Promise<void> => {
    try {
      const next = await getSessions({ stream, role, limit: pageSize, offset: from });
      if (!isCurrent()) return;
      problem.value = null;
      if (next.items.length === 0 && from > 0) offset.value = Math.max(0, from - pageSize);
      else data.value = next;
    } catch (error) {
      if (isCurrent()) problem.value = error instanceof Error ? error.message : String(error);
    }
  };

  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async (): Promise<void> => {
      await load(() => current);
      if (current) timer = setTimeout(() => void run(), refreshMs);
    };
    void run();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [stream, role, from]);

  if (data.value === null) {
    return <p class="quiet panel-note">{problem.value ?? 'Asking the server.'}</p>;
  }
  const { total, items } = data.value;
  const last = Math.min(total, from + items.length);
  return (
    <div class="session-panel" data-stale={problem.value !== null}>
      {problem.value !== null && (
        <p class="panel-note" role="alert">
          {problem.value} The rows below are the last known ones.
        </p>
      )}
      {items.length === 0 ? (
        <p class="quiet panel-note">{emptyText}</p>
      ) : (
        <SessionTable
          sessions={items}
          now={clock}
          streamHref={stream === undefined ? streamPath : null}
          kickPause={kickPause}
          onReconnect={async (session) => {
            await reconnectSession(session.id);
            await load();
          }}
          onKick={async (session) => {
            await kickSession(session.id);
            await load();
          }}
        />
      )}
      {total > pageSize && (
        <nav class="pager" aria-label="Pages of sessions">
          <button
            type="button"
            class="button"
            disabled={from === 0}
            onClick={() => {
              offset.value = Math.max(0, from - pageSize);
            }}
          >
            Back
          </button>
          <span class="quiet">
            {formatCount(from + 1)} to {formatCount(last)} of {formatCount(total)}
          </span>
          <button
            type="button"
            class="button"
            disabled={last >= total}
            onClick={() => {
              offset.value = from + pageSize;
            }}
          >
            More
          </button>
        </nav>
      )}
    </div>
  );
}
