import { toHex } from '../../shared/bytes/hex.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import type { MediaPacket, PacketKind } from '../../shared/media/media-packet.ts';
import { type FakeSink, HubHarness, type TestPublisher } from './hub-harness.ts';

/** A message as an encoder sends it, at its own time in milliseconds. */
export type Message = readonly [kind: PacketKind, timestamp: number, body: Uint8Array];

/** Pictures 40 ms apart. */
export const pictures = (bodies: readonly Uint8Array[], fromMs = 0): Message[] =>
  bodies.map((body, i) => ['video', fromMs + 40 * i, body]);

/** Sound 23 ms apart. */
export const sounds = (bodies: readonly Uint8Array[], fromMs = 0): Message[] =>
  bodies.map((body, i) => ['audio', fromMs + 23 * i, body]);

/** Several tracks as one encoder sends them: by time, and in the order given where that is the same. */
export const together = (...tracks: readonly (readonly Message[])[]): Message[] =>
  tracks.flat().sort(([, a], [, b]) => a - b);

/** A publisher who sends in real time, on a hub with a manual clock. */
export class Air {
  readonly world = new HubHarness();
  readonly encoder: TestPublisher = this.world.publish();
  #atMs = 0;

  /** Sends each message when its time has come. */
  send(...messages: readonly Message[]): this {
    for (const [kind, timestamp, body] of messages) {
      if (timestamp > this.#atMs) {
        this.world.advance(timestamp - this.#atMs);
        this.#atMs = timestamp;
      }
      this.encoder.publisher.received(body.length, this.world.clock.monotonicMs());
      this.encoder.publisher.push(kind, timestamp, body);
      this.encoder.publisher.flush();
    }
    return this;
  }

  /** Lets time pass in which nothing comes. */
  pause(ms: number): this {
    this.world.advance(ms);
    this.#atMs += ms;
    return this;
  }

  watch(): FakeSink {
    return this.world.watch().sink;
  }

  /** Codes of the warnings that the operator reads now. */
  get warnings(): string[] {
    return this.#snapshot.warnings.map(({ code }) => code);
  }

  /** What the API calls the tracks: codec, size, rate. */
  get described(): string[] {
    const { video, audio } = this.#snapshot;
    const tracks: string[] = [];
    if (video) tracks.push(`${video.codec} ${video.width}x${video.height}`);
    if (audio) tracks.push(`${audio.codec} ${audio.sampleRate}`);
    return tracks;
  }

  get #snapshot() {
    const snapshot = this.world.hub.stream('live/a');
    if (!snapshot) throw new Error('the stream is over');
    return snapshot;
  }
}

/** What a viewer got of a kind, in hex. */
export const gotten = (sink: FakeSink, kind: PacketKind): string[] =>
  sink.flv.tags.filter((tag) => tag.kind === kind).map(({ body }) => toHex(body));

/** What a viewer got of a kind, by the first letters of what the packets claim to be. */
export const rolesGotten = (sink: FakeSink, kind: PacketKind): string =>
  sink.flv.tags
    .filter((tag) => tag.kind === kind)
    .map(({ body }) => (classifyPacket(kind, body) as MediaPacket['role'])[0])
    .join('');
