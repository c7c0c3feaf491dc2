/** Linear buckets for each power of two: a value is known to within 1.6 %. */
const SUB_BUCKETS = 64;
const POWERS = 30;
const BUCKETS = SUB_BUCKETS * (POWERS + 1);

/** Counts durations without keeping them: nothing is allocated when one is added, and two histograms add up. */
export class LatencyHistogram {
  readonly #counts: Float64Array;
  #total = 0;

  /** `counts` is what another thread's histogram gave. */
  constructor(counts: Float64Array = new Float64Array(BUCKETS)) {
    if (counts.length !== BUCKETS) throw new Error(`a histogram has ${BUCKETS} buckets`);
    this.#counts = counts;
    for (const count of counts) this.#total += count;
  }

  get total(): number {
    return this.#total;
  }

  /** To send to another thread. */
  get counts(): Float64Array {
    return this.#counts;
  }

  /** Negative durations count as 0: the clocks of two cores may differ by less than a microsecond. */
  add(durationUs: number): void {
    const bucket = bucketOf(Math.max(0, Math.floor(durationUs)));
    this.#counts[bucket] = this.#counts[bucket]! + 1;
    this.#total++;
  }

  merge(other: LatencyHistogram): void {
    for (let i = 0; i < BUCKETS; i++) this.#counts[i] = this.#counts[i]! + other.counts[i]!;
    this.#total += other.total;
  }

  /** In milliseconds; `undefined` when nothing was added. `share` is 0.5 for the median. */
  percentileMs(share: number): number | undefined {
    if (this.#total === 0) return undefined;
    const wanted = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= wanted) return middleOf(bucket) / 1000;
    }
    return middleOf(BUCKETS - 1) / 1000;
  }
}

function bucketOf(us: number): number {
  if (us < SUB_BUCKETS) return us;
  const power = Math.floor(Math.log2(us)) - 6;
  const bucket = SUB_BUCKETS * (power + 1) + Math.floor(us / 2 ** power) - SUB_BUCKETS;
  return Math.min(bucket, BUCKETS - 1);
}

function middleOf(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const width = 2 ** (Math.floor(bucket / SUB_BUCKETS) - 1);
  return (SUB_BUCKETS + (bucket % SUB_BUCKETS)) * width + (width - 1) / 2;
}
