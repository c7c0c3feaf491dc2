import type { MediaPacket } from '../../shared/media/media-packet.ts';

export interface GopCacheLimits {
  /** 16 MiB: a minute of a small stream, ten seconds of a large one; the same for every stream, so that their number bounds memory. */
  readonly maxBytes: number;
  /** Longer groups of pictures are not cached: FFmpeg's default GOP of 250 frames is 10 s at 25 fps. */
  readonly maxDurationMs: number;
}

/**
 * 20 s of 60 pictures a second with sound on eight tracks each is 18,000. A packet costs memory beside its body, so that
 * millions of empty ones would be a way around the limit of bytes.
 */
const MAX_PACKETS = 20_000;
/** A sound-only stream has no keyframes: a new group begins every second, so that who joins hears at once. */
const AUDIO_GROUP_MS = 1_000;
/** An encoder with intra refresh sends no keyframe but the first. After this long without one, any frame will do. */
const NO_KEYFRAME_MS = 10_000;

/**
 * Everything since the last keyframe, in arrival order: what a new viewer gets first, so that the picture is there at once.
 * Over a limit it lets go of all of it, because a viewer cannot start in the middle; joiners then wait for the next keyframe.
 */
export class GopCache {
  /** Sound only: groups begin by time. */
  audioOnly = false;
  bytes = 0;
  /** Distance of the last two keyframes. */
  keyframeIntervalMs: number | null = null;
  readonly #limits: GopCacheLimits;
  #packets: MediaPacket[] = [];
  #lastKeyframeMs: number | undefined;
  #firstVideoMs: number | undefined;

  constructor(limits: GopCacheLimits) {
    this.#limits = limits;
  }

  get packets(): readonly MediaPacket[] {
    return this.#packets;
  }

  /** Stream time of the first cached frame; undefined while nobody can start. */
  get startMs(): number | undefined {
    return this.#packets[0]?.timestampMs;
  }

  /** Stream time since the last keyframe; undefined before the first one. */
  sinceKeyframeMs(nowMs: number): number | undefined {
    return this.#lastKeyframeMs === undefined ? undefined : nowMs - this.#lastKeyframeMs;
  }

  /** True when `packet` would begin a new group, and so a new batch. */
  opensGroup(packet: MediaPacket): boolean {
    if (packet.role === 'keyframe') return true;
    if (this.audioOnly) {
      return (
        packet.role === 'audio' && packet.timestampMs - (this.startMs ?? -AUDIO_GROUP_MS) >= AUDIO_GROUP_MS
      );
    }
    return (
      packet.kind === 'video' && packet.role !== 'other' && this.#neverSendsKeyframes(packet.timestampMs)
    );
  }

  /** Takes a coded frame or a passing data message; headers and metadata are kept elsewhere. */
  add(packet: MediaPacket): void {
    if (packet.kind === 'video') this.#firstVideoMs ??= packet.timestampMs;
    if (this.opensGroup(packet)) {
      this.dropFrames();
      if (packet.role === 'keyframe') this.#noteKeyframe(packet.timestampMs);
    } else if (this.#packets.length === 0) {
      return;
    }
    this.#packets.push(packet);
    this.bytes += packet.body.length;
  }

  /**
   * Lets go of a group that is over a limit. Called once everybody who waits has started from it, so that a viewer starts
   * at a keyframe even where nothing is kept.
   */
  trim(): void {
    const { maxBytes, maxDurationMs } = this.#limits;
    const isOver =
      this.bytes > maxBytes || this.#durationMs() > maxDurationMs || this.#packets.length > MAX_PACKETS;
    if (isOver) this.dropFrames();
  }

  /** Forgets the frames, because the header they need has changed. */
  dropFrames(): void {
    this.#packets = [];
    this.bytes = 0;
  }

  /** Forgets everything: another publisher begins. */
  clear(): void {
    this.dropFrames();
    this.#lastKeyframeMs = undefined;
    this.#firstVideoMs = undefined;
    this.keyframeIntervalMs = null;
  }

  #durationMs(): number {
    return (this.#packets.at(-1)?.timestampMs ?? 0) - (this.startMs ?? 0);
  }

  #noteKeyframe(atMs: number): void {
    if (this.#lastKeyframeMs !== undefined) this.keyframeIntervalMs = atMs - this.#lastKeyframeMs;
    this.#lastKeyframeMs = atMs;
  }

  #neverSendsKeyframes(nowMs: number): boolean {
    const since = this.#lastKeyframeMs ?? this.#firstVideoMs;
    if (since === undefined || this.keyframeIntervalMs !== null || this.#packets.length > 0) return false;
    return nowMs - since >= NO_KEYFRAME_MS;
  }
}
