import {
  type Fragment,
  type FragmentSample,
  isSync,
  presentationTime,
  readFragment,
  writeFragment,
} from './fragment.ts';
import { PictureGroup } from './picture-group.ts';

/** How the last picture is kept up while no other one comes. */
export interface TailPolicy {
  /** How long the newest picture lasts at least, in seconds. 0: as long as the engine says. */
  readonly lastsSeconds: number;
  /**
   * A browser may want another picture behind the one that it shows, else it stops although the first one still lasts. `copy`: a
   * keyframe that is alone is given to it twice. `far`: keyframes follow an hour later, where they are never reached.
   */
  readonly company: 'none' | 'copy' | 'far';
}

type Bytes = Uint8Array<ArrayBuffer>;

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
  readonly #group = new PictureGroup();
  #trackId = 0;
  #last: FragmentSample | null = null;
  #key: FragmentSample | null = null;
  #newestTime = Number.NEGATIVE_INFINITY;
  #end: number | null = null;
  #count = 0;
  #syncTimes: number[] = [];
  #farTime: number | null = null;
  /** The browser has read past what comes next. */
  #readPast = false;
  #readAnew = false;

  /** Where the pictures end, in seconds. One that was made to last may end at any time: there it is where the last one begins. */
  get endSeconds(): number | null {
    return this.#end === null ? null : this.#end / unitsPerSecond;
  }

  /** Pictures so far. */
  get count(): number {
    return this.#count;
  }

  /** Where the keyframes lie that are never to be reached, in seconds; null while there are none. */
  get farSeconds(): number | null {
    return this.#farTime === null ? null : this.#farTime / unitsPerSecond;
  }

  /** The last place before `seconds` where decoding can begin, among pictures that are buffered. */
  syncBefore(seconds: number): number | undefined {
    return this.#syncTimes.findLast((time) => time <= seconds * unitsPerSecond);
  }

  /** Pictures before that place are gone. */
  forgetBefore(time: number): void {
    this.#syncTimes = this.#syncTimes.filter((sync) => sync >= time);
  }

  /** Whether the browser has to read anew, once what was given out last is appended. Says so once. */
  takeReadAnew(): boolean {
    const readAnew = this.#readAnew;
    this.#readAnew = false;
    return readAnew;
  }

  /**
   * What to append in the place of a segment. Before it, what lies behind `farSeconds` has to be removed. `policyAt` is asked with the
   * number of pictures so far, those of the segment among them.
   */
  replace(segment: Bytes, policyAt: (count: number) => TailPolicy): Bytes[] {
    const fragment = readFragment(segment);
    const first = fragment?.samples[0];
    if (fragment === null || first === undefined) return [segment];
    const before = this.#returns(first);
    const newest = this.#note(fragment);
    return [...before, ...(this.#lengthened(fragment, newest, policyAt(this.#count)) ?? [segment])];
  }

  /** No other picture comes: what to append so that the last one stays, where the engine has none left to give out. */
  hold(policy: TailPolicy): Bytes[] {
    const last = this.#last;
    if (last === null || this.#farTime !== null || policy.company !== 'far') return [];
    const end = last.decodeTime + policy.lastsSeconds * unitsPerSecond;
    const group = this.#group.until(end);
    if (group.length === 0) return [];
    this.#readAnew = true;
    return [this.#write(group), ...this.#companions(policy, end)];
  }

  /** Pictures come again: the group goes on with them, as if nothing had been there. */
  #returns(next: FragmentSample): Bytes[] {
    if (this.#farTime !== null) this.#readPast = true;
    this.#farTime = null;
    if (!this.#readPast) return [];
    const group = isSync(next) ? [] : this.#group.until(next.decodeTime);
    // After a step back in time a source buffer leaves out what cannot be decoded by itself.
    if (!isSync(next) && group.length === 0) return [];
    this.#readPast = false;
    this.#readAnew = true;
    return group.length === 0 ? [] : [this.#write(group)];
  }

  /** Returns the newest picture of the fragment, in the order of presentation; null where another one is newer. */
  #note({ samples, trackId }: Fragment): FragmentSample | null {
    let newest: FragmentSample | null = null;
    for (const sample of samples) {
      const time = presentationTime(sample);
      this.#group.add(sample);
      if (isSync(sample)) {
        this.#key = sample;
        this.#syncTimes.push(time);
      }
      if (time < this.#newestTime) continue;
      this.#newestTime = time;
      this.#end = time + sample.duration;
      newest = sample;
    }
    this.#trackId = trackId;
    this.#count += samples.length;
    this.#last = samples.at(-1) ?? this.#last;
    return newest;
  }

  /** Null: the fragment is as it should be. */
  #lengthened({ samples }: Fragment, newest: FragmentSample | null, policy: TailPolicy): Bytes[] | null {
    const last = samples.at(-1);
    const duration = policy.lastsSeconds * unitsPerSecond;
    if (last === undefined || duration <= last.duration) return null;
    const isFar = policy.company === 'far';
    if (newest === null && !isFar) return null;
    if (newest !== null) this.#end = presentationTime(newest);
    // Of pictures out of order the last one decoded is not the last one shown: then both last.
    const long = samples.map((sample) =>
      sample === newest || (isFar && sample === last) ? { ...sample, duration } : sample,
    );
    return [...this.#inPieces(long), ...this.#companions(policy, last.decodeTime + duration)];
  }

  /** Decode times of a fragment add up, so what follows a picture that lasts gets a fragment of its own. */
  #inPieces(samples: readonly FragmentSample[]): Bytes[] {
    const pieces: FragmentSample[][] = [[]];
    for (const sample of samples) {
      const before = pieces.at(-1)?.at(-1);
      const follows = before === undefined || before.decodeTime + before.duration === sample.decodeTime;
      if (follows) pieces.at(-1)?.push(sample);
      else pieces.push([sample]);
    }
    return pieces.map((piece) => this.#write(piece));
  }

  #companions({ company }: TailPolicy, end: number): Bytes[] {
    const last = this.#last;
    if (last === null || company === 'none') return [];
    if (company === 'copy') {
      const isAlone = this.#count === 1 && isSync(last);
      return isAlone
        ? [
            this.#write([
              { ...last, decodeTime: last.decodeTime + copyAfter, duration: end - last.decodeTime },
            ]),
          ]
        : [];
    }
    const key = this.#key;
    if (key === null) return [];
    this.#farTime = end;
    const far = Array.from({ length: farPictures }, (_, i) => ({
      ...key,
      decodeTime: end + i * copyAfter,
      duration: copyAfter,
    }));
    return [this.#write(far)];
  }

  #write(samples: readonly FragmentSample[]): Bytes {
    return writeFragment({ sequence: 0, trackId: this.#trackId, samples });
  }
}
