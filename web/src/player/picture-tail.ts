import {
  type Fragment,
  type FragmentSample,
  isSync,
  presentationTime,
  readFragment,
  writeFragment,
} from './fragment.ts';

/** How the last picture is kept up while no other one comes. */
export interface TailPolicy {
  /** How long the newest picture lasts at least, in seconds. 0: as long as the engine says. */
  readonly lastsSeconds: number;
  /**
   * A browser may want a second picture behind the one that it shows, else it stops although the first one still lasts. `copy`: a
   * keyframe that is alone is given to it twice. `far`: keyframes follow an hour later, where they are never reached.
   */
  readonly company: 'none' | 'copy' | 'far';
}

/** Both engines count in milliseconds. */
const unitsPerSecond = 1000;
/** Behind the picture that it is a copy of. */
const copyAfter = 40;
/** A browser that has run out of pictures goes on when it has four of them. */
const farPictures = 5;

/**
 * Stands between an engine and the source buffer of pictures. Engines guess how long the newest picture lasts, by the one before; when the
 * next does not come in time there is a hole, and browsers stop the sound, too. Here it is made to last. The next
 * picture simply overlaps it.
 */
export class PictureTail {
  #last: { readonly sample: FragmentSample; readonly trackId: number } | null = null;
  #newestTime = Number.NEGATIVE_INFINITY;
  #end: number | null = null;
  #count = 0;
  #key: FragmentSample | null = null;
  #syncTimes: number[] = [];
  #farTime: number | null = null;
  #startsAnew = false;

  /** Where the pictures end, in seconds. One that was made to last may end at any time: there it is where the last one begins. */
  get endSeconds(): number | null {
    return this.#end === null ? null : this.#end / unitsPerSecond;
  }

  /** Pictures so far. */
  get count(): number {
    return this.#count;
  }

  /** Where the keyframes lie that are never to be reached, in seconds; null while there is none. */
  get farSeconds(): number | null {
    return this.#farTime === null ? null : this.#farTime / unitsPerSecond;
  }

  /** The segment that was replaced last can be decoded without what was before it. */
  get startsAnew(): boolean {
    return this.#startsAnew;
  }

  /** The last place before `seconds` where decoding can begin, among pictures that are buffered. */
  syncBefore(seconds: number): number | undefined {
    return this.#syncTimes.findLast((time) => time <= seconds * unitsPerSecond);
  }

  /** Pictures before that place are gone. */
  forgetBefore(time: number): void {
    this.#syncTimes = this.#syncTimes.filter((sync) => sync >= time);
  }

  /** What to append in the place of a segment. */
  replace(segment: Uint8Array<ArrayBuffer>, policy: TailPolicy): Uint8Array<ArrayBuffer>[] {
    const fragment = readFragment(segment);
    if (fragment === null || fragment.samples.length === 0) return [segment];
    this.#farTime = null;
    this.#startsAnew = fragment.samples.some(isSync);
    const newest = this.#note(fragment);
    if (newest === null) return [segment];
    return this.#lengthened(fragment, newest, policy) ?? [segment];
  }

  /** No other picture comes: what to append so that the last one stays. */
  hold(policy: TailPolicy): Uint8Array<ArrayBuffer>[] {
    const last = this.#last;
    if (last === null || policy.lastsSeconds === 0) return [];
    const { sample, trackId } = last;
    // To append it anew would take away what is shown after it.
    if (presentationTime(sample) < this.#newestTime) return [];
    return this.#lengthened({ sequence: 0, trackId, samples: [sample] }, sample, policy) ?? [];
  }

  /** Returns the newest picture of the fragment, in the order of presentation; null where another one is newer. */
  #note({ samples, trackId }: Fragment): FragmentSample | null {
    let newest: FragmentSample | null = null;
    for (const sample of samples) {
      const time = presentationTime(sample);
      if (isSync(sample)) {
        this.#key = sample;
        this.#syncTimes.push(time);
      }
      if (time < this.#newestTime) continue;
      this.#newestTime = time;
      this.#end = time + sample.duration;
      newest = sample;
    }
    this.#count += samples.length;
    const last = samples.at(-1);
    if (last !== undefined) this.#last = { sample: last, trackId };
    return newest;
  }

  #lengthened(
    { sequence, trackId, samples }: Fragment,
    newest: FragmentSample,
    { lastsSeconds, company }: TailPolicy,
  ): Uint8Array<ArrayBuffer>[] | null {
    const duration = lastsSeconds * unitsPerSecond;
    if (duration <= newest.duration) return null;
    this.#end = presentationTime(newest);
    const at = samples.indexOf(newest);
    const longer = { ...newest, duration };
    // Decode times of a fragment add up, so what is decoded after the newest picture (and shown before it) gets its own.
    const parts = [{ sequence, trackId, samples: [...samples.slice(0, at), longer] }];
    if (at + 1 < samples.length) parts.push({ sequence, trackId, samples: samples.slice(at + 1) });
    const companions = this.#companions(company, longer);
    if (companions.length > 0) parts.push({ sequence, trackId, samples: companions });
    return parts.map(writeFragment);
  }

  #companions(company: TailPolicy['company'], longer: FragmentSample): FragmentSample[] {
    if (company === 'copy') {
      const isAlone = this.#count === 1 && isSync(longer);
      return isAlone ? [{ ...longer, decodeTime: longer.decodeTime + copyAfter }] : [];
    }
    const key = this.#key;
    if (company === 'none' || key === null) return [];
    const farTime = longer.decodeTime + longer.duration;
    this.#farTime = farTime;
    return Array.from({ length: farPictures }, (_, i) => ({
      ...key,
      decodeTime: farTime + i * copyAfter,
      compositionOffset: longer.compositionOffset,
      duration: copyAfter,
    }));
  }
}
