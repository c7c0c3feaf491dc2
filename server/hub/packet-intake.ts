import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { exPacketType, exVideoPacketType } from '../../shared/flv/ex-packet.ts';
import { decodeOnMetaData, isClearDataFrame, stripSetDataFrame } from '../../shared/flv/script-tag.ts';
import { AudioReader } from '../../shared/media/audio-reader.ts';
import { classifyPacket } from '../../shared/media/classify.ts';
import { describeAudio, describeVideo } from '../../shared/media/describe-tracks.ts';
import type { MediaFlaw } from '../../shared/media/media-flaw.ts';
import type { MediaPacket, PacketKind, PacketRole } from '../../shared/media/media-packet.ts';
import { newPacketHead, readAudioHead, readVideoHead } from '../../shared/media/packet-head.ts';
import { headerParts, trackIdOf } from '../../shared/media/tracks-of.ts';
import { VideoReader } from '../../shared/media/video-reader.ts';
import type { BodyArena } from './body-arena.ts';
import { FlawLog } from './flaw-log.ts';
import { HeaderCache } from './header-cache.ts';
import { TimestampAligner } from './timestamp-aligner.ts';
import type { TrackMonitor } from './track-monitor.ts';

/** Nobody needs more of it than this, and it is anybody's text. */
const MAX_ENCODER_UNITS = 256;

type Kind = 'audio' | 'video';

const isSequenceHeader = (packetType: number): boolean =>
  packetType === exPacketType.config || packetType === exVideoPacketType.mpeg2TsConfig;

/**
 * Turns a publisher's messages into packets of the stream: read and mended (`VideoReader`, `AudioReader`), on the stream's timeline, with
 * `@setDataFrame` cut. Copies what it is given: frames into the arena, headers into memory of their own. Keeps the latest headers, and leaves
 * out headers and metadata that only repeat them (DJI and GStreamer repeat theirs).
 */
export class PacketIntake {
  /** What the metadata says of the program that sends it. */
  encoder: string | null = null;
  readonly aligner = new TimestampAligner();
  /** What is wrong with what came. */
  readonly flaws = new FlawLog();
  /** What the last message made useless of what came before it: frames that need another header, or are of another codec. */
  replaced: Kind | undefined;
  readonly #monitor: TrackMonitor;
  readonly #bodies: BodyArena;
  readonly #headers = new HeaderCache();
  readonly #video: VideoReader;
  readonly #audio: AudioReader;
  readonly #codecs = { audio: '', video: '' };
  /** The codec changed, and nothing has told what the track is now. */
  readonly #isUnasked = { audio: false, video: false };
  readonly #head = newPacketHead();
  /** Of the last message; one array for all of them. */
  readonly #packets: MediaPacket[] = [];
  #nowMs = 0;

  constructor(monitor: TrackMonitor, bodies: BodyArena) {
    this.#monitor = monitor;
    this.#bodies = bodies;
    const note = (flaw: MediaFlaw) => this.flaws.note(flaw, this.#nowMs);
    this.#video = new VideoReader(note);
    this.#audio = new AudioReader(note);
  }

  /** Metadata and headers of all tracks that a new viewer needs, in the order they are sent. A new array for each change. */
  get headers(): readonly MediaPacket[] {
    return this.#headers.all;
  }

  get videoHeaders(): readonly MediaPacket[] {
    return this.#headers.video;
  }

  /** A picture to start from where the encoder sends none. */
  greyStart(): Uint8Array | undefined {
    return this.#video.greyStart();
  }

  /** A new publisher: its headers and its clock are its own. `trusted`: it is a process of ours. */
  restart(options: { readonly trusted: boolean }): void {
    this.encoder = null;
    this.#headers.clear();
    this.aligner.restart(options);
    this.flaws.clear();
    this.#video.restart();
    this.#audio.restart();
    this.#codecs.audio = '';
    this.#codecs.video = '';
  }

  /**
   * The packets for a message: none when there is nothing new in it, a header that was made in front of its frame. The array is used again
   * for the next message.
   */
  take(kind: PacketKind, timestamp: number, body: Uint8Array, monotonicMs: number): readonly MediaPacket[] {
    // Nearly always one; setting the length costs more.
    while (this.#packets.length > 0) this.#packets.pop();
    this.#nowMs = monotonicMs;
    this.replaced = undefined;
    if (kind === 'data') this.#takeData(timestamp, body);
    else if (kind === 'video') this.#takeVideo(timestamp, body);
    else this.#takeAudio(timestamp, body);
    return this.#packets;
  }

  #takeVideo(timestamp: number, body: Uint8Array): void {
    const head = this.#head;
    readVideoHead(body, head);
    if (head.content === 'side' || (head.content === 'config' && head.trackId !== 0)) {
      this.#takeHeader('video', body.slice());
    } else if (head.content === 'other' || head.trackId !== 0) {
      this.#takeOther('video', timestamp, body);
    } else {
      const { role, body: read, firstByte, header } = this.#video.read(body, head);
      this.#followCodec('video', this.#video.codec);
      if (header || role === 'config') this.flaws.headerCame('video');
      if (header) this.#takeHeader('video', header);
      if (role === 'config') this.#takeHeader('video', (read ?? body).slice());
      else if (read) this.#takeFrame('video', role, timestamp, read, firstByte);
      else if (head.wrapped) this.#takeWrapped('video', head.content, timestamp, body);
      else if (head.content === 'frame') this.#monitor.useless('video');
    }
  }

  #takeAudio(timestamp: number, body: Uint8Array): void {
    const head = this.#head;
    readAudioHead(body, head);
    if (head.content === 'side' || (head.content === 'config' && head.trackId !== 0)) {
      this.#takeHeader('audio', body.slice());
    } else if (head.content === 'other' || head.trackId !== 0) {
      this.#takeOther('audio', timestamp, body);
    } else {
      const { role, body: read, header, more, stepMs } = this.#audio.read(body, head);
      this.#followCodec('audio', this.#audio.codec);
      if (header || role === 'config') this.flaws.headerCame('audio');
      if (header) this.#takeHeader('audio', header);
      if (role === 'config') this.#takeHeader('audio', (read ?? body).slice());
      else if (read) this.#takeFrame('audio', role, timestamp, read, read[0] ?? 0);
      else if (head.wrapped) this.#takeWrapped('audio', head.content, timestamp, body);
      else if (head.content === 'frame') this.#monitor.useless('audio');
      if (more.length > 0) this.#takeMore(role, timestamp, more, stepMs);
    }
  }

  /** Frames that came in one packet, each at its own time. */
  #takeMore(role: PacketRole, timestamp: number, frames: readonly Uint8Array[], stepMs: number): void {
    let laterMs = 0;
    for (const frame of frames) {
      laterMs += stepMs;
      this.#takeFrame('audio', role, (timestamp + Math.round(laterMs)) >>> 0, frame, frame[0] ?? 0);
    }
  }

  /** What is useless of the default track may stand beside another one. */
  #takeWrapped(kind: Kind, content: string, timestamp: number, body: Uint8Array): void {
    if (content === 'config') this.#takeHeader(kind, body.slice());
    else this.#takeOther(kind, timestamp, body);
  }

  #takeFrame(kind: Kind, role: PacketRole, timestamp: number, body: Uint8Array, firstByte: number): void {
    if (role === 'other') {
      this.#takeOther(kind, timestamp, body);
      return;
    }
    if (this.#hasQuestions(kind, role)) this.#ask(kind, body);
    const timestampMs = this.aligner.align(kind, timestamp, this.#nowMs);
    this.#monitor.frame(kind, timestampMs, this.#nowMs);
    const kept = this.#bodies.keep(body);
    kept[0] = firstByte;
    this.#packets.push({ kind, role, timestampMs, body: kept });
  }

  /** Another codec than before: headers and frames of the one before are of no use to it. */
  #followCodec(kind: Kind, codec: string): void {
    const before = this.#codecs[kind];
    if (codec === before || codec === '') return;
    this.#codecs[kind] = codec;
    if (before === '') return;
    this.replaced = kind;
    this.#headers.forget(kind);
    this.#isUnasked[kind] = true;
  }

  #takeData(timestamp: number, message: Uint8Array): void {
    if (isClearDataFrame(message)) {
      this.#headers.forget('data');
      return;
    }
    const passing = stripSetDataFrame(message);
    const role = classifyPacket('data', passing);
    const body = role === 'metadata' ? passing.slice() : this.#bodies.keep(passing);
    const packet: MediaPacket = { kind: 'data', role, timestampMs: this.aligner.alignData(timestamp), body };
    if (role === 'metadata') {
      this.#announce(body);
      if (this.#headers.keep(packet) === 'same') return;
    }
    this.#packets.push(packet);
  }

  /** Metadata is relayed as it is; it is looked into only for which tracks it promises. */
  #announce(body: Uint8Array): void {
    try {
      const values = decodeOnMetaData(body);
      this.#monitor.announce({ audio: values.has('audiocodecid'), video: values.has('videocodecid') });
      const encoder = values.get('encoder');
      if (typeof encoder === 'string') this.encoder = encoder.slice(0, MAX_ENCODER_UNITS);
      const sampleRate = values.get('audiosamplerate');
      this.#audio.announce(typeof sampleRate === 'number' ? sampleRate : undefined);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  /** A header is relayed whole when any of its tracks has something new, and kept track by track. */
  #takeHeader(kind: Kind, body: Uint8Array): void {
    const packet: MediaPacket = { kind, role: 'config', timestampMs: this.aligner.lastMs(kind), body };
    let news = false;
    for (const part of headerParts(kind, body)) {
      const { trackId, packetType } = part;
      const outcome = this.#headers.keep({ ...packet, body: part.body }, trackId, packetType);
      if (outcome === 'same') continue;
      news = true;
      if (!isSequenceHeader(packetType)) continue;
      if (trackId === 0 && outcome === 'replaced') this.replaced = kind;
      if (trackId === 0) this.#isUnasked[kind] = false;
      this.#describe(kind, part.body, trackId);
    }
    if (news) this.#packets.push(packet);
  }

  #takeOther(kind: Kind, timestamp: number, body: Uint8Array): void {
    const trackId = trackIdOf(kind, body);
    if (trackId !== 0) {
      if (this.#monitor.wantsOther(kind, trackId)) this.#describe(kind, body, trackId);
      this.#monitor.otherFrame(kind, trackId, this.#nowMs);
    }
    const timestampMs =
      trackId === 0 ? this.aligner.lastMs(kind) : this.aligner.alignBeside(kind, trackId, timestamp);
    this.#packets.push({ kind, role: 'other', timestampMs, body: this.#bodies.keep(body) });
  }

  /** Any frame may tell what the track is; the size of VP8 and VP9 pictures is in keyframes alone. */
  #hasQuestions(kind: Kind, role: PacketRole): boolean {
    const { audio, video } = this.#monitor;
    if (this.#isUnasked[kind]) return true;
    if (kind === 'audio') return audio === null;
    return video === null || (video.width === null && role === 'keyframe');
  }

  #ask(kind: Kind, body: Uint8Array): void {
    this.#isUnasked[kind] = false;
    if (kind === 'audio') {
      this.#describe(kind, body);
      return;
    }
    const info = describeVideo(body);
    if (info) this.#monitor.describeVideoByFrame(info, this.#nowMs);
  }

  #describe(kind: Kind, body: Uint8Array, trackId = 0): void {
    if (kind === 'video') {
      const info = describeVideo(body, trackId);
      if (!info) return;
      if (trackId === 0) this.#monitor.describeVideo(info, this.#nowMs);
      else this.#monitor.describeOther({ kind, id: trackId, info }, this.#nowMs);
    } else {
      const info = describeAudio(body, trackId);
      if (!info) return;
      if (trackId === 0) this.#monitor.describeAudio(info, this.#nowMs);
      else this.#monitor.describeOther({ kind, id: trackId, info }, this.#nowMs);
    }
  }
}
