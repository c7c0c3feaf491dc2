import { type FragmentSample, isSync } from './fragment.ts';

/** A longer group is not kept: a stream that has no second keyframe would fill the memory. */
const maxBytes = 16 * 1024 * 1024;

/** The pictures since the last keyframe, in the order of decoding: with them a decoder can begin anew at any time. */
export class PictureGroup {
  #samples: FragmentSample[] = [];
  #bytes = 0;

  /** Without the keyframe at the front nothing is kept. */
  add(sample: FragmentSample): void {
    if (isSync(sample)) this.#clear();
    else if (this.#samples.length === 0) return;
    this.#samples.push(sample);
    this.#bytes += sample.data.length;
    if (this.#bytes > maxBytes) this.#clear();
  }

  /** All of them, the last one lasting until `endTime`. Empty when they are not all there. */
  until(endTime: number): FragmentSample[] {
    return this.#samples.map((sample, i) => {
      const next = this.#samples[i + 1]?.decodeTime ?? endTime;
      return { ...sample, duration: Math.max(1, next - sample.decodeTime) };
    });
  }

  #clear(): void {
    this.#samples = [];
    this.#bytes = 0;
  }
}
