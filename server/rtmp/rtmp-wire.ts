import type { AmfValue } from '../../shared/amf/amf-value.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { AggregateReader } from './aggregate.ts';
import { noBytes } from './chunk-bytes.ts';
import { type ChunkCounters, ChunkReader } from './chunk-reader.ts';
import { ChunkWriter, chunkStreamId, type OutgoingMessage } from './chunk-writer.ts';
import { type ControlMessage, decodeControlMessage, encodeControlMessage } from './control-message.ts';
import {
  type ClientHandshake,
  HANDSHAKE_BYTES,
  type HandshakeKind,
  type ServerHandshake,
} from './handshake.ts';
import { hexAround } from './hex-around.ts';
import { LimitError, type RtmpLimits } from './limits.ts';
import { isControlType, messageType, type RtmpMessage } from './message.ts';
import { RtmpProtocolError } from './rtmp-protocol-error.ts';
import { decodeUserControl, encodeUserControl, type UserControl, userControlEvent } from './user-control.ts';

export interface RtmpWireOptions {
  readonly handshake: ServerHandshake | ClientHandshake;
  readonly limits: RtmpLimits;
  /** Treat it as the peer's fault when too much output waits: right when all of it answers the peer. */
  readonly boundOutput: boolean;
  /** Whether one more ping, or change of the bandwidth, may be answered now; without it each one is. */
  mayAnswerControl?(): boolean;
}

/**
 * What both ends of a connection have in common, below commands: handshake, chunks both ways, acknowledgements,
 * chunk sizes, pings, aggregates. Bytes in, messages out; messages in, bytes out.
 */
export class RtmpWire {
  readonly #handshake: ServerHandshake | ClientHandshake;
  readonly #limits: RtmpLimits;
  readonly #boundOutput: boolean;
  readonly #mayAnswerControl: () => boolean;
  readonly #reader: ChunkReader;
  readonly #writer = new ChunkWriter();
  #out = new ByteWriter(0);
  #aggregate: AggregateReader | undefined;
  #failure: RtmpProtocolError | undefined;

  #bytesReceived = 0;
  #bytesAcknowledged = 0;
  #lastAckAt = 0;
  #peerAckWindow: number | undefined;
  #ackWindow = 0;
  /** A ping has been answered into the output that nobody has taken. */
  #pongWaits = false;

  constructor(options: RtmpWireOptions) {
    this.#handshake = options.handshake;
    this.#limits = options.limits;
    this.#boundOutput = options.boundOutput;
    this.#mayAnswerControl = () => options.mayAnswerControl?.() ?? true;
    this.#reader = new ChunkReader(options.limits, HANDSHAKE_BYTES);
    this.#takeHandshakeOutput();
  }

  /** Which handshake it was, once it is over. */
  get handshake(): HandshakeKind | undefined {
    return this.#handshake.done ? this.#handshake.kind : undefined;
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  /** Sequence number (32 bits) of the peer's last acknowledgement. */
  get bytesAcknowledged(): number {
    return this.#bytesAcknowledged;
  }

  get inChunkSize(): number {
    return this.#reader.chunkSize;
  }

  get outChunkSize(): number {
    return this.#writer.chunkSize;
  }

  /** The Window Acknowledgement Size that the peer sent, if it did. */
  get peerAckWindow(): number | undefined {
    return this.#peerAckWindow;
  }

  /** The one that we sent, 0 before. */
  get ackWindow(): number {
    return this.#ackWindow;
  }

  /** Memory held by messages that are not whole. */
  get partialBytes(): number {
    return this.#reader.partialBytes;
  }

  get counters(): Readonly<ChunkCounters> {
    return this.#reader.counters;
  }

  /** Bytes that wait to be taken. */
  get pendingOutputBytes(): number {
    return this.#out.length;
  }

  /** Lets go of what was half received. */
  close(): void {
    this.#reader.close();
  }

  receive(bytes: Uint8Array): void {
    if (this.#failure !== undefined) return;
    let rest = bytes;
    if (!this.#handshake.done) {
      rest = this.#shakeHands(bytes);
      if (!this.#handshake.done) return;
    }
    this.#bytesReceived += rest.length;
    if (rest.length > 0) this.#reader.feed(rest);
    this.#acknowledge();
  }

  /** Gives the bytes that do not belong to the handshake. */
  #shakeHands(bytes: Uint8Array): Uint8Array {
    try {
      const used = this.#handshake.push(bytes);
      this.#bytesReceived += used;
      this.#takeHandshakeOutput();
      return bytes.subarray(used);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const inputOffset = this.#bytesReceived;
      const hex = hexAround(bytes, 0, inputOffset === 0);
      const diagnostic = { inputOffset, chunkSize: this.inChunkSize, hex };
      this.#failure = new RtmpProtocolError(error.code, error.message, diagnostic);
      return noBytes;
    }
  }

  #takeHandshakeOutput(): void {
    const output = this.#handshake.takeOutput();
    if (output !== undefined) this.#out.bytes(output);
  }

  /**
   * The next message, or `undefined` when more bytes are needed. Control messages have taken effect when they come
   * out; aggregates come out as their parts. Throws `RtmpProtocolError` when the peer broke the protocol.
   */
  next(): RtmpMessage | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#handshake.done) return undefined;
    for (;;) {
      const part = this.#aggregate?.next();
      if (part !== undefined) return part;
      this.#aggregate = undefined;
      const message = this.#reader.next();
      if (message === undefined) return undefined;
      if (this.#boundOutput && this.#out.length > this.#limits.maxPendingOutputBytes) {
        const text = 'the peer asks and does not read';
        throw this.messageError(new LimitError('too-many', 'maxPendingOutputBytes', text), message);
      }
      if (message.typeId === messageType.aggregate) {
        this.#aggregate = new AggregateReader(message);
        continue;
      }
      if (isControlType(message.typeId)) this.#obey(message);
      return message;
    }
  }

  /** An error about a message's content, with where in the connection it stood. */
  messageError(error: ProtocolError, message: RtmpMessage): RtmpProtocolError {
    return this.#reader.messageError(error, message);
  }

  #obey(message: RtmpMessage): void {
    if (message.typeId === messageType.userControl) {
      const control = decodeUserControl(message.body);
      if (control?.event === userControlEvent.pingRequest) this.#answerPing(control.value);
      return;
    }
    const control = this.decodeControl(message);
    if (control?.name === 'acknowledgement') this.#bytesAcknowledged = control.bytes;
    if (control?.name === 'window-ack-size') {
      this.#peerAckWindow = control.size;
      this.#acknowledge();
    }
    // 5.4.5 wants our window as the answer when it changes. It never limits what is sent: sockets do that.
    if (control?.name === 'set-peer-bandwidth') {
      const size = Math.max(control.size, this.#limits.minAckWindow);
      if (size !== this.#ackWindow && this.#mayAnswerControl()) this.setAckWindow(size);
    }
  }

  /** The control message (types 1, 2, 3, 5, 6) that a message is. */
  decodeControl(message: RtmpMessage): ControlMessage | undefined {
    try {
      return decodeControlMessage(message);
    } catch (error) {
      if (error instanceof ProtocolError) throw this.messageError(error, message);
      throw error;
    }
  }

  // One answer for all pings between two reads of the output: a flood of them buys nothing.
  #answerPing(timestampMs: number): void {
    if (this.#pongWaits || !this.#mayAnswerControl()) return;
    this.#pongWaits = true;
    this.sendUserControl({ event: userControlEvent.pingResponse, value: timestampMs });
  }

  // At half the window rather than all of it: Flash, FMLE and Wirecast stop sending at a full window, and would wait
  // for the way back. The count is kept exactly and sent modulo 2^32.
  #acknowledge(): void {
    const limits = this.#limits;
    const window = Math.max(this.#peerAckWindow ?? limits.defaultAckWindow, limits.minAckWindow);
    if (this.#bytesReceived - this.#lastAckAt < window / 2) return;
    this.#lastAckAt = this.#bytesReceived;
    this.sendControl({ name: 'acknowledgement', bytes: this.#bytesReceived >>> 0 });
  }

  send(message: OutgoingMessage): void {
    if (!this.#handshake.done) throw new Error('a message before the end of the handshake');
    this.#writer.write(this.#out, message);
  }

  sendControl(message: ControlMessage): void {
    const { typeId, body } = encodeControlMessage(message);
    this.send({ chunkStreamId: chunkStreamId.control, typeId, timestamp: 0, messageStreamId: 0, body });
  }

  sendUserControl(control: UserControl): void {
    const body = encodeUserControl(control);
    const typeId = messageType.userControl;
    this.send({ chunkStreamId: chunkStreamId.control, typeId, timestamp: 0, messageStreamId: 0, body });
  }

  /** A command or data message, AMF0, on the connection's chunk stream or the one of its message streams. */
  sendValues(typeId: number, messageStreamId: number, values: readonly AmfValue[]): void {
    const id = messageStreamId === 0 ? chunkStreamId.connection : chunkStreamId.stream;
    this.send({ chunkStreamId: id, typeId, timestamp: 0, messageStreamId, body: encodeAmf0(values) });
  }

  sendCommand(messageStreamId: number, name: string, transactionId: number, ...values: AmfValue[]): void {
    this.sendValues(messageType.commandAmf0, messageStreamId, [name, transactionId, ...values]);
  }

  /** Announces and from then on uses a chunk size. */
  setChunkSize(size: number): void {
    this.sendControl({ name: 'set-chunk-size', size });
    this.#writer.chunkSize = size;
  }

  /** Asks the peer for an acknowledgement each so many bytes. */
  setAckWindow(size: number): void {
    this.#ackWindow = size;
    this.sendControl({ name: 'window-ack-size', size });
  }

  /** All that is to be sent now, as one array that belongs to the caller. */
  takeOutput(): Uint8Array | undefined {
    if (this.#out.length === 0) return undefined;
    const output = this.#out.finish();
    this.#out = new ByteWriter(0);
    this.#pongWaits = false;
    return output;
  }
}
