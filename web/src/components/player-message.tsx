import { type PlayerSituation, playerWords } from '../format/player-words.ts';
import { CopyField } from './copy-field.tsx';
import { Icon } from './icon.tsx';

export interface PlayerMessageProps extends PlayerSituation {
  readonly retryInMs: number | null;
  readonly stillMs: number | null;
  readonly name: string;
  readonly urls: { readonly httpFlv: string; readonly rtmp: string };
  /** Where else something may be live. */
  readonly listHref: string | null;
  /** When somebody whom the operator sent away may return. */
  readonly sentAway: { readonly untilMs: number; readonly isOver: boolean } | null;
  readonly onRetry: () => void;
}

/** What is happening while there is no moving picture, and what comes next. Nothing while all is well. */
export function PlayerMessage(props: PlayerMessageProps) {
  const words = playerWords(props);
  if (words === null) return null;
  const canRetry =
    (props.state === 'error' && props.sentAway?.isOver !== false) || props.state === 'unsupported';
  return (
    <div class="player-message" data-for={props.state} role="status">
      <StateMark state={props.state} />
      {!props.hasPicture && <p class="player-message-name mono">{props.name}</p>}
      <h2>{words.title}</h2>
      <p class="player-message-text">{words.text}</p>
      {props.state === 'offline' && !props.hasPicture && props.listHref !== null && (
        <p class="player-message-text">
          Was it another one? See <a href={props.listHref}>what is live now</a>.
        </p>
      )}
      {props.state === 'reconnecting' && <p class="player-message-count">{countLine(props)}</p>}
      {props.state === 'unsupported' && (
        <div class="player-message-links">
          <CopyField label="HTTP-FLV, for VLC" text={props.urls.httpFlv} />
          <CopyField label="RTMP, for VLC" text={props.urls.rtmp} />
        </div>
      )}
      {canRetry && (
        <button type="button" class="button" onClick={props.onRetry}>
          <Icon name="retry" /> Try again
        </button>
      )}
    </div>
  );
}

function StateMark({ state }: { readonly state: string }) {
  if (state === 'error' || state === 'unsupported') return <Icon name="warning" />;
  if (state === 'ended') return <Icon name="stop" />;
  return <span class={state === 'offline' ? 'pulse' : 'spinner'} aria-hidden="true" />;
}

function countLine({ retryInMs, stillMs }: PlayerMessageProps): string {
  if (stillMs !== null) return `Waiting for ${Math.floor(stillMs / 1000)} s`;
  if (retryInMs === null || retryInMs < 100) return 'Trying now';
  return `Next try in ${(retryInMs / 1000).toFixed(1)} s`;
}
