import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media/track-info.ts';
import type { TrackPick, Tracks } from './container.ts';
import type { TrackSnapshot } from './snapshot.ts';
import { TrackPresence, type TrackPresenceLimits } from './track-presence.ts';

type Kind = 'audio' | 'video';

export interface TrackMonitorLimits {
  /** How long a second track is waited for after the first frame, when nothing says whether there is one. */
  readonly settleMs: number;
  /** The same for a track that metadata announces and that has no header. */
  readonly expectedMs: number;
  readonly audio: TrackPresenceLimits;
  readonly video: TrackPresenceLimits;
}

/** What the end of a track means is the same for both, but nobody is ended for pictures. */
const ending = { steadyMs: 1_500, goneMs: 15_000, maxGoneMs: 240_000, withdrawnMs: 1_000 } as const;

/**
 * Sound comes each 20 to 128 ms, or in blocks of some seconds (phones, radios and converters: three are seen), which its rhythm tells. A
 * muted sender stops for as long as somebody says nothing. Pictures may be rare: slides, cameras at night. Two tracks that nobody has announced
 * begin within a second, as a rule. An announced one may be a block of sound away, and a header without a frame behind it for longer is a ghost.
 */
export const defaultTrackMonitorLimits: TrackMonitorLimits = {
  settleMs: 1_000,
  expectedMs: 4_000,
  audio: {
    ...ending,
    pause: { firstMs: 4_000, unknownMs: 4_000, minMs: 2_000, maxMs: 15_000 },
    steadyFrames: 5,
  },
  video: {
    ...ending,
    pause: { firstMs: 4_000, unknownMs: 12_000, minMs: 4_000, maxMs: 30_000 },
    steadyFrames: 2,
  },
};

/** Of a multitrack stream. Twitch's encoders send up to 6 pictures and 6 sounds; 8 bits allow more than anybody describes. */
const MAX_OTHER_TRACKS = 32;
/** A track beyond the default ones has paused when nothing came for so long. */
const OTHER_PAUSE_MS = 5_000;

/** What a publisher's metadata says it will send. */
export interface AnnouncedTracks {
  readonly audio: boolean;
  readonly video: boolean;
}

/** Codecs of what a viewer is given; null for a kind that it is not given. */
export interface FeedCodecs {
  readonly video: string | null;
  readonly audio: string | null;
}

interface OtherTrack {
  readonly kind: Kind;
  readonly id: number;
  info: VideoTrackInfo | AudioTrackInfo;
  cameMs: number;
}

/**
 * Knows which tracks a stream has, and what that means for viewers who are told them once and for all, as browsers are. A player that
 * was told of a track which never comes stays black, one that was not told cannot add it, and one whose sound ends stops its picture. So
 * newcomers are told what is there now. Who watches already stays through every pause, and is ended when there is no other way: another codec, a
 * track that he was not told of and that stays, sound that does not return.
 */
export class TrackMonitor {
  video: VideoTrackInfo | null = null;
  audio: AudioTrackInfo | null = null;
  readonly #limits: TrackMonitorLimits;
  readonly #others = new Map<string, OtherTrack>();
  #presence: Record<Kind, TrackPresence>;
  #announced: AnnouncedTracks | undefined;
  /** Something of it comes that nobody can use: it is not worth a longer wait. */
  readonly #useless = { audio: false, video: false };
  /** What newcomers are told. */
  #tracks: Tracks | undefined;
  /** When something was known first of a default track. */
  #firstKnownMs: number | undefined;
  #firstStreamMs: number | undefined;
  #lastStreamMs = 0;
  #state = '';
  #signature: string | undefined;

  constructor(limits: TrackMonitorLimits = defaultTrackMonitorLimits) {
    this.#limits = limits;
    this.#presence = this.#newPresence();
  }

  /** The tracks that newcomers are told of; undefined while that is not decided. */
  get tracks(): Tracks | undefined {
    return this.#tracks;
  }

  /** What is known of a default track. */
  presence(kind: Kind): TrackPresence {
    return this.#presence[kind];
  }

  /** Metadata said what will come. A hint only: some encoders announce what they never send. */
  announce(announced: AnnouncedTracks): void {
    if (!announced.audio && !announced.video) return;
    this.#announced = announced;
    this.#presence.audio.announce(announced.audio);
    this.#presence.video.announce(announced.video);
  }

  /** A sequence header, or a frame of a codec without one, told what the video track is. */
  describeVideo(info: VideoTrackInfo, nowMs: number): void {
    this.video = info;
    this.#useless.video = false;
    this.#firstKnownMs ??= nowMs;
    this.#presence.video.header();
    this.#sign();
  }

  /** A frame of a default track came that nobody can use. */
  useless(kind: Kind): void {
    this.#useless[kind] = true;
  }

  /** A keyframe of VP8 or VP9 knows the size of the picture, and less than a sequence header of all else. */
  describeVideoByFrame(info: VideoTrackInfo, nowMs: number): void {
    const { width, height } = info;
    this.describeVideo(this.video?.codec === info.codec ? { ...this.video, width, height } : info, nowMs);
  }

  describeAudio(info: AudioTrackInfo, nowMs: number): void {
    this.audio = info;
    this.#useless.audio = false;
    this.#firstKnownMs ??= nowMs;
    this.#presence.audio.header();
    this.#sign();
  }

  /** Notes a coded frame of a default track, at its stream time, and when it arrived. */
  frame(kind: Kind, streamMs: number, arrivedMs: number): void {
    this.#firstKnownMs ??= arrivedMs;
    this.#firstStreamMs ??= streamMs;
    this.#lastStreamMs = Math.max(this.#lastStreamMs, streamMs);
    const presence = this.#presence[kind];
    presence.frame(streamMs, arrivedMs);
    const other = this.#presence[kind === 'audio' ? 'video' : 'audio'];
    other.otherFrame(streamMs, arrivedMs, presence.usualMs);
  }

  /** True while a track beyond the default one is not known and there is room to know it. */
  wantsOther(kind: Kind, id: number): boolean {
    return this.#others.size < MAX_OTHER_TRACKS && !this.#others.has(otherKey(kind, id));
  }

  describeOther(track: Pick<OtherTrack, 'kind' | 'id' | 'info'>, nowMs: number): void {
    const key = otherKey(track.kind, track.id);
    if (this.#others.size >= MAX_OTHER_TRACKS && !this.#others.has(key)) return;
    this.#others.set(key, { ...track, cameMs: nowMs });
    this.#sign();
  }

  /** Notes a frame of a track beyond the default one. */
  otherFrame(kind: Kind, id: number, nowMs: number): void {
    const track = this.#others.get(otherKey(kind, id));
    if (track) track.cameMs = nowMs;
  }

  /** What is known of all tracks at `nowMs`, the default ones first. */
  all(nowMs: number): TrackSnapshot[] {
    const all: TrackSnapshot[] = [];
    const { video, audio } = this.#presence;
    if (this.video && video.state !== 'absent') {
      all.push({ kind: 'video', id: 0, info: this.video, state: video.state });
    }
    if (this.audio && audio.state !== 'absent') {
      all.push({ kind: 'audio', id: 0, info: this.audio, state: audio.state });
    }
    for (const { kind, id, info, cameMs } of this.#others.values()) {
      const state = nowMs - cameMs < OTHER_PAUSE_MS ? 'present' : 'paused';
      all.push({ kind, id, info, state } as TrackSnapshot);
    }
    return all;
  }

  /** Whether a default track is part of the stream: there, believed to be, or away for a while. Before that is decided, whether it is known. */
  has(kind: Kind): boolean {
    const { state, isSteady } = this.#presence[kind];
    return (
      state === 'present' ||
      state === 'paused' ||
      isSteady ||
      (this.#tracks === undefined && this[kind] !== null)
    );
  }

  /** Whether the tracks that somebody picked are among them. */
  offers({ video, audio }: TrackPick): boolean {
    return (
      (video === 0 || this.#others.has(otherKey('video', video))) &&
      (audio === 0 || this.#others.has(otherKey('audio', audio)))
    );
  }

  /** What a newcomer gets who picked these tracks. */
  codecsOf(pick: TrackPick | undefined): FeedCodecs {
    return {
      video: this.#codecOf('video', pick?.video ?? 0),
      audio: this.#codecOf('audio', pick?.audio ?? 0),
    };
  }

  /** Whether somebody who was told of these codecs, once and for all, can go on watching. */
  canGoOn(pick: TrackPick | undefined, told: FeedCodecs): boolean {
    return (
      this.#kindCanGoOn('video', pick?.video ?? 0, told) && this.#kindCanGoOn('audio', pick?.audio ?? 0, told)
    );
  }

  /** Decides when the time has come, or decides anew. */
  update(monotonicMs: number): void {
    const { audio, video } = this.#presence;
    if (this.#tracks === undefined) {
      if (!this.#isDecided(monotonicMs)) return;
      audio.settle(this.#lastStreamMs);
      video.settle(this.#lastStreamMs);
    }
    // Frames of a codec that nobody knows are nothing that a player could be told of.
    const now = {
      audio: audio.isSteady && this.audio !== null,
      video: video.isSteady && this.video !== null,
    };
    // Between two tracks that take turns there may be none: whoever comes then is told what the last one was.
    if (now.audio || now.video) this.#tracks = now;
    const state = `${audio.state} ${video.state} ${now.audio} ${now.video}`;
    if (state === this.#state) return;
    this.#state = state;
    this.#sign();
  }

  /** All that viewers and pages are told, in one line, once that is decided. Another one than before is news. */
  get signature(): string | undefined {
    return this.#signature;
  }

  #sign(): void {
    if (this.#tracks === undefined) return;
    const others = [...this.#others].map(([key, { info }]) => ` ${key} ${info.codec}`);
    this.#signature = `${this.#state} ${this.video?.codec} ${this.audio?.codec}${others.join('')}`;
  }

  /** How long something has been known of a track. */
  knownForMs(nowMs: number): number {
    return this.#firstKnownMs === undefined ? 0 : nowMs - this.#firstKnownMs;
  }

  /** A new publisher: nothing is known of its tracks. */
  restart(): void {
    this.video = null;
    this.audio = null;
    this.#useless.video = this.#useless.audio = false;
    this.#others.clear();
    this.#presence = this.#newPresence();
    this.#announced = undefined;
    this.#tracks = undefined;
    this.#firstKnownMs = undefined;
    this.#firstStreamMs = undefined;
    this.#lastStreamMs = 0;
    this.#state = '';
    this.#signature = undefined;
  }

  #newPresence(): Record<Kind, TrackPresence> {
    return { audio: new TrackPresence(this.#limits.audio), video: new TrackPresence(this.#limits.video) };
  }

  #codecOf(kind: Kind, id: number): string | null {
    if (id !== 0) return this.#others.get(otherKey(kind, id))?.info.codec ?? null;
    return this.#tracks?.[kind] ? (this[kind]?.codec ?? '') : null;
  }

  #kindCanGoOn(kind: Kind, id: number, told: FeedCodecs): boolean {
    if (id !== 0) {
      const codec = this.#others.get(otherKey(kind, id))?.info.codec;
      return codec === undefined || codec === told[kind];
    }
    const presence = this.#presence[kind];
    if (told[kind] === null) return this.#tracks?.[kind] !== true;
    const codec = this[kind]?.codec;
    if (codec !== undefined && codec !== told[kind]) return false;
    // Sound that has ended stops the picture of a browser; sound goes on without pictures.
    const hasEnded = presence.state === 'gone' && kind === 'audio';
    return !hasEnded && (presence.came || presence.isSteady);
  }

  #isDecided(monotonicMs: number): boolean {
    if (this.#firstKnownMs === undefined) return false;
    const missing = (['audio', 'video'] as const).filter((kind) => this[kind] === null);
    if (missing.every((kind) => this.#announced && !this.#presence[kind].isExpected))
      return missing.length < 2;
    const { expectedMs, settleMs } = this.#limits;
    const limitMs = missing.some((kind) => this.#presence[kind].isExpected && !this.#useless[kind])
      ? expectedMs
      : settleMs;
    // What another process of ours kept comes at once: its timeline shows as well that a track is not there.
    const streamMs = this.#lastStreamMs - (this.#firstStreamMs ?? this.#lastStreamMs);
    return Math.max(monotonicMs - this.#firstKnownMs, streamMs) >= limitMs;
  }
}

const otherKey = (kind: Kind, id: number): string => `${kind} ${id}`;
