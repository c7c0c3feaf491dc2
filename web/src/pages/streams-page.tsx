import { useEffect, useRef } from 'preact/hooks';
import { EmptyGuide } from '../components/empty-guide.tsx';
import { NoticeList } from '../components/notice-list.tsx';
import { formatCount } from '../format/numbers.ts';
import { StreamListRow } from '../parts/stream-list-row.tsx';
import type { AdminStore } from '../state/admin-store.ts';
import { clock } from '../state/clock.ts';
import { encoderStage } from '../state/encoder-stage.ts';
import type { StreamSort } from '../state/stream-list.ts';
import { isLoopback, type RtmpPorts, rtmpServers, unknownPorts, withLogin } from '../stream-links.ts';

const shownNotices = 8;
/** One stream needs no tools to be found. */
const toolsFrom = 2;

const sorts: readonly (readonly [StreamSort, string])[] = [
  ['name', 'Name'],
  ['viewers', 'Most viewers'],
  ['bitrate', 'Highest bitrate'],
  ['newest', 'Newest'],
  ['trouble', 'Trouble first'],
];

/** /admin: what is on air. */
export function StreamsPage({ store }: { readonly store: AdminStore }) {
  const { streams, notices, server, connection } = store.state.value;
  if (connection === 'connecting') return <p class="quiet panel-note">Connecting to the server.</p>;
  const rows = store.rows.value;
  return (
    <>
      {streams.size === 0 ? (
        <Guide ports={server ?? unknownPorts} needsLogin={server?.publishNeedsLogin ?? false} store={store} />
      ) : (
        <section aria-labelledby="on-air-title">
          <div class="section-head">
            <h1 id="on-air-title" class="section-title">
              On air
            </h1>
            {streams.size >= toolsFrom && (
              <ListTools store={store} total={streams.size} shown={rows.length} />
            )}
          </div>
          <ul class="stream-rows">
            {rows.map((record) => (
              <StreamListRow
                key={record.stream.name}
                record={record}
                linked={true}
                kickPause={server?.kickPause ?? null}
              />
            ))}
          </ul>
          {rows.length === 0 && <p class="quiet panel-note">No stream has that in its name.</p>}
        </section>
      )}
      {notices.length > 0 && (
        <section aria-labelledby="lately-title" class="lately">
          <h2 id="lately-title" class="section-title">
            Lately
          </h2>
          <NoticeList notices={notices.slice(0, shownNotices)} now={clock} />
        </section>
      )}
    </>
  );
}

function Guide({
  ports,
  needsLogin,
  store,
}: {
  readonly ports: RtmpPorts;
  readonly needsLogin: boolean;
  readonly store: AdminStore;
}) {
  const servers = rtmpServers(location, ports);
  const stage = encoderStage(store.state.value.notices, clock.value);
  return (
    <EmptyGuide
      servers={servers}
      app="live"
      streamKey="main"
      needsLogin={needsLogin}
      isLocal={isLoopback(location.hostname)}
      ffmpeg={`ffmpeg -re -f lavfi -i testsrc2=size=1280x720:rate=30 -f lavfi -i sine=frequency=440 -c:v libx264 -preset veryfast -pix_fmt yuv420p -g 60 -b:v 2500k -c:a aac -f flv ${needsLogin ? withLogin(servers.plain) : servers.plain}/live/main`}
      stage={stage.stage}
      message={stage.message}
    />
  );
}

interface ListToolsProps {
  readonly store: AdminStore;
  readonly total: number;
  readonly shown: number;
}

function ListTools({ store, total, shown }: ListToolsProps) {
  const filter = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      filter.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="list-tools">
      <span class="quiet" role="status">
        {store.filter.value === '' ? '' : `${formatCount(shown)} of ${formatCount(total)}`}
      </span>
      <input
        ref={filter}
        class="input"
        type="search"
        placeholder="Filter by name ( / )"
        aria-label="Filter by name"
        value={store.filter.value}
        onInput={(event) => {
          store.filter.value = event.currentTarget.value;
        }}
      />
      <select
        class="input"
        aria-label="Order"
        value={store.sort.value}
        onChange={(event) => {
          store.sort.value = event.currentTarget.value as StreamSort;
        }}
      >
        {sorts.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
