import type { AudioTrackInfo, VideoTrackInfo } from '../../shared/media/track-info.ts';
import type { TrackPick, Tracks } from './container.ts';
import type { TrackSnapshot } from './snapshot.ts';

export interface TrackMonitorLimits {
  /** How long the second track is waited for after the first one is known. */
  readonly settleMs: number;
  /** A track that is this far behind the other one has stopped. Sound comes every 23 ms, so 2 s is a stop and no gap. */
  readonly audioStopMs: number;
  /** Pictures may be rare (slides, cameras at night), so they are waited for longer. */
  readonly videoStopMs: number;
}

export const defaultTrackMonitorLimits: TrackMonitorLimits = {
  settleMs: 1_000,
  audioStopMs: 2_000,
  videoStopMs: 5_000,
};

/** A longer step of one track is a hole in the stream, and says nothing about the other track. */
const MAX_COUNTED_STEP_MS = 500;

/** Of a multitrack stream. Twitch's encoders send up to 6 pictures and 6 sounds; 8 bits allow more than anybody describes. */
const MAX_OTHER_TRACKS = 32;

/** What a publisher's metadata says it will send. */
export interface AnnouncedTracks {
  readonly audio: boolean;
  readonly video: boolean;
}

/**
 * Decides which tracks a stream has. Browsers need the truth before the first byte: a player that was told of
 * a track which never comes stays black for ever, and one that comes late cannot be added.
 * So viewers are held until both tracks are known, or the announced ones are, or a second after the first one;
 * afterwards a track that appears or stops is a change, and their responses end so that pages open again.
 */
export class TrackMonitor {
  video: VideoTrackInfo | null = null;
  audio: AudioTrackInfo | null = null;
  readonly #limits: TrackMonitorLimits;
  #settled: Tracks | undefined;
  #signature: string | undefined;
  #announced: AnnouncedTracks | undefined;
  #firstKnownMs: number | undefined;
  readonly #others = new Map<string, TrackSnapshot>();
  readonly #lastFrameMs = { audio: 0, video: 0 };
  /** How far the other track went on since the last frame of this one. */
  readonly #missedMs = { audio: 0, video: 0 };

  constructor(limits: TrackMonitorLimits = defaultTrackMonitorLimits) {
    this.#limits = limits;
  }

  /** The tracks viewers are told of; undefined while that is not decided. */
  get tracks(): Tracks | undefined {
    return this.#settled;
  }

  /** What metadata announced and has not come, once decided. */
  get missing(): AnnouncedTracks {
    const { audio = false, video = false } = this.#announced ?? {};
    const settled = this.#settled;
    return { audio: audio && settled?.audio === false, video: video && settled?.video === false };
  }

  /** Metadata said what will come. A hint only: some encoders announce what they never send. */
  announce(announced: AnnouncedTracks): void {
    if (announced.audio || announced.video) this.#announced = announced;
  }

  /** A sequence header, or a frame of a codec without one, told what the video track is. */
  describeVideo(info: VideoTrackInfo, monotonicMs: number): void {
    this.video = info;
    this.#firstKnownMs ??= monotonicMs;
    this.#sign();
  }

  /** A keyframe of VP8 or VP9 knows the size of the picture, and less than a sequence header of all else. */
  describeVideoByFrame(info: VideoTrackInfo, monotonicMs: number): void {
    const { width, height } = info;
    this.describeVideo(
      this.video?.codec === info.codec ? { ...this.video, width, height } : info,
      monotonicMs,
    );
  }

  describeAudio(info: AudioTrackInfo, monotonicMs: number): void {
    this.audio = info;
    this.#firstKnownMs ??= monotonicMs;
    this.#sign();
  }

  /** What is known of all tracks, the default ones first. */
  get all(): TrackSnapshot[] {
    const all: TrackSnapshot[] = [];
    if (this.video && this.#settled?.video !== false) all.push({ kind: 'video', id: 0, info: this.video });
    if (this.audio && this.#settled?.audio !== false) all.push({ kind: 'audio', id: 0, info: this.audio });
    return all.concat([...this.#others.values()]);
  }

  /** Whether the tracks that somebody picked are among them. */
  offers({ video, audio }: TrackPick): boolean {
    return (
      (video === 0 || this.#others.has(`video ${video}`)) &&
      (audio === 0 || this.#others.has(`audio ${audio}`))
    );
  }

  /** True while a track beyond the default one is not known and there is room to know it. */
  wantsOther(kind: 'audio' | 'video', id: number): boolean {
    return this.#others.size < MAX_OTHER_TRACKS && !this.#others.has(`${kind} ${id}`);
  }

  describeOther(track: TrackSnapshot): void {
    const key = `${track.kind} ${track.id}`;
    if (this.#others.size >= MAX_OTHER_TRACKS && !this.#others.has(key)) return;
    this.#others.set(key, track);
    this.#sign();
  }

  /** Notes a coded frame at its stream time. */
  frame(kind: 'audio' | 'video', streamMs: number): void {
    const stepMs = streamMs - this.#lastFrameMs[kind];
    this.#missedMs[kind === 'audio' ? 'video' : 'audio'] += Math.min(stepMs, MAX_COUNTED_STEP_MS);
    this.#missedMs[kind] = 0;
    this.#lastFrameMs[kind] = streamMs;
  }

  /** Names all tracks and their codecs, once they are decided. Another one than before is news for some viewer. */
  get signature(): string | undefined {
    return this.#signature;
  }

  /**
   * Names the codecs of those tracks that a viewer gets: a browser cannot follow a stream from one to another. Undefined while
   * that is not decided, or while a track that was picked is not there.
   */
  signatureOf(pick: TrackPick | undefined): string | undefined {
    const video = this.#codecOf('video', pick?.video ?? 0);
    const audio = this.#codecOf('audio', pick?.audio ?? 0);
    return video && audio && `${video}+${audio}`;
  }

  #codecOf(kind: 'audio' | 'video', id: number): string | undefined {
    if (id !== 0) return this.#others.get(`${kind} ${id}`)?.info.codec;
    return this.#settled && ((this.#settled[kind] && this[kind]?.codec) || 'none');
  }

  /** Decides when the time has come, or decides anew. True when `tracks` is another answer than before. */
  update(monotonicMs: number): boolean {
    const audio = this.audio !== null && this.#missedMs.audio < this.#limits.audioStopMs;
    const video = this.video !== null && this.#missedMs.video < this.#limits.videoStopMs;
    if (this.#settled?.audio === audio && this.#settled.video === video) return false;
    const present = { audio, video };
    if (!audio && !video) return false;
    if (this.#settled === undefined && !this.#ready(present, monotonicMs)) return false;
    this.#settled = present;
    this.#sign();
    return true;
  }

  /** A new publisher: nothing is known of its tracks. */
  restart(): void {
    this.video = null;
    this.audio = null;
    this.#others.clear();
    this.#settled = undefined;
    this.#signature = undefined;
    this.#announced = undefined;
    this.#firstKnownMs = undefined;
    this.#missedMs.audio = this.#missedMs.video = 0;
  }

  #sign(): void {
    const others = [...this.#others].map(([key, { info }]) => ` ${key} ${info.codec}`);
    const defaults = this.signatureOf(undefined);
    this.#signature = defaults && defaults + others.join('');
  }

  #ready(present: Tracks, monotonicMs: number): boolean {
    if (present.audio && present.video) return true;
    const announced = this.#announced;
    if (announced && (!announced.audio || present.audio) && (!announced.video || present.video)) return true;
    return this.#firstKnownMs !== undefined && monotonicMs - this.#firstKnownMs >= this.#limits.settleMs;
  }
}
