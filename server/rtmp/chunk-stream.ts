import { noBytes } from './chunk-bytes.ts';

/** What is remembered of one chunk stream: the last header for compression, and the message that is being put together. */
export class ChunkStream {
  readonly id: number;
  timestamp = 0;
  /** What a type 3 chunk that starts a message adds: the last delta, or after a type 0 its timestamp (5.3.1.2.4). */
  delta = 0;
  length = 0;
  typeId = 0;
  messageStreamId = 0;
  /** The last type 0, 1 or 2 header had an extended timestamp, and this was its value. */
  extended = false;
  extendedValue = 0;
  /** Type 3 chunks repeat the extended timestamp. False once the peer was seen not to. */
  repeatsExtended = true;
  /** A message has begun and is not whole. */
  inMessage = false;
  received = 0;
  /** Where the message is put together, and how much of that it may use. */
  body: Uint8Array = noBytes;
  capacity = 0;

  constructor(id: number) {
    this.id = id;
  }
}

/** The chunk streams of one direction by id. Nearly all ids are below 64, so those are found without hashing. */
export class ChunkStreams {
  readonly #near: (ChunkStream | undefined)[] = new Array<ChunkStream | undefined>(64).fill(undefined);
  readonly #far = new Map<number, ChunkStream>();
  size = 0;

  get(id: number): ChunkStream | undefined {
    return id < 64 ? this.#near[id] : this.#far.get(id);
  }

  create(id: number): ChunkStream {
    const stream = new ChunkStream(id);
    if (id < 64) this.#near[id] = stream;
    else this.#far.set(id, stream);
    this.size += 1;
    return stream;
  }

  /** A chunk stream whose message has begun and is not whole. */
  findUnfinished(): ChunkStream | undefined {
    const isHalf = (stream: ChunkStream | undefined) => stream?.inMessage === true && stream.received > 0;
    return this.#near.find(isHalf) ?? [...this.#far.values()].find(isHalf);
  }
}
