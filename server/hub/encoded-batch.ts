import type { MediaPacket } from '../../shared/media/media-packet.ts';
import { type Batch, isVideoFrame } from './batch.ts';

/** Makes bytes of packets, the same for all who share them. */
export interface Encoder {
  encode(packets: readonly MediaPacket[]): Uint8Array;
}

/** The bytes of one batch in one shared feed: each form is made when the first viewer asks for it, and shared by all. */
export class EncodedBatch {
  readonly batch: Batch;
  readonly #encoder: Encoder;
  #whole: readonly Uint8Array[] | undefined;
  #withoutInterFrames: readonly Uint8Array[] | undefined;
  #withoutVideo: readonly Uint8Array[] | undefined;
  #withoutFrames: readonly Uint8Array[] | undefined;
  #resuming: readonly Uint8Array[] | undefined;

  constructor(batch: Batch, encoder: Encoder) {
    this.batch = batch;
    this.#encoder = encoder;
  }

  get whole(): readonly Uint8Array[] {
    this.#whole ??= [this.#encoder.encode(this.batch.packets)];
    return this.#whole;
  }

  /** For viewers who are too slow for all pictures: headers, metadata, sound, and the keyframe that opens the batch. */
  get withoutInterFrames(): readonly Uint8Array[] {
    this.#withoutInterFrames ??= this.#only((packet) => packet.role === 'keyframe' || !isVideoFrame(packet));
    return this.#withoutInterFrames;
  }

  /** For viewers who are too slow for pictures: headers, metadata and sound. */
  get withoutVideo(): readonly Uint8Array[] {
    this.#withoutVideo ??= this.#only((packet) => !isVideoFrame(packet));
    return this.#withoutVideo;
  }

  /** For viewers who are too slow for anything: headers and metadata, nearly always nothing. */
  get withoutFrames(): readonly Uint8Array[] {
    this.#withoutFrames ??= this.#only(({ role }) => role === 'config' || role === 'metadata');
    return this.#withoutFrames;
  }

  /** For viewers who return to pictures with this batch: `headers` again, stamped with the batch's own time, then all of it. */
  resuming(headers: readonly MediaPacket[]): readonly Uint8Array[] {
    if (headers.length === 0) return this.whole;
    this.#resuming ??= [
      this.#encoder.encode(restamp(headers, this.batch.packets[0]?.timestampMs ?? 0)),
      ...this.whole,
    ];
    return this.#resuming;
  }

  #only(wanted: (packet: MediaPacket) => boolean): readonly Uint8Array[] {
    return [this.#encoder.encode(this.batch.packets.filter(wanted))];
  }
}

/** Headers as they go out in front of a frame of this time: what they were stamped when they came has passed. */
export const restamp = (headers: readonly MediaPacket[], timestampMs: number): MediaPacket[] =>
  headers.map((header) => ({ ...header, timestampMs }));
