import type { AdminFeedMessage, Notice } from '../../../shared/contract/live-feed.ts';
import type { ServerInfo } from '../../../shared/contract/server-info.ts';
import type { Stream } from '../../../shared/contract/streams.ts';

/** One measured bitrate, for the sparkline. */
export interface RatePoint {
  readonly atMs: number;
  readonly kbps: number;
}

export interface StreamRecord {
  readonly stream: Stream;
  /** Bitrate in over the last minute, oldest first. */
  readonly history: readonly RatePoint[];
}

/** Everything the dashboard knows, as the feed told it. */
export interface AdminState {
  /** `lost`: what follows is what was known before, and is drawn as such. */
  readonly connection: 'connecting' | 'open' | 'lost';
  /** When the connection was lost. */
  readonly lostAtMs: number | null;
  readonly server: ServerInfo | null;
  readonly streams: ReadonlyMap<string, StreamRecord>;
  /** Newest first. */
  readonly notices: readonly Notice[];
}

export const emptyAdminState: AdminState = {
  connection: 'connecting',
  lostAtMs: null,
  server: null,
  streams: new Map(),
  notices: [],
};

/** What all sparklines show: they share one time axis. */
export const historyMs = 60_000;
/** Points closer than this say nothing new: the feed also speaks between its seconds. */
const historyStepMs = 500;
const maxNotices = 50;

/** The state after a burst of messages. */
export function applyFeedMessages(
  state: AdminState,
  messages: readonly AdminFeedMessage[],
  nowMs: number,
): AdminState {
  return messages.reduce((next, message) => applyFeedMessage(next, message, nowMs), state);
}

/** The state after the feed was lost: every value stays. */
export function loseFeed(state: AdminState, nowMs: number): AdminState {
  return { ...state, connection: 'lost', lostAtMs: state.lostAtMs ?? nowMs };
}

function applyFeedMessage(state: AdminState, message: AdminFeedMessage, nowMs: number): AdminState {
  switch (message.type) {
    case 'hello':
      return {
        connection: 'open',
        lostAtMs: null,
        server: message.server,
        streams: new Map(
          message.streams.map((stream) => [stream.name, nextRecord(state.streams, stream, nowMs)]),
        ),
        notices: message.notices.toSorted((a, b) => b.id - a.id),
      };
    case 'stream': {
      const streams = new Map(state.streams);
      streams.set(message.stream.name, nextRecord(state.streams, message.stream, nowMs));
      return { ...state, streams };
    }
    case 'gone': {
      const streams = new Map(state.streams);
      streams.delete(message.name);
      return { ...state, streams };
    }
    case 'server':
      return { ...state, server: message.server };
    case 'notice':
      return { ...state, notices: withNotice(state.notices, message.notice) };
    case 'notice-gone':
      return { ...state, notices: state.notices.filter(({ id }) => id !== message.id) };
    default:
      // A page that stayed open while the server was updated hears what it does not know yet.
      message satisfies never;
      return state;
  }
}

function nextRecord(streams: ReadonlyMap<string, StreamRecord>, stream: Stream, nowMs: number): StreamRecord {
  const before = streams.get(stream.name);
  // Another publish of the same name starts another line.
  const history = before?.stream.startedAt === stream.startedAt ? before.history : [];
  const recent = history.filter((point) => point.atMs > nowMs - historyMs);
  const last = recent.at(-1);
  const isNew = last === undefined || nowMs - last.atMs >= historyStepMs;
  return { stream, history: isNew ? [...recent, { atMs: nowMs, kbps: stream.kbpsIn }] : recent };
}

/** The server sends the same trouble again under a new number instead of piling it up: so does this list. */
function withNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  const others = notices.filter(
    (old) => old.kind !== notice.kind || old.stream !== notice.stream || old.message !== notice.message,
  );
  return [notice, ...others].slice(0, maxNotices);
}
