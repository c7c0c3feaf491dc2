import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { exPacketType, exVideoPacketType } from '../../shared/flv/ex-packet.ts';
import { decodeOnMetaData, isClearDataFrame, stripSetDataFrame } from '../../shared/flv/script-tag.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import { describeAudio, describeVideo } from '../../shared/media/describe-tracks.ts';
import type { MediaPacket, PacketKind, PacketRole } from '../../shared/media/media-packet.ts';
import { headerParts, trackIdOf } from '../../shared/media/tracks-of.ts';
import type { BodyArena } from './body-arena.ts';
import { HeaderCache } from './header-cache.ts';
import { TimestampAligner } from './timestamp-aligner.ts';
import type { TrackMonitor } from './track-monitor.ts';

type Kind = 'audio' | 'video';

const isSequenceHeader = (packetType: number): boolean =>
  packetType === exPacketType.config || packetType === exVideoPacketType.mpeg2TsConfig;

/**
 * Turns a publisher's messages into packets of the stream: classified, on the stream's timeline, with `@setDataFrame` cut.
 * Copies what it is given: frames into the arena, headers into memory of their own. Keeps the latest headers, and leaves out headers and metadata that only repeat them (DJI and GStreamer repeat theirs).
 */
export class PacketIntake {
  readonly aligner = new TimestampAligner();
  /** True when the header that was taken last replaced the sequence header of a default track. */
  headerReplaced = false;
  readonly #monitor: TrackMonitor;
  readonly #bodies: BodyArena;
  readonly #headers = new HeaderCache();

  constructor(monitor: TrackMonitor, bodies: BodyArena) {
    this.#monitor = monitor;
    this.#bodies = bodies;
  }

  /** Metadata and headers of all tracks that a new viewer needs, in the order they are sent. A new array for each change. */
  get headers(): readonly MediaPacket[] {
    return this.#headers.all;
  }

  get videoHeaders(): readonly MediaPacket[] {
    return this.#headers.video;
  }

  /** A new publisher: its headers and its clock are its own. */
  restart(): void {
    this.#headers.clear();
    this.aligner.restart();
  }

  /** The packet for a message; undefined when there is nothing new in it. */
  take(kind: PacketKind, timestamp: number, body: Uint8Array, monotonicMs: number): MediaPacket | undefined {
    if (kind === 'data') return this.#takeData(timestamp, body);
    const role = classifyPacket(kind, body);
    if (role === 'config') return this.#takeHeader(kind, body.slice(), monotonicMs);
    if (role === 'other') return this.#takeOther(kind, timestamp, body, monotonicMs);
    if (this.#hasQuestions(kind, role)) this.#ask(kind, body, monotonicMs);
    const timestampMs = this.aligner.align(kind, timestamp);
    this.#monitor.frame(kind, timestampMs);
    return { kind, role, timestampMs, body: this.#bodies.keep(body) };
  }

  #takeData(timestamp: number, message: Uint8Array): MediaPacket | undefined {
    if (isClearDataFrame(message)) {
      this.#headers.forgetMetadata();
      return undefined;
    }
    const passing = stripSetDataFrame(message);
    const role = classifyPacket('data', passing);
    const body = role === 'metadata' ? passing.slice() : this.#bodies.keep(passing);
    const packet: MediaPacket = { kind: 'data', role, timestampMs: this.aligner.alignData(timestamp), body };
    if (role !== 'metadata') return packet;
    this.#announce(body);
    return this.#headers.keep(packet) === 'same' ? undefined : packet;
  }

  /** Metadata is relayed as it is; it is looked into only for which tracks it promises. */
  #announce(body: Uint8Array): void {
    try {
      const values = decodeOnMetaData(body);
      this.#monitor.announce({ audio: values.has('audiocodecid'), video: values.has('videocodecid') });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  /** A header is relayed whole when any of its tracks has something new, and kept track by track. */
  #takeHeader(kind: Kind, body: Uint8Array, monotonicMs: number): MediaPacket | undefined {
    const packet: MediaPacket = { kind, role: 'config', timestampMs: this.aligner.lastMs(kind), body };
    let news = false;
    this.headerReplaced = false;
    for (const part of headerParts(kind, body)) {
      const { trackId, packetType } = part;
      const outcome = this.#headers.keep({ ...packet, body: part.body }, trackId, packetType);
      if (outcome === 'same') continue;
      news = true;
      if (!isSequenceHeader(packetType)) continue;
      if (trackId === 0) this.headerReplaced ||= outcome === 'replaced';
      this.#describe(kind, part.body, monotonicMs, trackId);
    }
    return news ? packet : undefined;
  }

  #takeOther(kind: Kind, timestamp: number, body: Uint8Array, monotonicMs: number): MediaPacket {
    const trackId = trackIdOf(kind, body);
    if (trackId !== 0 && this.#monitor.wantsOther(kind, trackId)) {
      this.#describe(kind, body, monotonicMs, trackId);
    }
    const timestampMs =
      trackId === 0 ? this.aligner.lastMs(kind) : this.aligner.alignBeside(kind, trackId, timestamp);
    return { kind, role: 'other', timestampMs, body: this.#bodies.keep(body) };
  }

  /** Any frame may tell what the track is; the size of VP8 and VP9 pictures is in keyframes alone. */
  #hasQuestions(kind: Kind, role: PacketRole): boolean {
    const { audio, video } = this.#monitor;
    if (kind === 'audio') return audio === null;
    return video === null || (video.width === null && role === 'keyframe');
  }

  #ask(kind: Kind, body: Uint8Array, monotonicMs: number): void {
    if (kind === 'audio') {
      this.#describe(kind, body, monotonicMs);
      return;
    }
    const info = describeVideo(body);
    if (info) this.#monitor.describeVideoByFrame(info, monotonicMs);
  }

  #describe(kind: Kind, body: Uint8Array, monotonicMs: number, trackId = 0): void {
    if (kind === 'video') {
      const info = describeVideo(body, trackId);
      if (!info) return;
      if (trackId === 0) this.#monitor.describeVideo(info, monotonicMs);
      else this.#monitor.describeOther({ kind, id: trackId, info });
    } else {
      const info = describeAudio(body, trackId);
      if (!info) return;
      if (trackId === 0) this.#monitor.describeAudio(info, monotonicMs);
      else this.#monitor.describeOther({ kind, id: trackId, info });
    }
  }
}
