import type { AmfLimits } from '../../shared/amf/amf-budget.ts';
import { amfObject } from '../../shared/amf/amf-value.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { RateLimit } from '../../shared/net/rate-limit.ts';
import { decodeCommand, type RtmpCommand } from './command.ts';
import { capsEx } from './enhanced-capabilities.ts';
import { HANDSHAKE_BYTES, ServerHandshake } from './handshake.ts';
import type { HandshakeCrypto } from './handshake-digest.ts';
import { HeldMessages } from './held-messages.ts';
import { amfLimits, defaultRtmpLimits, LimitError, type LimitName, type RtmpLimits } from './limits.ts';
import { isMediaType, toMediaEvent } from './media-message.ts';
import { isControlType, messageType, type RtmpMessage } from './message.ts';
import { redactQuery } from './redact-query.ts';
import { RtmpProtocolError } from './rtmp-protocol-error.ts';
import { RtmpWire } from './rtmp-wire.ts';
import { connectCommands, sendConnectError, sendConnectSuccess } from './server-connect.ts';
import { type CommandHandler, type NetStream, ServerContext, statusObject } from './server-context.ts';
import { playCommands, sendPlayComplete, sendPlayEnd, sendPlayStart } from './server-play.ts';
import { endPublish, publishCommands, sendPublishStart } from './server-publish.ts';
import type { SessionEvent } from './session-event.ts';
import { type SessionInfo, sessionInfo } from './session-info.ts';
import { isSharedObjectType, sharedObjectName } from './shared-object.ts';
import { type Status, statusCode } from './status-code.ts';
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
export class ServerSession {
  readonly #wire: RtmpWire;
  readonly #context: ServerContext;
  readonly #held: HeldMessages;
  readonly #unknownTypes = new Set<number>();
  #handshakeTold = false;
  #dead = false;
  #droppedMedia = 0;
  #nowMs: number | undefined;
  readonly #commands: RateLimit;
  readonly #requests: RateLimit;
  readonly #data: RateLimit;
  readonly #pings: RateLimit;
  readonly #amfLimits: AmfLimits;

  constructor(options: ServerSessionOptions) {
    const limits = { ...defaultRtmpLimits, ...options.limits };
    const outChunkSize = options.outChunkSize ?? 60_000;
    if (!(outChunkSize >= 128 && outChunkSize <= 65_536)) throw new Error(`out chunk size ${outChunkSize}`);
    const handshake = new ServerHandshake(options.crypto);
    this.#wire = new RtmpWire({
      handshake,
      limits,
      boundOutput: true,
      mayAnswerControl: () => this.#mayAnswerControl(),
    });
    this.#context = new ServerContext(this.#wire, limits, outChunkSize);
    this.#held = new HeldMessages(limits);
    this.#commands = new RateLimit(limits.maxCommandsPerSecond, limits.maxCommandBurst);
    this.#requests = new RateLimit(limits.maxRequestsPerSecond, limits.maxRequestBurst);
    this.#data = new RateLimit(limits.maxDataPerSecond, limits.maxDataBurst);
    this.#pings = new RateLimit(limits.maxPingsPerSecond, limits.maxPingBurst);
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
    return this.#droppedMedia;
  }

  /** What was negotiated, with secrets taken out. */
  get info(): SessionInfo {
    return sessionInfo(this.#wire, this.#context.connectRequest, this.#droppedMedia);
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
    this.#nowMs = nowMs;
    if (!this.#dead) this.#wire.receive(bytes);
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
      const { connection } = this.#context;
      // Cut wrongly, the first long message is the connect: its sender waits for an answer, always to number 1.
      if (connection === 'new' && error instanceof RtmpProtocolError && error.likelyCause !== undefined) {
        this.#context.connection = 'connect-pending';
        this.#context.connectTransactionId = 1;
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
    const { events } = this.#context;
    for (;;) {
      if (events.length > 0) return events.shift();
      if (!this.#handshakeTold && this.#wire.handshake !== undefined) {
        this.#handshakeTold = true;
        return { type: 'handshake-done', kind: this.#wire.handshake };
      }
      const held = this.#context.undecided ? undefined : this.#held.shift();
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
    if (this.#context.connection !== 'new') return;
    const most = HANDSHAKE_BYTES + this.#context.limits.maxBytesBeforeConnect;
    if (this.#wire.bytesReceived <= most) return;
    throw new LimitError('too-large', 'maxBytesBeforeConnect', 'too much was sent before a connect');
  }

  /** Acts on a message. Media is given back directly, everything else leaves events in the context. */
  #handle(message: RtmpMessage): SessionEvent | undefined {
    const context = this.#context;
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
      if (!this.#mayNow(this.#commands)) throw tooManyCommands();
      context.events.push({ type: 'shared-object', name: redactQuery(sharedObjectName(message)) });
    } else if (!this.#unknownTypes.has(message.typeId)) {
      this.#unknownTypes.add(message.typeId);
      context.events.push({ type: 'unknown-message', typeId: message.typeId });
    }
    return undefined;
  }

  #handleMedia(message: RtmpMessage): SessionEvent | undefined {
    const publisher = this.#context.publisher;
    if (publisher?.id === message.messageStreamId && publisher.state === 'publishing') {
      const isMedia = message.typeId === messageType.audio || message.typeId === messageType.video;
      if (!isMedia && !this.#mayNow(this.#data)) return this.#drop('maxDataPerSecond');
      const event = toMediaEvent(message);
      if (event !== undefined) return event;
    }
    this.#droppedMedia += 1;
    return undefined;
  }

  #drop(limit: LimitName): undefined {
    this.#droppedMedia += 1;
    this.#context.events.push({ type: 'limit-reached', limit });
  }

  #handleCommand(command: RtmpCommand): void {
    const context = this.#context;
    const { name, transactionId, messageStreamId } = command;
    if (!this.#mayNow(this.#commands)) throw tooManyCommands();
    context.events.push({ type: 'command', name, transactionId, messageStreamId });
    if (context.connection === 'refused') return;
    if (context.connection === 'new' && name !== 'connect') {
      throw new ProtocolError('out-of-order', `${redactQuery(name)} before connect`);
    }
    if ((name === 'publish' || name === 'play') && !this.#mayNow(this.#requests)) {
      throw new LimitError('too-many', 'maxRequestsPerSecond', 'too many publish and play requests');
    }
    const handler = handlers.get(name);
    // An unknown call gets an empty result: for FFmpeg an _error would be the end (`_checkbw`, FCSubscribe...).
    if (handler === undefined) context.reply(command);
    else handler(context, command);
  }

  #mayAnswerControl(): boolean {
    if (this.#mayNow(this.#pings)) return true;
    this.#context.events.push({ type: 'limit-reached', limit: 'maxPingsPerSecond' });
    return false;
  }

  #mayNow(limit: RateLimit): boolean {
    return this.#nowMs === undefined || limit.take(this.#nowMs);
  }

  #handleControl(message: RtmpMessage): void {
    const { events } = this.#context;
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

  /** Grants the connect. */
  acceptConnect(): boolean {
    if (this.#context.connection !== 'connect-pending') return false;
    this.#context.connection = 'connected';
    sendConnectSuccess(this.#context);
    return true;
  }

  /** Refuses the connect; nothing more is taken from the client. Flush, then close. */
  rejectConnect(code: string, description: string): boolean {
    if (this.#context.connection !== 'connect-pending') return false;
    // OBS keeps the reason of an _error to itself; of a failed stream it shows it.
    this.sendStatus(0, { level: 'error', code: statusCode.streamFailed, description });
    this.#context.connection = 'refused';
    sendConnectError(this.#context, code, description);
    return true;
  }

  /** Refuses the connect with a step of a login, which clients look for in the _error. */
  rejectForLogin(description: string): boolean {
    if (this.#context.connection !== 'connect-pending') return false;
    this.#context.connection = 'refused';
    sendConnectError(this.#context, statusCode.connectRejected, description);
    return true;
  }

  /** Grants a publish: sends Publish.Start, and from now on media of this message stream comes out. */
  acceptPublish(messageStreamId: number): boolean {
    const stream = this.#stream(messageStreamId, 'publish-pending');
    if (stream === undefined) return false;
    stream.state = 'publishing';
    sendPublishStart(this.#context, stream);
    return true;
  }

  /** Refuses a publish with an error status. The client may ask again, but encoders expect a close after it. */
  rejectPublish(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'publish-pending');
    if (stream === undefined) return false;
    endPublish(this.#context, stream);
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Ends an accepted publish from our side (kick, takeover, drain) with an error status. Flush, then close. */
  endPublish(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'publishing');
    if (stream === undefined) return false;
    endPublish(this.#context, stream);
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Grants a play: StreamBegin, Play.Reset if it was asked for, Play.Start. Media may follow at once. */
  acceptPlay(messageStreamId: number): boolean {
    const stream = this.#stream(messageStreamId, 'play-pending');
    if (stream === undefined) return false;
    stream.state = 'playing';
    sendPlayStart(this.#context, stream);
    return true;
  }

  /** Refuses a play with an error status. */
  rejectPlay(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'play-pending');
    if (stream === undefined) return false;
    stream.state = 'idle';
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Ends an accepted play because its stream is over: UnpublishNotify, StreamEOF, Play.Stop. */
  endPlay(messageStreamId: number, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'playing');
    if (stream === undefined) return false;
    stream.state = 'idle';
    sendPlayEnd(this.#context, stream, description);
    return true;
  }

  /** Ends an accepted play that lasted as long as was asked for: StreamEOF, Play.Stop. */
  completePlay(messageStreamId: number): boolean {
    const stream = this.#stream(messageStreamId, 'playing');
    if (stream === undefined) return false;
    stream.state = 'idle';
    sendPlayComplete(this.#context, stream);
    return true;
  }

  /** Ends an accepted play with an error status. */
  failPlay(messageStreamId: number, code: string, description: string): boolean {
    const stream = this.#stream(messageStreamId, 'playing');
    if (stream === undefined) return false;
    stream.state = 'idle';
    this.sendStatus(messageStreamId, { level: 'error', code, description });
    return true;
  }

  /** Tells a player that nothing comes for now: the publisher's line dropped. */
  sendStreamDry(messageStreamId: number): void {
    this.#wire.sendUserControl({ event: userControlEvent.streamDry, value: messageStreamId });
  }

  /** Refuses a createStream. */
  rejectCreateStream(transactionId: number, code: string, description: string): void {
    const status = statusObject({ level: 'error', code, description });
    this.#wire.sendCommand(0, '_error', transactionId, null, status);
  }

  /** Any other status, for example Play.PublishNotify or Play.InsufficientBW. */
  sendStatus(messageStreamId: number, status: Status): void {
    this.#context.sendStatus(messageStreamId, status);
  }

  /** Whether the client said that it understands a request to connect again. */
  get canReconnect(): boolean {
    const { connection, connectRequest } = this.#context;
    return (
      connection === 'connected' && ((connectRequest?.capabilities?.capsEx ?? 0) & capsEx.reconnect) !== 0
    );
  }

  /**
   * Asks the client to connect again, to `tcUrl` or where it is now, and leaves the choice of the moment to it: serve it
   * until it goes. False, and nothing sent, for a client that did not say it would understand (capsEx bit 0).
   */
  requestReconnect(request: { readonly tcUrl?: string; readonly description: string }): boolean {
    if (!this.canReconnect) return false;
    const code = statusCode.connectReconnectRequest;
    this.#wire.sendCommand(0, 'onStatus', 0, null, amfObject({ level: 'status', code, ...request }));
    return true;
  }

  /** Asks the client for a sign of life; it comes as a `pong` with the same number. */
  ping(timestampMs: number): void {
    this.#wire.sendUserControl({ event: userControlEvent.pingRequest, value: timestampMs >>> 0 });
  }

  /**
   * Says why the connection is about to be closed, in the form that fits its state: an `_error` for a connect without
   * answer, else an error status on the stream in use. Says nothing when the client cannot have understood yet.
   */
  fail(code: string, description: string): void {
    const context = this.#context;
    if (context.connection === 'connect-pending') {
      this.rejectConnect(statusCode.connectRejected, description);
    } else if (context.connection === 'connected') {
      const inUse = context.publisher ?? [...context.streams.values()].find(({ state }) => state !== 'idle');
      this.sendStatus(inUse?.id ?? 0, { level: 'error', code, description });
      if (context.publisher !== undefined) endPublish(context, context.publisher);
      context.connection = 'refused';
    }
  }

  #stream(id: number, state: NetStream['state']): NetStream | undefined {
    const stream = this.#context.streams.get(id);
    return stream?.state === state ? stream : undefined;
  }
}
