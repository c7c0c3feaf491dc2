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
/** An encoder with intra refresh sends no keyframe but the first. After this long without one, and with nothing to start from, any frame will do. */
const NO_KEYFRAME_MS = 10_000;
/** The same where none has ever come: soon enough that nobody is turned away who could hear the sound. */
const NEVER_KEYFRAME_MS = 5_000;

/**
 * Everything since the last keyframe, in arrival order: what a new viewer gets first, so that the picture is there at once.
 * Over a limit it lets go of all of it, because a viewer cannot start in the middle; joiners then wait for the next keyframe.
 */
export class GopCache {
  /** Sound only: groups begin by time. */
  audioOnly = false;
  bytes = 0;
  /** The last group began where the picture begins to be refreshed, and not at a keyframe. */
  refreshes = false;
  /** Distance of the last two keyframes. */
  keyframeIntervalMs: number | null = null;
  readonly #limits: GopCacheLimits;
  readonly #greyStart: () => Uint8Array | undefined;
  #packets: MediaPacket[] = [];
  /** The first packet was made here. */
  #beginsGrey = false;
  #lastKeyframeMs: number | undefined;
  #lastVideoMs: number | undefined;
  #firstVideoMs: number | undefined;

  /** `greyStart` gives a picture that a decoder can start at where the encoder sends none, in memory of its own. */
  constructor(limits: GopCacheLimits, greyStart: () => Uint8Array | undefined = () => undefined) {
    this.#limits = limits;
    this.#greyStart = greyStart;
  }

  /** Body of the oldest packet that came from the publisher. */
  get oldestBody(): Uint8Array | undefined {
    return this.#packets[this.#beginsGrey ? 1 : 0]?.body;
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
    if (packet.kind !== 'video' || packet.role === 'other') return false;
    return (
      this.#lacksKeyframes(packet.timestampMs) && (packet.role === 'recovery' || this.#packets.length === 0)
    );
  }

  /** Takes a coded frame or a passing data message; headers and metadata are kept elsewhere. */
  add(packet: MediaPacket): void {
    if (packet.kind === 'video') this.#firstVideoMs ??= packet.timestampMs;
    if (this.opensGroup(packet)) {
      this.dropFrames();
      this.refreshes = packet.role === 'recovery';
      if (packet.role === 'keyframe') this.#noteKeyframe(packet.timestampMs);
      else if (!this.audioOnly) this.#beginGrey(packet.timestampMs);
    } else if (this.#packets.length === 0) {
      return;
    }
    this.#keep(packet);
    if (packet.kind === 'video') this.#lastVideoMs = packet.timestampMs;
  }

  #keep(packet: MediaPacket): void {
    this.#packets.push(packet);
    this.bytes += packet.body.length;
  }

  /** Only those who start here get it, in front of what everybody gets; just before it, as no two pictures have one time. */
  #beginGrey(atMs: number): void {
    const body = this.#greyStart();
    if (!body) return;
    this.#beginsGrey = true;
    const timestampMs = Math.max(this.#lastVideoMs ?? 0, atMs - 1);
    this.#keep({ kind: 'video', role: 'keyframe', timestampMs, body });
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
    this.#beginsGrey = false;
    this.#packets = [];
    this.bytes = 0;
  }

  /** Forgets the sound, because it is of another codec now. Pictures stay. */
  dropSound(): void {
    if (this.audioOnly) {
      this.dropFrames();
      return;
    }
    this.#packets = this.#packets.filter(({ kind }) => kind !== 'audio');
    this.bytes = this.#packets.reduce((sum, { body }) => sum + body.length, 0);
  }

  /** Forgets everything: another publisher begins. */
  clear(): void {
    this.dropFrames();
    this.#lastKeyframeMs = undefined;
    this.refreshes = false;
    this.#lastVideoMs = undefined;
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

  /** None came for long, and longer than it usually takes. */
  #lacksKeyframes(nowMs: number): boolean {
    if (this.#lastKeyframeMs === undefined) {
      return this.#firstVideoMs !== undefined && nowMs - this.#firstVideoMs >= NEVER_KEYFRAME_MS;
    }
    return nowMs - this.#lastKeyframeMs >= Math.max(NO_KEYFRAME_MS, 2 * (this.keyframeIntervalMs ?? 0));
  }
}
