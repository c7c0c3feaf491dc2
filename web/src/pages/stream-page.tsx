import type { Track } from '../../../shared/contract/streams.ts';
import { CopyField } from '../components/copy-field.tsx';
import { NoticeList } from '../components/notice-list.tsx';
import { formatBytes } from '../format/numbers.ts';
import { SessionPanel } from '../parts/session-panel.tsx';
import { StreamListRow } from '../parts/stream-list-row.tsx';
import type { StreamRecord } from '../state/admin-state.ts';
import type { AdminStore } from '../state/admin-store.ts';
import { clock } from '../state/clock.ts';
import { streamLinks, unknownPorts } from '../stream-links.ts';

export interface StreamPageProps {
  readonly store: AdminStore;
  readonly name: string;
}

/** /admin/streams/{name}: one stream, who is connected to it, and its addresses. */
export function StreamPage({ store, name }: StreamPageProps) {
  const { streams, notices, server, connection } = store.state.value;
  if (connection === 'connecting') return <p class="quiet panel-note">Connecting to the server.</p>;
  const record = streams.get(name);
  const kickPause = server?.kickPause ?? null;
  const links = streamLinks(name, location, server ?? unknownPorts);
  const own = notices.filter((notice) => notice.stream === name);
  return (
    <>
      <p class="crumbs">
        <a href="/admin">Streams</a> <span class="quiet">/</span> <span class="mono">{name}</span>
      </p>
      {record === undefined ? (
        <section class="guide">
          <h1>
            <span class="mono">{name}</span> is not live
          </h1>
          <p class="quiet guide-lead">This page follows it as soon as it is.</p>
        </section>
      ) : (
        <ul class="stream-rows">
          <StreamListRow record={record} linked={false} kickPause={kickPause} />
        </ul>
      )}
      {record !== undefined && <Publisher record={record} />}
      <section aria-labelledby="links-title">
        <h2 id="links-title" class="section-title">
          Addresses
        </h2>
        <div class="link-grid">
          <CopyField label="Watch page" text={links.watch} />
          <CopyField label="Player alone" text={links.embed} />
          <CopyField label="Embed code" text={links.embedCode} />
          <CopyField label="HTTP-FLV" text={links.httpFlv} />
          <CopyField label="WebSocket-FLV" text={links.wsFlv} />
          <CopyField label="RTMP" text={links.rtmp} />
          {links.rtmps !== null && <CopyField label="RTMP over TLS" text={links.rtmps} />}
        </div>
      </section>
      {own.length > 0 && (
        <section aria-labelledby="lately-title">
          <h2 id="lately-title" class="section-title">
            Lately
          </h2>
          <NoticeList notices={own} now={clock} />
        </section>
      )}
      {record !== undefined && (
        <section aria-labelledby="sessions-title">
          <h2 id="sessions-title" class="section-title">
            Sessions
          </h2>
          <SessionPanel stream={name} kickPause={kickPause} emptyText="Nobody is connected to this stream." />
        </section>
      )}
    </>
  );
}

function Publisher({ record }: { readonly record: StreamRecord }) {
  const { publisher, bytesIn, bytesOut, gopCacheBytes, tracks } = record.stream;
  const encoder =
    publisher === null ? 'gone, may return' : (publisher.program ?? publisher.userAgent ?? 'unnamed');
  const facts: readonly (readonly [label: string, value: string, raw?: string | null])[] = [
    ['Encoder', encoder, publisher?.userAgent],
    ['From', publisher === null ? '–' : `${publisher.address} over ${publisher.protocol}`],
    ['Received', text(bytesIn)],
    ['Sent', text(bytesOut)],
    ['Kept for newcomers', text(gopCacheBytes)],
    ...trackFacts(tracks),
  ];
  return (
    <section aria-label="Publisher">
      <dl class="facts">
        {facts.map(([label, value, raw]) => (
          <div key={label} title={raw ?? undefined}>
            <dt class="label">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** One line, and only where there is something to choose from with ?track=ID. */
function trackFacts(tracks: readonly Track[]): (readonly [string, string])[] {
  if (!tracks.some(({ id }) => id > 0)) return [];
  return [['Tracks', tracks.map(({ kind, id, codec }) => `${kind} ${id} ${codec}`).join(', ')]];
}

function text(bytes: number): string {
  const { value, unit } = formatBytes(bytes);
  return `${value} ${unit}`;
}
