import type { AmfValue } from '../../shared/amf/amf-value.ts';
import { amfObject } from '../../shared/amf/amf-value.ts';
import type { RtmpCommand } from './command.ts';
import { DroppedMedia } from './dropped-media.ts';
import type { RtmpLimits } from './limits.ts';
import type { RtmpWire } from './rtmp-wire.ts';
import type { ConnectRequest, NotPossible, SessionEvent } from './session-event.ts';
import { type SessionNoteCode, sessionNote } from './session-note.ts';
import type { Status } from './status-code.ts';

/** A message stream of a connection, as the server sees it. */
export interface NetStream {
  readonly id: number;
  state: 'idle' | 'publish-pending' | 'publishing' | 'play-pending' | 'playing';
  /** Raw name of what is published or played. */
  name: string;
  /** A play that asked for Play.Reset. */
  reset: boolean;
  /** A publish or a play was asked for on it, so whatever comes on it means that. */
  asked: boolean;
}

/** Handles one command: answers, changes the context, leaves events in it. */
export type CommandHandler = (context: ServerContext, command: RtmpCommand) => void;

/** Command name to handler. */
export type CommandTable = Readonly<Record<string, CommandHandler>>;

/** The state of a server session, shared by the files that each handle one concern of it. */
export class ServerContext {
  readonly wire: RtmpWire;
  readonly limits: RtmpLimits;
  readonly outChunkSize: number;
  readonly events: SessionEvent[] = [];
  readonly streams = new Map<number, NetStream>();
  connection: 'new' | 'connect-pending' | 'connected' | 'refused' = 'new';
  connectRequest: ConnectRequest | undefined;
  connectTransactionId = 0;
  /** The message stream that publishes or waits for leave to; a connection has at most one. */
  publisher: NetStream | undefined;
  /** A publish was accepted at some time. */
  hasPublished = false;
  /** The raw name of an FCPublish, empty if it had none: onFCPublish is owed when the publish is accepted. */
  announced: string | undefined;
  /** The command by which the client may believe that it has ended its publish, which it named wrongly. Media proves that it does not. */
  endedInVain: string | undefined;
  readonly dropped = new DroppedMedia();
  readonly #noted = new Set<SessionNoteCode>();
  #lastStreamId = 0;

  constructor(wire: RtmpWire, limits: RtmpLimits, outChunkSize: number) {
    this.wire = wire;
    this.limits = limits;
    this.outChunkSize = outChunkSize;
  }

  /** Commands and media have to wait for an answer of the application. */
  get undecided(): boolean {
    return this.connection === 'connect-pending' || this.publisher?.state === 'publish-pending';
  }

  /** The message streams on which something is published, played or asked for. */
  get inUse(): NetStream[] {
    return [...this.streams.values()].filter(({ state }) => state !== 'idle');
  }

  /** The stream of this id, made if need be; `undefined` when there are too many. */
  openStream(id: number): NetStream | undefined {
    const known = this.streams.get(id);
    if (known !== undefined) return known;
    if (this.streams.size >= this.limits.maxMessageStreams) {
      this.events.push({ type: 'limit-reached', limit: 'maxMessageStreams' });
      return undefined;
    }
    const stream: NetStream = { id, state: 'idle', name: '', reset: false, asked: false };
    this.streams.set(id, stream);
    return stream;
  }

  /** A stream under the next free id. 1 is the first: replayed clients count on it. */
  createStream(): NetStream | undefined {
    let id = this.#lastStreamId + 1;
    while (this.streams.has(id)) id += 1;
    const stream = this.openStream(id);
    if (stream !== undefined) this.#lastStreamId = id;
    return stream;
  }

  /** Leaves it to the application to say why a request cannot be granted. */
  notPossible(request: NotPossible['request'], why: NotPossible['why'], command: RtmpCommand): void {
    const { messageStreamId, transactionId } = command;
    this.events.push({ type: 'not-possible', request, why, messageStreamId, transactionId });
  }

  /** Notes something; only the first of its kind, so that nobody can flood a log with it. */
  note(code: SessionNoteCode, values: Readonly<Record<string, string | number>> = {}): void {
    if (this.#noted.has(code)) return;
    this.#noted.add(code);
    this.events.push(sessionNote(code, values));
  }

  /** Answers a command, unless it asked for no answer (GStreamer and nginx-rtmp's push use transaction 0 for that). */
  reply(command: RtmpCommand, ...values: AmfValue[]): void {
    if (command.transactionId === 0) return;
    this.wire.sendCommand(0, '_result', command.transactionId, null, ...values);
  }

  sendStatus(messageStreamId: number, status: Status): void {
    this.wire.sendCommand(messageStreamId, 'onStatus', 0, null, statusObject(status));
  }
}

/** The information object of a status message. */
export const statusObject = (status: Status): AmfValue =>
  amfObject({ level: status.level, code: status.code, description: status.description });
