import type { AmfLimits } from '../../shared/amf/amf-budget.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { decodeCommand, type RtmpCommand } from './command.ts';
import { HANDSHAKE_BYTES, ServerHandshake } from './handshake.ts';
import type { HandshakeCrypto } from './handshake-digest.ts';
import { HeldMessages } from './held-messages.ts';
import { amfLimits, defaultRtmpLimits, LimitError, type LimitName, type RtmpLimits } from './limits.ts';
import { isMediaType, toMediaEvent } from './media-message.ts';
import { routeMedia } from './media-route.ts';
import { isControlType, messageType, type RtmpMessage } from './message.ts';
import { redactQuery } from './redact-query.ts';
import { RtmpProtocolError } from './rtmp-protocol-error.ts';
import { RtmpWire } from './rtmp-wire.ts';
import { ServerAnswers } from './server-answers.ts';
import { connectCommands } from './server-connect.ts';
import { type CommandHandler, ServerContext } from './server-context.ts';
import { playCommands } from './server-play.ts';
import { publishCommands } from './server-publish.ts';
import type { SessionEvent } from './session-event.ts';
import { type SessionInfo, sessionInfo } from './session-info.ts';
import { sessionNote } from './session-note.ts';
import { SessionRates } from './session-rates.ts';
import { isSharedObjectType, sharedObjectName } from './shared-object.ts';
import { decodeUserControl, userControlEvent } from './user-control.ts';

export interface ServerSessionOptions {
  readonly crypto: HandshakeCrypto;
  readonly limits?: Partial<RtmpLimits>;
  /**
   * What our chunks hold, announced with the answer to connect. FFmpeg publishers use the announced size for their own
   * chunks, so a large one saves work on both sides; 60000 is what SRS sends to the same clients.
   */
  readonly outChunkSize?: number;
}

const handlers: ReadonlyMap<string, CommandHandler> = new Map(
  Object.entries({ ...connectCommands, ...publishCommands, ...playCommands }),
);

const tooManyCommands = () => new LimitError('too-many', 'maxCommandsPerSecond', 'too many commands');

/**
 * The server's end of one RTMP connection, without I/O. Feed what the socket gives with `receive`, take events with
 * `nextEvent` until there is none, then write what `takeOutput` gives. Connect, publish and play wait for the
 * application's answer, given now or later: until a connect or publish is decided, the client's messages are held
 * (media only up to a bound). Every answering method says whether the question was still open.
 */
export class ServerSession extends ServerAnswers {
  readonly #wire: RtmpWire;
  readonly #held: HeldMessages;
  readonly #unknownTypes = new Set<number>();
  #handshakeTold = false;
  #dead = false;
  readonly #rates: SessionRates;
  readonly #amfLimits: AmfLimits;

  constructor(options: ServerSessionOptions) {
    const limits = { ...defaultRtmpLimits, ...options.limits };
    const outChunkSize = options.outChunkSize ?? 60_000;
    if (!(outChunkSize >= 128 && outChunkSize <= 65_536)) throw new Error(`out chunk size ${outChunkSize}`);
    const handshake = new ServerHandshake(options.crypto);
    const rates = new SessionRates(limits);
    const mayAnswerControl = () => this.#mayAnswerControl();
    const wire = new RtmpWire({ handshake, limits, boundOutput: true, mayAnswerControl });
    super(new ServerContext(wire, limits, outChunkSize));
    this.#wire = wire;
    this.#rates = rates;
    this.#held = new HeldMessages(limits);
    this.#amfLimits = amfLimits(limits);
  }

  /** The chunk size of what we send: 128 until connect is accepted. */
  get outChunkSize(): number {
    return this.#wire.outChunkSize;
  }

  get bytesReceived(): number {
    return this.#wire.bytesReceived;
  }

  /** Audio, video and data that came without an accepted publish. */
  get droppedMedia(): number {
    return this.context.dropped.count;
  }

  /** What was negotiated, with secrets taken out. */
  get info(): SessionInfo {
    return sessionInfo(this.#wire, this.context.connectRequest, this.droppedMedia);
  }

  /** Memory held by messages that are not whole. */
  get partialBytes(): number {
    return this.#wire.partialBytes;
  }

  /**
   * Takes bytes of the socket, in any pieces. They may change once `nextEvent` has given `undefined`. `nowMs` is the time, of
   * any clock that never goes back; without it, how often something comes is not judged.
   */
  receive(bytes: Uint8Array, nowMs?: number): void {
    this.#rates.nowMs = nowMs;
    if (!this.#dead) this.#wire.receive(bytes);
  }

  /** Time passes, also while nothing comes. Call it a few times a second. True: something has to be told by now, and is an event. */
  passTime(nowMs: number): boolean {
    const { dropped, publisher, events } = this.context;
    const due = this.#dead ? undefined : dropped.due(nowMs);
    if (due === undefined) return false;
    events.push(sessionNote(due.reason, { given: due.messageStreamId, own: publisher?.id ?? 0 }));
    return true;
  }

  /**
   * The next thing that happened, `undefined` when more bytes are needed. Throws `RtmpProtocolError` when the client
   * broke the protocol; after that the session takes nothing in, but can still say why (`fail`).
   */
  nextEvent(): SessionEvent | undefined {
    if (this.#dead) return undefined;
    try {
      return this.#advance();
    } catch (error) {
      this.#dead = true;
      const { connection } = this.context;
      // Cut wrongly, the first long message is the connect: its sender waits for an answer, always to number 1.
      if (connection === 'new' && error instanceof RtmpProtocolError && error.likelyCause !== undefined) {
        this.context.connection = 'connect-pending';
        this.context.connectTransactionId = 1;
      }
      throw error;
    }
  }

  /** Takes nothing in any more and lets go of what was half received. What is to be written can still be taken. */
  close(): void {
    this.#dead = true;
    this.#wire.close();
  }

  /** Everything that is to be written now, in one array. */
  takeOutput(): Uint8Array | undefined {
    return this.#wire.takeOutput();
  }

  #advance(): SessionEvent | undefined {
    const { events } = this.context;
    for (;;) {
      if (events.length > 0) return events.shift();
      if (!this.#handshakeTold && this.#wire.handshake !== undefined) {
        this.#handshakeTold = true;
        return { type: 'handshake-done', kind: this.#wire.handshake };
      }
      const held = this.context.undecided ? undefined : this.#held.shift();
      const message = held ?? this.#wire.next();
      if (message === undefined) {
        this.#checkBeforeConnect();
        return undefined;
      }
      try {
        const media = this.#handle(message);
        if (media !== undefined) return media;
      } catch (error) {
        if (error instanceof ProtocolError) throw this.#wire.messageError(error, message);
        throw error;
      }
    }
  }

  /** All that came has been looked at. */
  #checkBeforeConnect(): void {
    if (this.context.connection !== 'new') return;
    const most = HANDSHAKE_BYTES + this.context.limits.maxBytesBeforeConnect;
    if (this.#wire.bytesReceived <= most) return;
    throw new LimitError('too-large', 'maxBytesBeforeConnect', 'too much was sent before a connect');
  }

  /** Acts on a message. Media is given back directly, everything else leaves events in the context. */
  #handle(message: RtmpMessage): SessionEvent | undefined {
    const context = this.context;
    if (isControlType(message.typeId)) {
      this.#handleControl(message);
    } else if (context.undecided) {
      const limit = this.#held.push(message);
      if (limit !== undefined) this.#drop(limit);
    } else if (isMediaType(message.typeId)) {
      return this.#handleMedia(message);
    } else if (message.typeId === messageType.commandAmf0 || message.typeId === messageType.commandAmf3) {
      const command = decodeCommand(message, this.#amfLimits);
      if (command !== undefined) this.#handleCommand(command);
    } else if (isSharedObjectType(message.typeId)) {
      if (!this.#rates.mayCommand()) throw tooManyCommands();
      context.events.push({ type: 'shared-object', name: redactQuery(sharedObjectName(message)) });
    } else if (!this.#unknownTypes.has(message.typeId)) {
      this.#unknownTypes.add(message.typeId);
      context.events.push({ type: 'unknown-message', typeId: message.typeId });
    }
    return undefined;
  }

  #handleMedia(message: RtmpMessage): SessionEvent | undefined {
    const { context } = this;
    const { typeId, messageStreamId } = message;
    const route = routeMedia(context, messageStreamId);
    if (route !== 'own' && route !== 'elsewhere') {
      context.dropped.add(route, messageStreamId, this.#rates.nowMs);
      return undefined;
    }
    const isMedia = typeId === messageType.audio || typeId === messageType.video;
    if (!isMedia && !this.#rates.mayData()) return this.#drop('maxDataPerSecond');
    const event = toMediaEvent(message);
    if (event === undefined) {
      context.dropped.addOther();
      return undefined;
    }
    if (route === 'elsewhere')
      context.note('media-elsewhere', { given: messageStreamId, own: context.publisher?.id ?? 0 });
    context.endedInVain = undefined;
    return event;
  }

  #drop(limit: LimitName): undefined {
    this.context.dropped.addOther();
    this.context.events.push({ type: 'limit-reached', limit });
  }

  #handleCommand(command: RtmpCommand): void {
    const context = this.context;
    const { name, transactionId, messageStreamId } = command;
    if (!this.#rates.mayCommand()) throw tooManyCommands();
    context.events.push({ type: 'command', name, transactionId, messageStreamId });
    if (context.connection === 'refused') return;
    if (context.connection === 'new' && name !== 'connect') {
      throw new ProtocolError('out-of-order', `${redactQuery(name)} before connect`);
    }
    if ((name === 'publish' || name === 'play') && !this.#rates.mayRequest()) {
      throw new LimitError('too-many', 'maxRequestsPerSecond', 'too many publish and play requests');
    }
    const handler = handlers.get(name);
    // An unknown call gets an empty result: for FFmpeg an _error would be the end (`_checkbw`, FCSubscribe...).
    if (handler === undefined) context.reply(command);
    else handler(context, command);
  }

  #mayAnswerControl(): boolean {
    if (this.#rates.mayPing()) return true;
    this.context.events.push({ type: 'limit-reached', limit: 'maxPingsPerSecond' });
    return false;
  }

  #handleControl(message: RtmpMessage): void {
    const { events } = this.context;
    if (message.typeId !== messageType.userControl) {
      const control = this.#wire.decodeControl(message);
      if (control === undefined) return;
      const isAck = control.name === 'acknowledgement';
      events.push(isAck ? { type: 'ack', bytes: control.bytes } : { type: 'control', message: control });
      return;
    }
    const control = decodeUserControl(message.body);
    if (control === undefined) return;
    const { event, value } = control;
    if (event === userControlEvent.pingResponse) events.push({ type: 'pong', timestampMs: value });
    else if (control.bufferLengthMs === undefined) events.push({ type: 'user-control', event, value });
    else
      events.push({ type: 'buffer-length', messageStreamId: value, bufferLengthMs: control.bufferLengthMs });
  }
}
