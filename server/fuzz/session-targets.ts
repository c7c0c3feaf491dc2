import { concatBytes } from '../../shared/bytes/concat.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import type { Publisher, PublisherEnd } from '../hub/publisher.ts';
import { httpFlvContainer } from '../output/flv-container.ts';
import { rtmpContainer } from '../output/rtmp-container.ts';
import { askedName } from '../rtmp/asked-name.ts';
import { ChunkReader } from '../rtmp/chunk-reader.ts';
import { ClientSession } from '../rtmp/client-session.ts';
import { ClientHandshake, ServerHandshake } from '../rtmp/handshake.ts';
import { defaultRtmpLimits } from '../rtmp/limits.ts';
import { ServerSession } from '../rtmp/server-session.ts';
import type { ConnectRequest, SessionEvent } from '../rtmp/session-event.ts';
import { FakeSink, HubHarness } from '../test/hub-harness.ts';
import { captureBytes, HANDSHAKE, testCrypto } from '../test/rtmp-kit.ts';
import { messagesOf, mutateMessages, withRareForms } from './mutate-chunks.ts';
import type { FuzzTarget } from './target.ts';
import type { Trace } from './trace.ts';

const publishers = ['publish-ffmpeg5-av', 'publish-ffmpeg5-audio-only', 'publish-obs29-av', 'play-rtmpdump'];
const servers = ['publish-ffmpeg5-av.s2c', 'play-rtmpdump.s2c'];
const SEED_BYTES = 24 * 1024;

const beginningOf = (name: string): Uint8Array => captureBytes(name).slice(0, SEED_BYTES);
const handshakeOf = (name: string): Uint8Array => captureBytes(name).slice(0, HANDSHAKE);
const chunksOf = (name: string): Uint8Array => captureBytes(name).slice(HANDSHAKE, SEED_BYTES);

/** Well-formed connections whose messages are damaged, beside connections whose bytes are. */
function generatorOf(captures: readonly string[], withHandshake: boolean): FuzzTarget['generate'] {
  const sources = captures.map((name) => ({
    handshake: withHandshake ? handshakeOf(name) : new Uint8Array(0),
    messages: messagesOf(chunksOf(name)),
  }));
  return (random) => {
    const { handshake, messages } = random.pick(sources);
    const list = random.chance(2) ? withRareForms(messages, random) : messages;
    return concatBytes([handshake, mutateMessages(list, random)]);
  };
}

/** Memory may follow what arrived, never what was announced: a small first piece per chunk stream, then a few times as much. */
function checkMemory(held: number, received: number): void {
  const may = defaultRtmpLimits.maxChunkStreams * 16 * 1024 + 4 * received;
  if (held > Math.min(may, defaultRtmpLimits.maxPartialBytes)) {
    throw new Error(`${held} bytes held after ${received} received`);
  }
}

const handshake: FuzzTarget = {
  name: 'handshake',
  seeds: [...publishers, ...servers].map(handshakeOf),
  run(parts, trace) {
    for (const side of [
      new ServerHandshake(testCrypto),
      new ClientHandshake(testCrypto),
      new ClientHandshake(testCrypto, { digest: true }),
    ]) {
      let used = 0;
      try {
        for (const part of parts) used += side.push(part);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        trace.add(error.code);
      }
      trace.add([used, side.done, side.kind, side.takeOutput()]);
    }
  },
};

const chunks: FuzzTarget = {
  name: 'chunks',
  seeds: [...publishers, ...servers].map(chunksOf),
  generate: generatorOf([...publishers, ...servers], false),
  run(parts, trace) {
    const reader = new ChunkReader();
    let received = 0;
    for (const part of parts) {
      received += part.length;
      reader.feed(part);
      for (let message = reader.next(); message; message = reader.next()) trace.add(message);
      checkMemory(reader.partialBytes, received);
      // The fed array may change from now on.
      part.fill(0xee);
    }
  },
};

const server: FuzzTarget = {
  name: 'server',
  seeds: publishers.map(beginningOf),
  generate: generatorOf(publishers, true),
  run(parts, trace) {
    const host = new FuzzHost(trace);
    try {
      for (const part of parts) host.receive(part);
    } finally {
      host.close();
    }
  },
};

/** What a reader expects that has been told nothing. */
const PLAYER_CHUNK_BYTES = 128;

/** A server session with a hub behind it, and viewers of whatever is published. */
class FuzzHost {
  readonly #world = new HubHarness();
  readonly #session = new ServerSession({ crypto: testCrypto });
  readonly #trace: Trace;
  readonly #viewers: { readonly protocol: string; readonly sink: FakeSink }[] = [];
  #connect: ConnectRequest | undefined;
  #received = 0;
  #publisher: Publisher | undefined;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  receive(part: Uint8Array): void {
    this.#received += part.length;
    // Time stands still, so that the limits of what may come at once are met.
    this.#session.receive(part, 0);
    for (let event = this.#session.nextEvent(); event; event = this.#session.nextEvent()) {
      this.#trace.add(event);
      this.#act(event);
      this.#session.takeOutput();
    }
    this.#publisher?.received(part.length, this.#world.clock.monotonicMs());
    this.#publisher?.flush();
    checkMemory(this.#session.partialBytes, this.#received);
    part.fill(0xee);
  }

  #act(event: SessionEvent): void {
    if (event.type === 'connect-request') {
      this.#connect = event;
      this.#session.acceptConnect();
    } else if (event.type === 'publish-request') this.#publish(event.messageStreamId, event.name);
    else if (event.type === 'play-request') this.#session.acceptPlay(event.messageStreamId);
    else if (event.type === 'not-possible')
      this.#session.rejectCreateStream(event.transactionId, event.why, 'no');
    else if (event.type === 'media') this.#publisher?.push(event.kind, event.timestamp, event.body);
    else if (event.type === 'unpublish') this.#leave();
  }

  #publish(messageStreamId: number, raw: string): void {
    const name = askedName(this.#connect, raw);
    const ended = (_why: PublisherEnd): void => {};
    const { hub } = this.#world;
    const outcome = name.ok ? hub.publish(name.name, this.#world.peer(), { end: ended }) : undefined;
    if (!name.ok || !outcome?.ok) {
      this.#session.rejectPublish(messageStreamId, 'NetStream.Publish.BadName', 'no');
      return;
    }
    this.#publisher = outcome.publisher;
    this.#session.acceptPublish(messageStreamId);
    for (const container of [httpFlvContainer, rtmpContainer(PLAYER_CHUNK_BYTES, 1)]) {
      const sink = new FakeSink();
      this.#viewers.push({ protocol: container.protocol, sink });
      const peer = this.#world.peer({ protocol: container.protocol });
      this.#world.hub.watch(name.name, { peer, container, sink });
    }
  }

  #leave(): void {
    this.#publisher?.leave('unpublished');
    this.#publisher = undefined;
  }

  /** Time passes, everybody leaves, and nothing may be left. */
  close(): void {
    this.#world.advance(1_200);
    this.#session.close();
    if (this.#session.partialBytes !== 0) throw new Error('a closed session holds bytes');
    this.#leave();
    if (this.#world.hub.totals().streams !== 0) throw new Error('a stream is left without a publisher');
    for (const { protocol, sink } of this.#viewers) {
      if (sink.ended === undefined) throw new Error('a viewer of nothing is left');
      if (sink.parts.length > 0) checkOutput(protocol, sink);
    }
  }
}

/** What viewers get is well formed, whatever came in: our own readers take all of it. */
function checkOutput(protocol: string, sink: FakeSink): void {
  try {
    if (protocol !== 'rtmp') return void sink.flv;
    const reader = new ChunkReader();
    reader.feed(concatBytes(sink.parts));
    while (reader.next());
    if (reader.partialBytes > 0) throw new Error('half a message');
  } catch (error) {
    throw new Error(`a viewer over ${protocol} gets bytes that are wrong: ${error}`);
  }
}

const client: FuzzTarget = {
  name: 'client',
  seeds: servers.map(beginningOf),
  generate: generatorOf(servers, true),
  run(parts, trace) {
    for (const purpose of ['publish', 'play'] as const) {
      const copies = parts.map((part) => part.slice());
      const session = new ClientSession({ crypto: testCrypto, app: 'live', tcUrl: 'rtmp://host/live' });
      if (purpose === 'publish') session.publish('main');
      else session.play('main');
      try {
        for (const part of copies) {
          session.receive(part);
          for (let event = session.nextEvent(); event; event = session.nextEvent()) trace.add(event);
          session.takeOutput();
          part.fill(0xee);
        }
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        trace.add(error.code);
      }
    }
  },
};

export const sessionTargets: readonly FuzzTarget[] = [handshake, chunks, server, client];
