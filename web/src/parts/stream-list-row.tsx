import { useSignal } from '@preact/signals';
import { kickStream } from '../api/client.ts';
import { StreamRow } from '../components/stream-row.tsx';
import { endConsequence, type KickPause } from '../format/consequences.ts';
import { streamPath } from '../router.ts';
import { historyMs, type StreamRecord } from '../state/admin-state.ts';
import { clock } from '../state/clock.ts';
import { streamHealth } from '../state/stream-list.ts';
import { streamLinks, unknownPorts } from '../stream-links.ts';
import { StreamPreview } from './stream-preview.tsx';

/** One stream in the list, with its preview and its end. */
export function StreamListRow({
  record,
  linked,
  kickPause,
}: {
  readonly record: StreamRecord;
  /** False on the stream's own page. */
  readonly linked: boolean;
  readonly kickPause: KickPause | null;
}) {
  const { stream, history } = record;
  const previewing = useSignal(false);
  const links = streamLinks(stream.name, location, unknownPorts);
  return (
    <StreamRow
      stream={stream}
      health={streamHealth(stream)}
      history={history}
      historyMs={historyMs}
      now={clock}
      pageHref={linked ? streamPath(stream.name) : null}
      watchHref={links.watchPath}
      preview={previewing.value ? <StreamPreview stream={stream} mediaPath={links.previewPath} /> : null}
      onTogglePreview={() => {
        previewing.value = !previewing.value;
      }}
      endConsequence={endConsequence(stream.name, stream.viewers.total, kickPause)}
      onKick={() => kickStream(stream.name)}
    />
  );
}
