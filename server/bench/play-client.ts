import { amfGet, amfObject, asNumber, asString } from '../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { ChunkWriter, chunkStreamId } from '../rtmp/chunk-writer.ts';
import { decodeCommand, encodeCommand } from '../rtmp/command.ts';
import { HANDSHAKE_BYTES } from '../rtmp/handshake.ts';
import { messageType } from '../rtmp/message.ts';
import { encodeUserControl, userControlEvent } from '../rtmp/user-control.ts';
import type { ByteSink } from './byte-sink.ts';
import { ChunkScanner } from './chunk-scanner.ts';
import { readU32 } from './frame-mark.ts';
import type { MediaCheck } from './media-check.ts';

const PACKET = 1536;
const BUFFER_LENGTH_MS = 3000;

export interface PlayTarget {
  readonly host: string;
  readonly port: number;
  readonly app: string;
  readonly name: string;
}

/** C0 and C1, sent as soon as the socket is open. */
export const playGreeting: Uint8Array = Uint8Array.from({ length: 1 + PACKET }, (_, i) => (i === 0 ? 3 : 0));

/**
 * One RTMP player that looks at every message and keeps none. Our client session would put each together first, which
 * with hundreds of players is work that takes time from the measurement.
 */
export class PlayClient implements ByteSink {
  readonly scanner: ChunkScanner;
  readonly #target: PlayTarget;
  readonly #write: (bytes: Uint8Array) => void;
  #received = 0;
  #acknowledged = 0;
  #window = Number.POSITIVE_INFINITY;
  #error: string | undefined;

  constructor(target: PlayTarget, check: MediaCheck, write: (bytes: Uint8Array) => void) {
    this.#target = target;
    this.#write = write;
    this.scanner = new ChunkScanner(check, (typeId, lead) => this.#onMessage(typeId, lead));
  }

  push(bytes: Uint8Array, start: number, end: number): string | undefined {
    let at = start;
    if (this.#received < HANDSHAKE_BYTES) {
      at += Math.min(HANDSHAKE_BYTES - this.#received, end - at);
      if (this.#received + at - start === HANDSHAKE_BYTES) this.#write(connectBytes(this.#target));
    }
    this.#received += end - start;
    const error = this.scanner.push(bytes, at, end) ?? this.#error;
    if (this.#received - this.#acknowledged >= this.#window / 2) this.#acknowledge();
    return error;
  }

  #onMessage(typeId: number, lead: Uint8Array): void {
    if (typeId === messageType.commandAmf0) this.#onCommand(lead);
    else if (typeId === messageType.windowAckSize && lead.length >= 4) this.#window = readU32(lead, 0);
    else if (typeId === messageType.userControl && lead[1] === userControlEvent.pingRequest) {
      const body = encodeUserControl({ event: userControlEvent.pingResponse, value: readU32(lead, 2) });
      this.#write(encode([chunkStreamId.control, messageType.userControl, 0, body]));
    }
  }

  #onCommand(lead: Uint8Array): void {
    const message = { typeId: messageType.commandAmf0, timestamp: 0, messageStreamId: 0, chunkStreamId: 3 };
    const command = decodeCommand({ ...message, body: lead });
    if (command?.name === '_result' && command.transactionId === 1) this.#write(createStreamBytes);
    else if (command?.name === '_result' && command.transactionId === 2) {
      this.#write(playBytes(this.#target.name, asNumber(command.args[0]) ?? 1));
    } else if (command?.name === '_error' || asString(amfGet(command?.args[0], 'level')) === 'error') {
      this.#error = `refused: ${asString(amfGet(command?.args[0], 'code'))}`;
    }
  }

  #acknowledge(): void {
    this.#acknowledged = this.#received;
    const body = new ByteWriter(4).u32(this.#received >>> 0).finish();
    this.#write(encode([chunkStreamId.control, messageType.acknowledgement, 0, body]));
  }
}

type Outgoing = readonly [chunkStreamId: number, typeId: number, messageStreamId: number, body: Uint8Array];

function encode(...messages: readonly Outgoing[]): Uint8Array {
  const writer = new ChunkWriter();
  const out = new ByteWriter();
  for (const [id, typeId, messageStreamId, body] of messages) {
    writer.write(out, { chunkStreamId: id, typeId, timestamp: 0, messageStreamId, body });
  }
  return out.finish();
}

/** C2 and connect. */
function connectBytes({ host, port, app }: PlayTarget): Uint8Array {
  const tcUrl = `rtmp://${host}:${port}/${app}`;
  const object = amfObject({ app, flashVer: 'LNX 9,0,124,2', tcUrl, fpad: false, capabilities: 15 });
  const connect = encode([
    chunkStreamId.connection,
    messageType.commandAmf0,
    0,
    encodeCommand('connect', 1, object),
  ]);
  const bytes = new Uint8Array(PACKET + connect.length);
  bytes.set(connect, PACKET);
  return bytes;
}

const createStreamBytes = encode([
  chunkStreamId.connection,
  messageType.commandAmf0,
  0,
  encodeCommand('createStream', 2, null),
]);

function playBytes(name: string, id: number): Uint8Array {
  const bufferLength = {
    event: userControlEvent.setBufferLength,
    value: id,
    bufferLengthMs: BUFFER_LENGTH_MS,
  };
  return encode(
    [chunkStreamId.stream, messageType.commandAmf0, id, encodeCommand('play', 3, null, name, -2)],
    [chunkStreamId.control, messageType.userControl, 0, encodeUserControl(bufferLength)],
  );
}
