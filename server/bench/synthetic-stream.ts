import { LEAD_BYTES, writeFrameMark, writeU32 } from './frame-mark.ts';
import { monotonicUs } from './monotonic-us.ts';

export interface SyntheticOptions {
  /** Of the video; the sound comes on top. */
  readonly videoKbps: number;
  readonly fps: number;
  /** Frames from one keyframe to the next. */
  readonly gop: number;
  readonly audioKbps: number;
}

/** The stream that fan-out is measured with: 2.5 Mbps at 30 fps, a keyframe every 2 s, AAC. */
export const oneStream: SyntheticOptions = { videoKbps: 2500, fps: 30, gop: 60, audioKbps: 128 };

export interface SyntheticMessage {
  readonly kind: 'audio' | 'video' | 'data';
  readonly timestampMs: number;
  /** A view of a buffer that the next message overwrites. */
  readonly body: Uint8Array;
}

const AUDIO_FRAME_MS = 1024_000 / 44_100;
/** A keyframe is this many times an ordinary frame: about what a camera picture at 2.5 Mbps gives. */
const KEYFRAME_SIZE = 8;

// 1280x720, constrained baseline, level 3.1.
const sps = [0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xe4];
const pps = [0x68, 0xce, 0x3c, 0x80];
const avcHeader = Uint8Array.from([
  ...[0x17, 0, 0, 0, 0, 1, 0x42, 0xc0, 0x1f, 0xff, 0xe1, 0, sps.length, ...sps],
  ...[1, 0, pps.length, ...pps],
]);
/** AAC-LC, 44.1 kHz, stereo. */
const aacHeader = Uint8Array.of(0xaf, 0, 0x12, 0x10);

/** Sequence headers: what an encoder sends first. */
export function syntheticHeaders(): SyntheticMessage[] {
  return [
    { kind: 'video', timestampMs: 0, body: avcHeader },
    { kind: 'audio', timestampMs: 0, body: aacHeader },
  ];
}

/**
 * Frames of one made-up live stream, paced by whoever asks. Sizes vary by a quarter, the same way in every run, so that
 * all systems do the same work. The content is noise that no server looks into.
 */
export class SyntheticStream {
  readonly #options: SyntheticOptions;
  readonly #unitBytes: number;
  readonly #video: Uint8Array;
  readonly #audio: Uint8Array;
  #random = 1;
  #videoCount = 0;
  #audioCount = 0;

  constructor(options: SyntheticOptions) {
    const { videoKbps, fps, gop, audioKbps } = options;
    this.#options = options;
    this.#unitBytes = (videoKbps * 125 * gop) / fps / (gop + KEYFRAME_SIZE - 1);
    this.#video = new Uint8Array(Math.ceil(this.#unitBytes * KEYFRAME_SIZE * 1.25) + LEAD_BYTES).fill(0x55);
    this.#audio = new Uint8Array(2 + Math.round((audioKbps * 125 * AUDIO_FRAME_MS) / 1000)).fill(0x55);
    this.#audio.set([0xaf, 1]);
  }

  /** When the next message is due, in milliseconds from the start of the stream. */
  get nextDueMs(): number {
    return Math.min(this.#videoDueMs, this.#audioDueMs);
  }

  /** The next message, marked as sent now. */
  next(): SyntheticMessage {
    return this.#videoDueMs <= this.#audioDueMs ? this.#nextVideo() : this.#nextAudio();
  }

  get #videoDueMs(): number {
    return (this.#videoCount * 1000) / this.#options.fps;
  }

  get #audioDueMs(): number {
    return this.#audioCount * AUDIO_FRAME_MS;
  }

  #nextVideo(): SyntheticMessage {
    const timestampMs = Math.floor(this.#videoDueMs);
    const isKey = this.#videoCount % this.#options.gop === 0;
    const bytes = this.#unitBytes * (isKey ? KEYFRAME_SIZE : 1) * (0.75 + this.#nextRandom() / 2);
    const body = this.#video.subarray(0, Math.max(LEAD_BYTES, Math.floor(bytes)));
    body.set([isKey ? 0x17 : 0x27, 1, 0, 0, 0]);
    writeU32(body, 5, body.length - 9);
    body[9] = isKey ? 0x65 : 0x41;
    writeFrameMark(body, monotonicUs(), this.#videoCount++);
    return { kind: 'video', timestampMs, body };
  }

  #nextAudio(): SyntheticMessage {
    const timestampMs = Math.floor(this.#audioDueMs);
    this.#audioCount++;
    return { kind: 'audio', timestampMs, body: this.#audio };
  }

  /** 0 to 1, the same sequence each time. */
  #nextRandom(): number {
    this.#random = (Math.imul(this.#random, 1664525) + 1013904223) >>> 0;
    return this.#random / 0x1_0000_0000;
  }
}
