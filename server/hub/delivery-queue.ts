import type { MediaPacket } from '../../shared/media/media-packet.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import type { Subscriber } from './subscriber.ts';

/** A slice ends after so many writes, or bytes: each is about two milliseconds of a core. */
const SLICE_WRITES = 256;
const SLICE_BYTES = 2 * 1024 * 1024;

/** One batch for the viewers of one feed. */
interface Delivery {
  readonly number: number;
  readonly encoded: EncodedBatch;
  readonly viewers: Iterator<Subscriber>;
  readonly headers: readonly MediaPacket[];
  /** Of a slice, for one viewer. */
  readonly share: number;
}

/**
 * Hands a batch to a large audience in slices. A keyframe for thousands of viewers takes a process a tenth of a second:
 * publishers, and who comes meanwhile, have their turn in between. What is left of a batch goes out before the next one.
 */
export class DeliveryQueue {
  readonly #soon: (run: () => void) => void;
  #deliveries: Delivery[] = [];
  #number = 0;
  #scheduled = false;

  /** `soon` runs something once other work of the process has had its turn. */
  constructor(soon: (run: () => void) => void) {
    this.#soon = soon;
  }

  /** Viewers who start now have what was added up to this number. */
  get number(): number {
    return this.#number;
  }

  /** Adds a batch for whoever is in `viewers` when its turn comes, and was not given it by its start. */
  add(encoded: EncodedBatch, viewers: ReadonlySet<Subscriber>, headers: readonly MediaPacket[]): void {
    this.#deliveries.push({
      number: ++this.#number,
      encoded,
      viewers: viewers.values(),
      headers,
      share: 1 / SLICE_WRITES + encoded.batch.bytes / SLICE_BYTES,
    });
  }

  /** Delivers a slice now and the rest soon. */
  run(): void {
    this.#deliver(1);
    if (this.#deliveries.length === 0 || this.#scheduled) return;
    this.#scheduled = true;
    this.#soon(() => {
      this.#scheduled = false;
      this.run();
    });
  }

  /** Delivers all that is left. */
  finish(): void {
    this.#deliver(Number.POSITIVE_INFINITY);
  }

  #deliver(most: number): void {
    let done = 0;
    for (let delivery = this.#deliveries[0]; delivery; delivery = this.#deliveries[0]) {
      const { number, encoded, viewers, headers, share } = delivery;
      for (let next = viewers.next(); !next.done; next = viewers.next()) {
        const viewer = next.value;
        if (viewer.servedUpTo >= number) continue;
        viewer.servedUpTo = number;
        this.#give(viewer, encoded, headers);
        done += share;
        if (done >= most) return;
      }
      this.#deliveries.shift();
    }
  }

  /** A batch that cannot be delivered is given up, so that it breaks once and not for each viewer. */
  #give(viewer: Subscriber, encoded: EncodedBatch, headers: readonly MediaPacket[]): void {
    try {
      viewer.deliver(encoded, headers);
    } catch (error) {
      this.#deliveries = [];
      throw error;
    }
  }
}
