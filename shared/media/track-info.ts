/** What is known of a video track from its sequence header or first frame. `null`: not known. */
export interface VideoTrackInfo {
  /** avc, hevc, av1, vp9, vp8, vvc, or the FLV name of an old codec. */
  readonly codec: string;
  /** RFC 6381, for example avc1.64002a. */
  readonly codecString: string | null;
  readonly profile: string | null;
  readonly level: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

/** What is known of an audio track from its sequence header or first frame. `null`: not known. */
export interface AudioTrackInfo {
  /** aac, mp3, opus, flac, ac-3, e-ac-3, or the FLV name of an old codec. */
  readonly codec: string;
  /** RFC 6381, for example mp4a.40.2. */
  readonly codecString: string | null;
  readonly profile: string | null;
  /** Hz */
  readonly sampleRate: number | null;
  readonly channels: number | null;
}
