import { bytesEqual } from '../bytes/bytes-equal.ts';
import { newNalWalk, nextWithLength, walkFrom } from '../codec/nal-units.ts';
import {
  isComplete,
  MAX_SET_BYTES,
  MAX_SETS,
  pictureSetId,
  type SetCodec,
  setKind,
  type VideoRecord,
} from './video-record.ts';

/** Parameter sets that come with the pictures ("in band"), or in packets of their own just before one. */
export class BandSets {
  readonly #walk = newNalWalk();
  #sets: Uint8Array[] = [];
  #open = false;

  /** Keeps copies of the sets among units with lengths. The first after a picture begin anew. */
  collect(codec: SetCodec, units: Uint8Array, from: number, to: number, lengthSize: number): void {
    if (!this.#open) this.#sets = [];
    this.#open = true;
    walkFrom(this.#walk, from, to);
    while (nextWithLength(units, this.#walk, lengthSize) && this.#sets.length < MAX_SETS) {
      const set = units.subarray(this.#walk.start, this.#walk.end);
      if (set.length > MAX_SET_BYTES) continue;
      if (setKind(codec, set) && !has(this.#sets, set)) this.#sets.push(set.slice());
    }
  }

  /** The picture that these sets are for has come. */
  pictureCame(): void {
    this.#open = false;
  }

  /** What a decoder needs now, where that is not what `known` holds; undefined where nothing is new, or something is still missing. */
  recordAfter(codec: SetCodec, known: VideoRecord | undefined): VideoRecord | undefined {
    const band = this.#sets;
    const before = known?.sets ?? [];
    if (band.every((set) => has(before, set))) return undefined;
    const sets = isComplete(codec, band) ? band : merged(codec, before, band);
    if (!isComplete(codec, sets)) return undefined;
    return { codec, nalLengthSize: known?.nalLengthSize ?? 4, sets };
  }
}

const has = (sets: readonly Uint8Array[], set: Uint8Array): boolean =>
  sets.some((one) => bytesEqual(one, set));

/** Sets that come without those that they refer to take the places of those before them. */
function merged(codec: SetCodec, before: readonly Uint8Array[], band: readonly Uint8Array[]): Uint8Array[] {
  const places = new Map<string, Uint8Array>();
  for (const set of [...before, ...band]) places.set(placeOf(codec, set), set);
  return [...places.values()];
}

/** Encoders use one video and one sequence set; of picture sets they have several, told apart by their id. */
function placeOf(codec: SetCodec, set: Uint8Array): string {
  const kind = setKind(codec, set);
  if (kind !== 'picture') return String(kind);
  return `picture ${pictureSetId(codec, set)}`;
}
