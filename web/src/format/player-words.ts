import { formatClock } from './numbers.ts';

/** What the page knows while it has no moving picture to show. */
export interface PlayerSituation {
  readonly state: string;
  readonly reason: string | null;
  /** The server's or the engine's own words. */
  readonly message: string | null;
  /** A picture was there at some time. */
  readonly hasPicture: boolean;
  /** The stream has no picture, as far as is known. */
  readonly soundOnly: boolean;
  /** When somebody whom the operator sent away may return. */
  readonly sentAway: { readonly untilMs: number } | null;
}

export interface Words {
  readonly title: string;
  readonly text: string;
}

/** What is happening, and what comes next. Null while all is well. */
export function playerWords(situation: PlayerSituation): Words | null {
  const { reason, message, hasPicture, sentAway } = situation;
  switch (situation.state) {
    case 'offline':
      return hasPicture
        ? { title: 'Off air', text: 'The stream is not live at the moment. The picture returns by itself.' }
        : { title: 'Not live yet', text: 'This page starts by itself.' };
    case 'connecting':
      return connectWords(situation);
    case 'buffering':
      return bufferWords(reason);
    case 'reconnecting':
      return reconnectWords(situation);
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

function connectWords({ reason, soundOnly }: PlayerSituation): Words {
  switch (reason) {
    case 'waiting-for-picture':
      return { title: 'Almost there', text: 'The encoder is connected. Waiting for its first picture.' };
    case 'waiting-for-start':
      return {
        title: 'Waiting for a whole picture',
        text: 'Data arrives, but so far only changes to earlier pictures. The encoder sends a whole one now and then.',
      };
    case 'comes-in-pieces':
      return {
        title: 'Waiting for the second picture',
        text: 'The encoder sends pictures rarely. Playback starts with the next one.',
      };
    case 'crowded':
      return {
        title: 'Waiting for a free connection',
        text: 'A browser opens six connections to one server, and other players hold them. This one starts when one of them is closed.',
      };
    case 'server-restarting':
      return { title: 'The server is restarting', text: 'The stream starts when it is back.' };
    default:
      return {
        title: 'Connecting',
        text: soundOnly ? 'Fetching the live sound.' : 'Fetching the live picture.',
      };
  }
}

function bufferWords(reason: string | null): Words {
  switch (reason) {
    case 'waiting-for-sound':
      return {
        title: 'Waiting for the sound',
        text: 'Pictures arrive without the sound that belongs to them.',
      };
    case 'comes-in-pieces':
      return {
        title: 'Waiting for the next piece',
        text: 'The encoder sends rarely, and much at a time. Playback is smooth once the page knows its rhythm.',
      };
    case 'nothing-comes':
      return { title: 'Buffering', text: 'Nothing new has come for a moment. Waiting for more.' };
    default:
      return { title: 'Buffering', text: 'The line is slower than the stream. Waiting for more.' };
  }
}

function reconnectWords({ reason, message, hasPicture }: PlayerSituation): Words {
  switch (reason) {
    case 'publisher-interrupted':
      return { title: 'Signal lost', text: "The broadcaster's line dropped. The picture returns with it." };
    case 'publisher-silent':
      return {
        title: 'No signal',
        text: "The broadcaster's encoder is connected and sends nothing. The picture returns when it sends again.",
      };
    case 'server-restarting':
      return { title: 'The server is restarting', text: 'The picture returns when it is back.' };
    case 'unreachable':
      return { title: 'The server does not answer', text: 'Your network or the server is down.' };
    case 'stalled':
      return hasPicture
        ? { title: 'The picture stopped', text: 'Nothing new came. Opening the stream again.' }
        : { title: 'Still nothing to show', text: 'The stream did not start. Opening it again.' };
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

/** What a viewer is told beside a picture or a sound that plays. Null: nothing. */
export function playerNote(view: {
  readonly state: string;
  readonly leftOut: string | null;
  readonly soundOnly: boolean;
  readonly pictureStillMs: number | null;
}): string | null {
  if (view.state !== 'live' && view.state !== 'buffering') return null;
  if (view.pictureStillMs !== null)
    return `The picture has stood still for ${Math.floor(view.pictureStillMs / 1000)} s; sound goes on.`;
  if (view.leftOut === null) return null;
  return `${view.leftOut} ${view.soundOnly ? 'The sound plays without it.' : 'The picture plays without it.'}`;
}
