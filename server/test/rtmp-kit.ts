import { createHash, createHmac } from 'node:crypto';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { goldenBytes, goldenText } from '../../shared/testing/golden.ts';
import type { ChunkReader } from '../rtmp/chunk-reader.ts';
import type { ClientEvent, ClientSession } from '../rtmp/client-session.ts';
import type { HandshakeCrypto } from '../rtmp/handshake-digest.ts';
import type { RtmpMessage } from '../rtmp/message.ts';
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
    for (let message = reader.next(); message; message = reader.next()) messages.push(message);
    // The fed array may change from now on: whoever kept a view of it is found out.
    part.fill(0xee);
  }
  return messages;
}

/** Takes every event of a server session, granting whatever it asks for. */
export function acceptAll(session: ServerSession, seen: SessionEvent[] = []): SessionEvent[] {
  for (let event = session.nextEvent(); event; event = session.nextEvent()) {
    seen.push(event);
    if (event.type === 'connect-request') session.acceptConnect();
    if (event.type === 'publish-request') session.acceptPublish(event.messageStreamId);
    if (event.type === 'play-request') session.acceptPlay(event.messageStreamId);
  }
  return seen;
}

/** Takes every event that a session has. */
export function drain<Event>(session: { nextEvent(): Event | undefined }): Event[] {
  const events: Event[] = [];
  for (let event = session.nextEvent(); event; event = session.nextEvent()) events.push(event);
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
          serverEvents.push(event);
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
