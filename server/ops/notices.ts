import type { Notice } from '../../shared/contract/live-feed.ts';
import { type ProgramHints, programName } from '../../shared/media/program-name.ts';
import type { HubEvent } from '../hub/hub-event.ts';
import type { HubView } from '../hub/hub-view.ts';
import type { SessionSnapshot } from '../hub/snapshot.ts';

/** What happened lately, in sentences for the dashboard. */
export interface Notices {
  /** Oldest first. */
  list(): readonly Notice[];
  /** Calls `listener` with each new notice, and with the id of each that is true no more, until the returned function is called. */
  subscribe(listener: (news: NoticeNews) => void): () => void;
  /** Turns the hub's events into notices until the returned function is called. */
  watch(hub: HubView): () => void;
  /** An encoder is connected and has not published yet: said until it is known what becomes of it. */
  connecting(encoder: Encoder): void;
  /** It is known what became of a connection, and said elsewhere. */
  settled(id: string): void;
  /** A connection is gone. */
  left(encoder: Encoder): void;
  /** Somebody was turned away; `message` is the refusal's sentence. */
  refused(what: { stream: string | null; address: string; message: string }): void;
  /** Media arrives and reaches nobody; `message` says why. */
  dropped(what: { stream: string | null; address: string; message: string }): void;
  /** A connection ended by a fault. */
  failed(what: { stream: string | null; address: string; message: string }): void;
}

export type NoticeNews =
  | { readonly type: 'notice'; readonly notice: Notice }
  | { readonly type: 'notice-gone'; readonly id: number };

interface Encoder {
  /** Of its connection, and of what it publishes. */
  readonly id: string;
  readonly address: string;
  readonly userAgent: string | null;
}

/** As many as a dashboard shows without paging. */
const KEPT = 50;

type NewNotice = Pick<Notice, 'kind' | 'stream' | 'message'>;

export function createNotices(wallMs: () => number = Date.now): Notices {
  const listeners = new Set<(news: NoticeNews) => void>();
  /** Notice of each connection of which nobody knows yet what it came for. */
  const open = new Map<string, number>();
  let kept: Notice[] = [];
  let lastId = 0;

  function add(news: NewNotice): void {
    lastId += 1;
    const notice: Notice = { id: lastId, at: new Date(wallMs()).toISOString(), ...news };
    // An encoder that is refused every few seconds must not push everything else off the list.
    kept = [...kept.filter((old) => !isSame(old, notice)), notice].slice(-KEPT);
    for (const listener of listeners) listener({ type: 'notice', notice });
  }

  function takeBack(id: number): void {
    // Another connection may have said the same since: that notice stays for it.
    if (!kept.some((notice) => notice.id === id)) return;
    kept = kept.filter((notice) => notice.id !== id);
    for (const listener of listeners) listener({ type: 'notice-gone', id });
  }

  /** Says again who is on air, now by the name of its program. */
  function rename(stream: string, session: SessionSnapshot): void {
    const old = kept.findLast((notice) => notice.stream === stream && isOnAir(notice.kind));
    if (!old || !isOnAir(old.kind)) return;
    const message = onAir(old.kind, stream, session);
    if (message === old.message) return;
    takeBack(old.id);
    add({ kind: old.kind, stream, message });
  }

  /** True when it was open until now. */
  function settle(connection: string): boolean {
    const id = open.get(connection);
    if (id === undefined) return false;
    open.delete(connection);
    takeBack(id);
    return true;
  }

  return {
    list: () => kept,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch: (hub) =>
      hub.subscribeEvents((event) => {
        if (event.type === 'encoder-named') rename(event.stream, event.session);
        const news = describeEvent(event);
        if (!news) return;
        if ('session' in event) settle(event.session.id);
        add(news);
      }),
    connecting({ id, address, userAgent }) {
      add({
        kind: 'connecting',
        stream: null,
        message: `An encoder connected from ${address}${asProgram({ userAgent, encoder: null })} and has not published yet.`,
      });
      // The same program from the same address has one notice, the newest.
      open.set(id, lastId);
    },
    settled: (id) => void settle(id),
    left({ id, address, userAgent }) {
      if (!settle(id)) return;
      add({
        kind: 'failed',
        stream: null,
        message: `${address}${asProgram({ userAgent, encoder: null })} connected and left without publishing.`,
      });
    },
    refused: ({ stream, address, message }) =>
      add({ kind: 'refused', stream, message: `${address}: ${message}` }),
    dropped: ({ stream, address, message }) =>
      add({ kind: 'dropped', stream, message: `${address}: ${message}` }),
    failed: ({ stream, address, message }) =>
      add({ kind: 'failed', stream, message: `${address}: ${message}` }),
  };
}

function isSame(a: NewNotice, b: NewNotice): boolean {
  return a.kind === b.kind && a.stream === b.stream && a.message === b.message;
}

/** Viewers come and go by the hundred: they are counted, not announced. */
function describeEvent(event: HubEvent): NewNotice | undefined {
  const { stream, type } = event;
  switch (type) {
    case 'published':
    case 'resumed':
      return { kind: type, stream, message: onAir(type, stream, event.session) };
    case 'interrupted':
      return {
        kind: type,
        stream,
        message: `The encoder of ${stream} dropped. Viewers are held for ${Math.round(event.graceMs / 1000)} s.`,
      };
    case 'ended':
      return { kind: type, stream, message: `${stream} ended: ${event.reason}.` };
    case 'warning':
    case 'warning-over':
    case 'encoder-named':
    case 'changed':
    case 'viewer-joined':
    case 'viewer-left':
      return undefined;
    default:
      return type satisfies never;
  }
}

type OnAir = 'published' | 'resumed';

const isOnAir = (kind: Notice['kind']): kind is OnAir => kind === 'published' || kind === 'resumed';

const onAir = (kind: OnAir, stream: string, { address, ...hints }: SessionSnapshot): string =>
  `${stream} is ${kind === 'published' ? 'on air' : 'back'}, from ${address}${asProgram(hints)}.`;

function asProgram(hints: ProgramHints): string {
  const program = programName(hints);
  return program === null ? '' : ` (${program})`;
}
