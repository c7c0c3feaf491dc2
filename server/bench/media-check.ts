import { hasFrameMark, LEAD_BYTES, markSentUs, markSequence } from './frame-mark.ts';
import type { LatencyHistogram } from './latency-histogram.ts';

/** What the viewers of one thread share. */
export interface LoadState {
  /** Of the read that is being looked at. */
  nowUs: number;
  /** True while figures count. */
  measuring: boolean;
  readonly latency: LatencyHistogram;
}

const AUDIO = 8;
const VIDEO = 9;

/** Checks one viewer's tags or messages. Each is told when it begins and when its last byte has come. */
export class MediaCheck {
  /** When the first keyframe was whole; 0 before. */
  firstKeyframeUs = 0;
  /** Timestamps that went back on their track. */
  regressions = 0;
  /** Places where the sequence numbers of the video did not go on by one. */
  gaps = 0;
  readonly #load: LoadState;
  readonly #openedUs: number;
  /** A viewer who is slow on purpose is late on purpose. */
  readonly #countsLatency: boolean;
  #lastVideoMs = -1;
  #lastAudioMs = -1;
  #lastSequence = -1;
  #isKeyframe = false;
  #sentUs = -1;
  #sequence = -1;

  constructor(load: LoadState, openedUs: number, countsLatency = true) {
    this.#load = load;
    this.#openedUs = openedUs;
    this.#countsLatency = countsLatency;
  }

  /** A body begins at `at`; its first bytes are there, `LEAD_BYTES` of them if it is as long. */
  begin(type: number, timestampMs: number, size: number, bytes: Uint8Array, at: number): void {
    this.#isKeyframe = false;
    this.#sentUs = -1;
    if (type === AUDIO) {
      if (timestampMs < this.#lastAudioMs) this.regressions++;
      this.#lastAudioMs = timestampMs;
    } else if (type === VIDEO) {
      if (timestampMs < this.#lastVideoMs) this.regressions++;
      this.#lastVideoMs = timestampMs;
      if (size >= LEAD_BYTES && bytes[at + 1] === 1 && hasFrameMark(bytes, at)) {
        this.#isKeyframe = bytes[at]! >> 4 === 1;
        this.#sentUs = markSentUs(bytes, at);
        this.#sequence = markSequence(bytes, at);
      }
    }
  }

  /** The body that began is whole. */
  end(): void {
    if (this.#sentUs < 0) return;
    const { nowUs, measuring, latency } = this.#load;
    if (this.#isKeyframe && this.firstKeyframeUs === 0) this.firstKeyframeUs = nowUs;
    if (this.#lastSequence >= 0 && this.#sequence !== this.#lastSequence + 1) this.gaps++;
    this.#lastSequence = this.#sequence;
    // What comes out of the server's cache was sent before this viewer was there.
    if (measuring && this.#countsLatency && this.#sentUs > this.#openedUs) latency.add(nowUs - this.#sentUs);
  }
}
