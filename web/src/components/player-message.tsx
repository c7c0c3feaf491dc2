import { formatClock } from '../format/numbers.ts';
import { CopyField } from './copy-field.tsx';
import { Icon } from './icon.tsx';

export interface PlayerMessageProps {
  readonly state: string;
  readonly reason: string | null;
  /** The server's or the engine's own words. */
  readonly message: string | null;
  readonly retryInMs: number | null;
  readonly stillMs: number | null;
  readonly hasPicture: boolean;
  readonly name: string;
  readonly urls: { readonly httpFlv: string; readonly rtmp: string };
  /** Where else something may be live. */
  readonly listHref: string | null;
  /** When somebody whom the operator sent away may return. */
  readonly sentAway: { readonly untilMs: number; readonly isOver: boolean } | null;
  readonly onRetry: () => void;
}

interface Words {
  readonly title: string;
  readonly text: string;
}

/** What is happening while there is no moving picture, and what comes next. Nothing while all is well. */
export function PlayerMessage(props: PlayerMessageProps) {
  const words = wordsFor(props);
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

function wordsFor({ state, reason, message, hasPicture, sentAway }: PlayerMessageProps): Words | null {
  switch (state) {
    case 'offline':
      return hasPicture
        ? { title: 'Off air', text: 'The stream is not live at the moment. The picture returns by itself.' }
        : { title: 'Not live yet', text: 'This page starts by itself.' };
    case 'connecting':
      return reason === 'waiting-for-picture'
        ? { title: 'Almost there', text: 'The encoder is connected. Waiting for its first picture.' }
        : { title: 'Connecting', text: 'Fetching the live picture.' };
    case 'buffering':
      return { title: 'Buffering', text: 'The line is slower than the stream. Waiting for more.' };
    case 'reconnecting':
      return reconnectWords(reason, message);
    case 'ended':
      return { title: 'The stream has ended', text: 'If it comes back, this page starts by itself.' };
    case 'unsupported':
      return {
        title: 'This browser cannot play it',
        text: `${message ?? 'The format is not supported.'} Another player can: open one of these addresses in VLC.`,
      };
    case 'error':
      return sentAway === null ? errorWords(reason, message) : sentAwayWords(reason, sentAway.untilMs);
    default:
      return null;
  }
}

function reconnectWords(reason: string | null, message: string | null): Words {
  switch (reason) {
    case 'publisher-interrupted':
      return { title: 'Signal lost', text: "The broadcaster's line dropped. The picture returns with it." };
    case 'publisher-silent':
      return {
        title: 'No signal',
        text: 'The broadcaster is connected and sends nothing. The picture returns with it.',
      };
    case 'server-restarting':
      return { title: 'The server is restarting', text: 'The picture returns when it is back.' };
    case 'unreachable':
      return { title: 'The server does not answer', text: 'Your network or the server is down.' };
    case 'stalled':
      return { title: 'The picture stopped', text: 'No new frames came. Opening the stream again.' };
    case 'media':
      return { title: 'The picture broke', text: 'The data could not be decoded. Opening the stream again.' };
    case 'refused':
      return { title: 'Not let in yet', text: message ?? 'The server refused the connection for now.' };
    default:
      return { title: 'Connection lost', text: 'Opening the stream again.' };
  }
}

function sentAwayWords(reason: string | null, untilMs: number): Words {
  // Who asks anew may be somebody else behind the same address.
  const whom = reason === 'kicked' ? 'you' : 'you, or for somebody at your address';
  return {
    title: 'Ended by the operator',
    text: `The operator ended this for ${whom}. You can come back at ${formatClock(untilMs)}.`,
  };
}

function errorWords(reason: string | null, message: string | null): Words {
  switch (reason) {
    case 'kicked':
      return { title: 'Ended by the operator', text: message ?? 'The operator closed this connection.' };
    case 'media':
      return {
        title: 'This stream cannot be played',
        text: `Its data could not be decoded several times in a row${message === null ? '.' : ` (${message}).`}`,
      };
    default:
      return { title: 'The server refused', text: message ?? 'It gave no reason.' };
  }
}
