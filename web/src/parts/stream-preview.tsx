import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Stream } from '../../../shared/contract/streams.ts';
import { Player, type PlayerStatus } from '../player/player.ts';

export interface StreamPreviewProps {
  readonly stream: Stream;
  readonly mediaPath: string;
}

/** A small muted player, with the same recovery as the large one. */
export function StreamPreview({ stream, mediaPath }: StreamPreviewProps) {
  const stage = useRef<HTMLDivElement>(null);
  const player = useRef<Player | null>(null);
  const status = useSignal<PlayerStatus | null>(null);

  useEffect(() => {
    const made = new Player({
      mediaPath,
      transport: 'ws',
      engine: null,
      track: 0,
      muted: true,
      onChange: (next) => {
        status.value = next;
      },
    });
    player.current = made;
    stage.current?.append(made.video, made.freeze.canvas);
    made.start();
    return () => {
      player.current = null;
      made.destroy();
      made.video.remove();
      made.freeze.canvas.remove();
    };
  }, [mediaPath, status]);

  useEffect(() => {
    player.current?.feed(stream.state, stream.startedAt);
  }, [stream.state, stream.startedAt]);

  const view = status.value?.view;
  const words = view === undefined || view.state === 'live' ? null : (view.message ?? view.state);
  return (
    <div
      class="preview"
      data-state={view?.state}
      data-latency={view?.latency?.toFixed(2)}
      data-engine={status.value?.stats.engine ?? undefined}
    >
      <div class="preview-stage" ref={stage} />
      {words !== null && <span class="preview-words">{words}</span>}
    </div>
  );
}
