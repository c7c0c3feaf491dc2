import { createHash, createHmac } from 'node:crypto';
import { type AmfValue, amfGet, amfObject } from '../../shared/amf/amf-value.ts';
import { ByteWriter } from '../../shared/bytes/byte-writer.ts';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { goldenBytes, goldenText } from '../../shared/testing/golden.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { ChunkWriter, type OutgoingMessage } from '../rtmp/chunk-writer.ts';
import type { ClientEvent, ClientSession } from '../rtmp/client-session.ts';
import { decodeCommand, encodeCommand, type RtmpCommand } from '../rtmp/command.ts';
import type { HandshakeCrypto } from '../rtmp/handshake-digest.ts';
import { copyMessage, type RtmpMessage } from '../rtmp/message.ts';
import type { ServerSession } from '../rtmp/server-session.ts';
import type { SessionEvent } from '../rtmp/session-event.ts';

/** Real HMAC, and random bytes that are the same in every run. */
export const testCrypto: HandshakeCrypto = {
  randomBytes: (length) => Uint8Array.from({ length }, (_, i) => (i * 167 + 13) & 0xff),
  hmacSha256: (key, data) => new Uint8Array(createHmac('sha256', key).update(data).digest()),
};

export const sha256 = (parts: readonly Uint8Array[]): string =>
  createHash('sha256').update(concatBytes(parts)).digest('hex');

export const HANDSHAKE = 3073;

/** What truth.json says of one kind of media. */
export interface MediaTruth {
  readonly messages: number;
  readonly firstTs?: number;
  readonly lastTs?: number;
  readonly maxTs?: number;
  readonly payloadBytes?: number;
  readonly payloadSha256?: string;
}

export interface CaptureTruth {
  readonly bytes: number;
  readonly messagesTotal: number;
  readonly chunksByFmt: Readonly<Record<string, number>>;
  readonly messagesStartedByType3: number;
  readonly audio: MediaTruth;
  readonly video: MediaTruth;
  readonly data: MediaTruth;
  readonly commands: readonly [string, number][];
  readonly control: readonly [number, string][];
}

export const captureTruths = JSON.parse(goldenText('captures/truth.json')) as Record<string, CaptureTruth>;

/** A captured connection from its first byte, handshake included. */
export const captureBytes = (name: string): Uint8Array => goldenBytes(`captures/${name}.bin`);

/** Sums up media in the words of truth.json. */
export function summarizeMedia(items: readonly { timestamp: number; body: Uint8Array }[]): MediaTruth {
  if (items.length === 0) return { messages: 0 };
  const times = items.map(({ timestamp }) => timestamp);
  const bodies = items.map(({ body }) => body);
  return {
    messages: items.length,
    firstTs: times[0]!,
    lastTs: times.at(-1)!,
    maxTs: Math.max(...times),
    payloadBytes: bodies.reduce((sum, body) => sum + body.length, 0),
    payloadSha256: sha256(bodies),
  };
}

/** Feeds the parts to a reader and takes every message. */
export function readAll(reader: ChunkReader, parts: readonly Uint8Array[]): RtmpMessage[] {
  const messages: RtmpMessage[] = [];
  for (const part of parts) {
    reader.feed(part);
    for (let message = reader.next(); message; message = reader.next()) {
      messages.push(copyMessage(message));
    }
    // The fed array may change from now on: whoever kept a view of it is found out.
    part.fill(0xee);
  }
  return messages;
}

/** The event with bytes of its own: those of a media event are only lent. */
export const keepEvent = <Event extends SessionEvent | ClientEvent>(event: Event): Event =>
  event.type === 'media' ? { ...event, body: event.body.slice() } : event;

/** Takes every event of a server session, granting whatever it asks for. */
export function acceptAll(session: ServerSession, seen: SessionEvent[] = []): SessionEvent[] {
  for (let event = session.nextEvent(); event; event = session.nextEvent()) {
    seen.push(keepEvent(event));
    if (event.type === 'connect-request') session.acceptConnect();
    if (event.type === 'publish-request') session.acceptPublish(event.messageStreamId);
    if (event.type === 'play-request') session.acceptPlay(event.messageStreamId);
  }
  return seen;
}

/** Takes every event that a session has. */
export function drain<Event extends SessionEvent | ClientEvent>(session: {
  nextEvent(): Event | undefined;
}): Event[] {
  const events: Event[] = [];
  for (let event = session.nextEvent(); event; event = session.nextEvent()) {
    events.push(keepEvent(event));
  }
  return events;
}

/** A client and a server joined in memory. */
export interface Joined {
  readonly client: ClientSession;
  readonly server: ServerSession;
  readonly clientEvents: ClientEvent[];
  readonly serverEvents: SessionEvent[];
  /** Carries bytes both ways until neither side has more to say. */
  settle(decide?: (event: SessionEvent) => void): void;
}

/** Joins two sessions; `cut` splits what one writes into the pieces that the other receives. */
export function joinSessions(
  client: ClientSession,
  server: ServerSession,
  cut: (bytes: Uint8Array) => readonly Uint8Array[] = (bytes) => [bytes],
): Joined {
  const clientEvents: ClientEvent[] = [];
  const serverEvents: SessionEvent[] = [];
  const settle = (decide: (event: SessionEvent) => void = () => {}): void => {
    for (let moved = true; moved; ) {
      moved = false;
      for (const piece of cut(client.takeOutput() ?? new Uint8Array(0))) {
        moved ||= piece.length > 0;
        server.receive(piece);
        for (let event = server.nextEvent(); event; event = server.nextEvent()) {
          serverEvents.push(keepEvent(event));
          decide(event);
        }
      }
      for (const piece of cut(server.takeOutput() ?? new Uint8Array(0))) {
        moved ||= piece.length > 0;
        client.receive(piece);
        clientEvents.push(...drain(client));
      }
    }
  };
  return { client, server, clientEvents, serverEvents, settle };
}

/** Grants what a joined client asks for. */
export const granting =
  (server: ServerSession) =>
  (event: SessionEvent): void => {
    if (event.type === 'connect-request') server.acceptConnect();
    if (event.type === 'publish-request') server.acceptPublish(event.messageStreamId);
    if (event.type === 'play-request') server.acceptPlay(event.messageStreamId);
  };

/** A client that says exactly what a test wants, one message at a time, to a server session. */
export class RawClient {
  readonly session: ServerSession;
  readonly events: SessionEvent[] = [];
  /** The time that the session is told, if any. */
  nowMs: number | undefined;
  readonly #writer = new ChunkWriter();
  readonly #reader = new ChunkReader(undefined, HANDSHAKE);
  #skip = HANDSHAKE;

  constructor(session: ServerSession) {
    this.session = session;
    const handshake = new Uint8Array(HANDSHAKE);
    handshake[0] = 3;
    session.receive(handshake);
  }

  send(message: Partial<OutgoingMessage> & { typeId: number; body: Uint8Array }): void {
    const out = new ByteWriter();
    this.#writer.write(out, { chunkStreamId: 3, timestamp: 0, messageStreamId: 0, ...message });
    this.session.receive(out.finish(), this.nowMs);
  }

  command(messageStreamId: number, name: string, transactionId: number, ...values: AmfValue[]): void {
    const [object = null, ...args] = values;
    this.send({ typeId: 20, messageStreamId, body: encodeCommand(name, transactionId, object, ...args) });
  }

  audio(messageStreamId: number, timestamp: number, byte = 0xaf): void {
    this.send({ typeId: 8, chunkStreamId: 4, messageStreamId, timestamp, body: Uint8Array.of(byte) });
  }

  /** Takes the session's events and gives their types, without the record of commands. */
  take(): string[] {
    const events = drain(this.session);
    this.events.push(...events);
    return events.map(({ type }) => type).filter((type) => type !== 'command');
  }

  /** Connects and creates message stream 1. */
  connect(app = 'live'): void {
    this.command(0, 'connect', 1, amfObject({ app, tcUrl: `rtmp://host/${app}` }));
    this.take();
    this.session.acceptConnect();
    this.command(0, 'createStream', 2);
    this.take();
    this.replies();
  }

  /** What the session has sent since the last call. */
  messages(): RtmpMessage[] {
    const output = this.session.takeOutput() ?? new Uint8Array(0);
    const skip = Math.min(this.#skip, output.length);
    this.#skip -= skip;
    return readAll(this.#reader, [output.subarray(skip)]);
  }

  /** The commands among it. */
  commands(): RtmpCommand[] {
    return this.messages()
      .map((message) => (message.typeId === 20 ? decodeCommand(message) : undefined))
      .filter((command) => command !== undefined);
  }

  /** The commands among it, each as its name and the code it carries, if it does. */
  replies(): string[] {
    return this.commands().map(({ name, args }) => {
      const code = args.map((arg) => amfGet(arg, 'code')).find((value) => typeof value === 'string');
      return code === undefined ? name : `${name} ${code}`;
    });
  }
}
