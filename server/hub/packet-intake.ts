import { bytesEqual } from '../../shared/bytes/bytes-equal.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { decodeOnMetaData, isClearDataFrame, stripSetDataFrame } from '../../shared/flv/script-tag.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import { describeAudio, describeVideo } from '../../shared/media/describe-tracks.ts';
import type { MediaPacket, PacketKind } from '../../shared/media/media-packet.ts';
import { TimestampAligner } from './timestamp-aligner.ts';
import type { TrackMonitor } from './track-monitor.ts';

/**
 * Turns a publisher's messages into packets of the stream: classified, on the stream's timeline, with `@setDataFrame` cut.
 * Keeps the latest headers, and leaves out headers and metadata that only repeat them (DJI and GStreamer repeat theirs).
 */
export class PacketIntake {
  readonly aligner = new TimestampAligner();
  /** True when the sequence header that was taken last replaced another one of its track. */
  headerReplaced = false;
  readonly #monitor: TrackMonitor;
  #headers: readonly MediaPacket[] = [];

  constructor(monitor: TrackMonitor) {
    this.#monitor = monitor;
  }

  /** Metadata and sequence headers that a new viewer needs, in the order they are sent. A new array for each change. */
  get headers(): readonly MediaPacket[] {
    return this.#headers;
  }

  get videoHeader(): MediaPacket | undefined {
    return this.#headers.find((packet) => packet.kind === 'video');
  }

  /** A new publisher: its headers and its clock are its own. */
  restart(): void {
    this.#headers = [];
    this.aligner.restart();
  }

  /** The packet for a message; undefined when there is nothing new in it. */
  take(kind: PacketKind, timestamp: number, body: Uint8Array, monotonicMs: number): MediaPacket | undefined {
    if (kind === 'data') return this.#takeData(timestamp, body);
    const role = classifyPacket(kind, body);
    if (role === 'config') return this.#takeConfig(kind, body, monotonicMs);
    if (role === 'other') return { kind, role, timestampMs: this.aligner.lastMs(kind), body };
    if (kind === 'video' && !this.#monitor.video) this.#describe(kind, body, monotonicMs);
    if (kind === 'audio' && !this.#monitor.audio) this.#describe(kind, body, monotonicMs);
    const timestampMs = this.aligner.align(kind, timestamp);
    this.#monitor.frame(kind, timestampMs);
    return { kind, role, timestampMs, body };
  }

  #takeData(timestamp: number, message: Uint8Array): MediaPacket | undefined {
    if (isClearDataFrame(message)) {
      this.#headers = this.#headers.filter((packet) => packet.role !== 'metadata');
      return undefined;
    }
    const body = stripSetDataFrame(message);
    const role = classifyPacket('data', body);
    const packet: MediaPacket = { kind: 'data', role, timestampMs: this.aligner.alignData(timestamp), body };
    if (role !== 'metadata') return packet;
    this.#announce(body);
    return this.#replaceHeader(packet);
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

  #takeConfig(kind: 'audio' | 'video', body: Uint8Array, monotonicMs: number): MediaPacket | undefined {
    this.#describe(kind, body, monotonicMs);
    return this.#replaceHeader({ kind, role: 'config', timestampMs: this.aligner.lastMs(kind), body });
  }

  #describe(kind: 'audio' | 'video', body: Uint8Array, monotonicMs: number): void {
    if (kind === 'video') {
      const info = describeVideo(body);
      if (info) this.#monitor.describeVideo(info, monotonicMs);
    } else {
      const info = describeAudio(body);
      if (info) this.#monitor.describeAudio(info, monotonicMs);
    }
  }

  /** Metadata first, then video, then audio: the order every player accepts. */
  #replaceHeader(packet: MediaPacket): MediaPacket | undefined {
    const old = this.#headers.find(({ kind }) => kind === packet.kind);
    if (old && bytesEqual(old.body, packet.body)) return undefined;
    this.headerReplaced = old !== undefined && packet.role === 'config';
    const order = { data: 0, video: 1, audio: 2 };
    this.#headers = [...this.#headers.filter((header) => header !== old), packet].sort(
      (a, b) => order[a.kind] - order[b.kind],
    );
    return packet;
  }
}
