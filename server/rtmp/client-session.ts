import { type AmfValue, amfGet, amfObject, asNumber, asString } from '../../shared/amf/amf-value.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { chunkStreamId } from './chunk-writer.ts';
import { decodeCommand, type RtmpCommand } from './command.ts';
import { type EnhancedCapabilities, readCapabilities, writeCapabilities } from './enhanced-capabilities.ts';
import { ClientHandshake } from './handshake.ts';
import type { HandshakeCrypto } from './handshake-digest.ts';
import { defaultRtmpLimits, type RtmpLimits } from './limits.ts';
import { isMediaType, mediaTypeId, toMediaEvent } from './media-message.ts';
import { messageType, type RtmpMessage } from './message.ts';
import { RtmpWire } from './rtmp-wire.ts';
import type { MediaEvent } from './session-event.ts';
import { type Status, statusCode } from './status-code.ts';
import { decodeUserControl, userControlEvent } from './user-control.ts';

export interface ClientSessionOptions {
  readonly crypto: HandshakeCrypto;
  readonly app: string;
  readonly tcUrl: string;
  /** How we introduce ourselves; servers take `FMLE/` for an encoder. */
  readonly flashVer?: string;
  readonly outChunkSize?: number;
  /** Shake hands with digests. */
  readonly digest?: boolean;
  readonly limits?: Partial<RtmpLimits>;
  /** What we say of Enhanced RTMP; without it, nothing. */
  readonly capabilities?: EnhancedCapabilities;
  /** Further properties of connect. */
  readonly properties?: Readonly<Record<string, AmfValue>>;
}

/** What a server is to do with what we publish: `record` and `append` ask it to keep it as a file. */
export type PublishType = 'live' | 'record' | 'append';

/** How to play, in milliseconds as FFmpeg and librtmp write them. A live server has no position. */
export interface PlayOptions {
  /** -2000 live or recorded, -1000 live, else a position. */
  readonly startMs?: number;
  readonly durationMs?: number;
  /** False: after what plays now, instead of in its place. */
  readonly reset?: boolean;
  /** Asks with FCSubscribe first, as the edges of some content networks want it. */
  readonly subscribe?: boolean;
  /** What we say that we buffer; a server of recordings sends so much ahead. */
  readonly bufferLengthMs?: number;
}

/** What a client session saw its server do. */
export type ClientEvent =
  /** `capabilities`: what the server said of Enhanced RTMP. */
  | { readonly type: 'connected'; readonly capabilities: EnhancedCapabilities | undefined }
  | { readonly type: 'publish-started'; readonly messageStreamId: number }
  | { readonly type: 'play-started'; readonly messageStreamId: number }
  /** Connect, publish or play was refused. `redirect`: the server wants us to go there instead. */
  | {
      readonly type: 'refused';
      readonly code: string;
      readonly description: string;
      readonly redirect?: string;
    }
  /** Any other status; of level error when the server ends what had started. */
  | ({ readonly type: 'status' } & Status)
  /** The server wants us to connect again when it suits us, to `tcUrl` or to the same address. */
  | {
      readonly type: 'reconnect-requested';
      readonly tcUrl: string | undefined;
      readonly description: string;
    }
  | { readonly type: 'stream-eof' }
  /** Nothing comes for now: the publisher's line dropped. */
  | { readonly type: 'stream-dry' }
  /** The server answered a `ping` of ours. */
  | { readonly type: 'pong'; readonly timestampMs: number }
  | MediaEvent;

// Each command has its own number, so that an answer says what it answers.
const transaction = {
  connect: 1,
  createStream: 2,
  releaseStream: 3,
  fcPublish: 4,
  begin: 5,
  end: 6,
  subscribe: 7,
} as const;

/** Commands without which there is no stream: an error is the end. To the others many servers answer one that means nothing. */
const vital: ReadonlySet<number> = new Set([
  transaction.connect,
  transaction.createStream,
  transaction.begin,
]);

const BUFFER_LENGTH_MS = 3000;
const ACK_WINDOW = 5_000_000;

/**
 * The client's end of one RTMP connection, without I/O: it publishes or plays one stream, as politely as FFmpeg does.
 * `takeOutput` has the first bytes from the start; `publish` or `play` may be called at once and is carried out when the
 * server allows it.
 */
export class ClientSession {
  readonly #options: ClientSessionOptions;
  readonly #wire: RtmpWire;
  readonly #events: ClientEvent[] = [];
  #connection: 'handshake' | 'connecting' | 'connected' | 'refused' = 'handshake';
  #purpose: 'publish' | 'play' | undefined;
  #name = '';
  #publishType: PublishType = 'live';
  #play: PlayOptions = {};
  #messageStreamId: number | undefined;
  /** createStream was sent and its result is awaited. */
  #creating = false;
  #started = false;
  #dead = false;

  constructor(options: ClientSessionOptions) {
    const limits = { ...defaultRtmpLimits, ...options.limits };
    const handshake = new ClientHandshake(options.crypto, { digest: options.digest ?? false });
    this.#options = options;
    this.#wire = new RtmpWire({ handshake, limits, boundOutput: false });
  }

  get bytesReceived(): number {
    return this.#wire.bytesReceived;
  }

  /** Bytes that wait to be taken. A publisher that outruns its line sees this grow. */
  get pendingOutputBytes(): number {
    return this.#wire.pendingOutputBytes;
  }

  /** Sequence number of the server's last acknowledgement. */
  get bytesAcknowledged(): number {
    return this.#wire.bytesAcknowledged;
  }

  /** Takes bytes of the socket, in any pieces. They may change once `nextEvent` has given `undefined`. */
  receive(bytes: Uint8Array): void {
    if (!this.#dead) this.#wire.receive(bytes);
  }

  /** The next thing that happened. Throws `RtmpProtocolError` when the server broke the protocol. */
  nextEvent(): ClientEvent | undefined {
    if (this.#dead) return undefined;
    try {
      for (;;) {
        if (this.#events.length > 0) return this.#events.shift();
        if (this.#connection === 'handshake' && this.#wire.handshake !== undefined) this.#connect();
        const message = this.#wire.next();
        if (message === undefined) return undefined;
        const media = this.#guard(message);
        if (media !== undefined) return media;
      }
    } catch (error) {
      this.#dead = true;
      throw error;
    }
  }

  /** Everything that is to be written now, in one array. */
  takeOutput(): Uint8Array | undefined {
    return this.#wire.takeOutput();
  }

  /** Asks to publish. `publish-started` or `refused` follows; no media before. */
  publish(name: string, type: PublishType = 'live'): void {
    this.#publishType = type;
    this.#begin('publish', name);
  }

  /** Asks to play. `play-started` or `refused` follows. */
  play(name: string, options: PlayOptions = {}): void {
    this.#play = options;
    this.#begin('play', name);
  }

  /** Stops and resumes what is played; `positionMs` is the last time that was shown. */
  pause(paused: boolean, positionMs = 0): void {
    this.#sendToPlay('pause', paused, positionMs);
  }

  /** Asks for sound or pictures of what is played, or to be spared them. */
  want(kind: 'audio' | 'video', wanted: boolean): void {
    this.#sendToPlay(kind === 'audio' ? 'receiveAudio' : 'receiveVideo', wanted);
  }

  /** Asks to go on from a position of a recording; a live server plays on. */
  seek(positionMs: number): void {
    this.#sendToPlay('seek', positionMs);
  }

  /** Asks the server for a sign of life; it comes as a `pong` with the same number. */
  ping(timestampMs: number): void {
    this.#wire.sendUserControl({ event: userControlEvent.pingRequest, value: timestampMs >>> 0 });
  }

  #sendToPlay(name: string, ...values: AmfValue[]): void {
    if (this.#purpose !== 'play' || this.#messageStreamId === undefined)
      throw new Error(`${name} before play`);
    this.#wire.sendCommand(this.#messageStreamId, name, 0, null, ...values);
  }

  /** Sends audio, video or data. A data body is sent as given: begin it with `@setDataFrame` for a server to keep it. */
  sendMedia(kind: 'audio' | 'video' | 'data', timestamp: number, body: Uint8Array): void {
    const messageStreamId = this.#messageStreamId;
    if (this.#purpose !== 'publish' || !this.#started || messageStreamId === undefined) {
      throw new Error('media before publish-started');
    }
    this.#wire.send({
      chunkStreamId: chunkStreamId[kind],
      typeId: mediaTypeId[kind],
      timestamp,
      messageStreamId,
      body,
    });
  }

  /** Ends the publish or play in good order. Flush, then close. */
  stop(): void {
    const id = this.#messageStreamId;
    if (id === undefined) return;
    if (this.#purpose === 'publish')
      this.#wire.sendCommand(0, 'FCUnpublish', transaction.end, null, this.#name);
    this.#wire.sendCommand(0, 'deleteStream', 0, null, id);
    this.#messageStreamId = undefined;
    this.#started = false;
  }

  #connect(): void {
    const { app, tcUrl, flashVer, outChunkSize, capabilities, properties } = this.#options;
    this.#connection = 'connecting';
    this.#wire.setChunkSize(outChunkSize ?? 4096);
    const object = amfObject({
      app,
      type: 'nonprivate',
      flashVer: flashVer ?? 'FMLE/3.0 (compatible; Sluice)',
      tcUrl,
      ...(capabilities && writeCapabilities(capabilities)),
      ...properties,
    });
    this.#wire.sendCommand(0, 'connect', transaction.connect, object);
  }

  #begin(purpose: 'publish' | 'play', name: string): void {
    if (this.#purpose !== undefined) throw new Error('a client session publishes or plays one stream');
    this.#purpose = purpose;
    this.#name = name;
    if (this.#connection === 'connected') this.#askForStream();
  }

  #askForStream(): void {
    const wire = this.#wire;
    if (this.#purpose === 'publish') {
      wire.sendCommand(0, 'releaseStream', transaction.releaseStream, null, this.#name);
      wire.sendCommand(0, 'FCPublish', transaction.fcPublish, null, this.#name);
    } else {
      wire.setAckWindow(ACK_WINDOW);
      if (this.#play.subscribe) {
        wire.sendCommand(0, 'FCSubscribe', transaction.subscribe, null, this.#name);
      }
    }
    this.#creating = true;
    wire.sendCommand(0, 'createStream', transaction.createStream, null);
  }

  #useStream(id: number): void {
    const wire = this.#wire;
    this.#messageStreamId = id;
    if (this.#purpose === 'publish') {
      wire.sendCommand(id, 'publish', transaction.begin, null, this.#name, this.#publishType);
    } else {
      const { startMs = -2000, durationMs, reset, bufferLengthMs = BUFFER_LENGTH_MS } = this.#play;
      const rest =
        durationMs === undefined && reset === undefined ? [] : [durationMs ?? -1000, reset ?? true];
      wire.sendCommand(id, 'play', transaction.begin, null, this.#name, startMs, ...rest);
      wire.sendUserControl({ event: userControlEvent.setBufferLength, value: id, bufferLengthMs });
    }
  }

  #guard(message: RtmpMessage): MediaEvent | undefined {
    try {
      return this.#handle(message);
    } catch (error) {
      if (error instanceof ProtocolError) throw this.#wire.messageError(error, message);
      throw error;
    }
  }

  #handle(message: RtmpMessage): MediaEvent | undefined {
    if (isMediaType(message.typeId)) {
      const wanted = this.#purpose === 'play' && message.messageStreamId === this.#messageStreamId;
      return wanted ? toMediaEvent(message) : undefined;
    }
    if (message.typeId === messageType.userControl) {
      const control = decodeUserControl(message.body);
      if (control?.event === userControlEvent.streamEof) this.#events.push({ type: 'stream-eof' });
      if (control?.event === userControlEvent.streamDry) this.#events.push({ type: 'stream-dry' });
      if (control?.event === userControlEvent.pingResponse) {
        this.#events.push({ type: 'pong', timestampMs: control.value });
      }
    } else if (message.typeId === messageType.commandAmf0 || message.typeId === messageType.commandAmf3) {
      const command = decodeCommand(message);
      if (command !== undefined) this.#handleCommand(command);
    }
    return undefined;
  }

  #handleCommand(command: RtmpCommand): void {
    if (command.name === '_result') this.#onResult(command);
    else if (command.name === '_error') this.#onError(command);
    else if (command.name === 'onStatus') this.#onStatus(command);
  }

  // Some servers answer everything with transaction 0: then what is awaited tells what is answered.
  #onResult({ transactionId, object, args }: RtmpCommand): void {
    const isFor = (asked: number): boolean => transactionId === asked || transactionId === 0;
    if (this.#connection === 'connecting' && isFor(transaction.connect)) {
      this.#connection = 'connected';
      this.#events.push({ type: 'connected', capabilities: readCapabilities(object) });
      if (this.#purpose !== undefined) this.#askForStream();
    } else if (this.#creating && isFor(transaction.createStream)) {
      const id = asNumber(args[0]);
      if (id === undefined && transactionId === 0) return;
      this.#creating = false;
      if (id === undefined) throw new ProtocolError('bad-value', 'a createStream result without id');
      this.#useStream(id);
    }
  }

  #onError({ transactionId, args }: RtmpCommand): void {
    if (this.#started || !vital.has(transactionId)) return;
    const { code, description } = readStatus(args[0]);
    const redirect = readRedirect(args[0]);
    this.#connection = 'refused';
    this.#events.push({
      type: 'refused',
      code: code || statusCode.callFailed,
      description,
      ...(redirect !== undefined && { redirect }),
    });
  }

  #onStatus({ args }: RtmpCommand): void {
    const status = readStatus(args[0]);
    const messageStreamId = this.#messageStreamId;
    if (status.code === statusCode.connectReconnectRequest) {
      const tcUrl = asString(amfGet(args[0], 'tcUrl'));
      this.#events.push({ type: 'reconnect-requested', tcUrl, description: status.description });
      return;
    }
    // While we connect, what counts is the answer to that.
    const startCode = this.#purpose === 'publish' ? statusCode.publishStart : statusCode.playStart;
    if (status.code === startCode && !this.#started && messageStreamId !== undefined) {
      this.#started = true;
      this.#events.push({ type: `${this.#purpose ?? 'play'}-started`, messageStreamId });
    } else if (status.level === 'error' && !this.#started && this.#connection === 'connected') {
      this.#events.push({ type: 'refused', code: status.code, description: status.description });
    } else {
      this.#events.push({ type: 'status', ...status });
    }
  }
}

/** Flash Media Server and SRS send a client elsewhere by a refusal of its connect with 302 and an address. */
function readRedirect(info: AmfValue): string | undefined {
  const details = amfGet(info, 'ex');
  return asNumber(amfGet(details, 'code')) === 302 ? asString(amfGet(details, 'redirect')) : undefined;
}

function readStatus(info: AmfValue): Status {
  const level = asString(amfGet(info, 'level'));
  return {
    level: level === 'error' || level === 'warning' ? level : 'status',
    code: asString(amfGet(info, 'code')) ?? '',
    description: asString(amfGet(info, 'description')) ?? '',
  };
}
