import { type ChunkedMessage, chunkTable } from './chunk-table.ts';

/** So many chunks in a row may overtake a picture that waits; then it gets one chunk through. */
const MAX_OVERTAKING = 16;

/** A message of which some chunks, or none, have been taken. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
  /** Its place in the order of arrival. */
  readonly order: number;
  at: number;
  chunk: number;
}

/** What may change places. Each queue is one chunk stream, or the session's own, and keeps its order. */
interface Section {
  readonly control: Uint8Array[];
  /** Data and sound have a chunk stream each, and the older message of the two goes first. */
  readonly data: Waiting[];
  readonly audio: Waiting[];
  readonly video: Waiting[];
}

const newSection = (): Section => ({ control: [], data: [], audio: [], video: [] });

/**
 * Decides which chunk leaves next on a connection that cannot send all at once: messages of the session, then sound and
 * data, then pictures. A long picture is overtaken between two of its chunks, which RTMP permits because each kind has its
 * own chunk stream; two messages of one kind never mix, and no chunk is cut.
 */
export class ChunkScheduler {
  /** The first is being sent; nothing of a later one leaves before it is empty. */
  #sections: Section[] = [newSection()];
  #bytes = 0;
  #overtaken = 0;
  #count = 0;

  /** What has been added and not been taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whole messages of the session. They overtake media, never each other. */
  addControl(bytes: Uint8Array): void {
    this.#last.control.push(bytes);
    this.#bytes += bytes.length;
  }

  /** The same, behind all that waits now, and before all that comes later: the beginning and the end of a play. */
  addControlBehind(bytes: Uint8Array): void {
    if (this.#bytes > 0) this.#sections.push(newSection());
    this.addControl(bytes);
  }

  /** Shared media from `from` on, which is 0 or the end of a chunk that has been sent. */
  addMedia(bytes: Uint8Array, chunkSize: number, from = 0): void {
    for (const message of chunkTable(bytes, chunkSize)) {
      const end = message.ends.at(-1) ?? 0;
      if (end > from) this.#addMessage(bytes, message, from);
    }
    this.#bytes += bytes.length - from;
  }

  /** The next chunk, or messages of the session; `undefined` when nothing waits. */
  next(): Uint8Array | undefined {
    if (this.#bytes === 0) return undefined;
    let section = this.#sections[0]!;
    while (isEmpty(section)) {
      this.#sections.shift();
      section = this.#sections[0]!;
    }
    const chunk = this.#take(section);
    this.#bytes -= chunk.length;
    return chunk;
  }

  clear(): void {
    this.#sections = [newSection()];
    this.#bytes = 0;
  }

  get #last(): Section {
    return this.#sections.at(-1)!;
  }

  #addMessage(bytes: Uint8Array, { kind, start, ends }: ChunkedMessage, from: number): void {
    const sent = ends.filter((end) => end <= from).length;
    this.#last[kind].push({ bytes, ends, order: this.#count++, at: Math.max(start, from), chunk: sent });
  }

  #take({ control, data, audio, video }: Section): Uint8Array {
    const urgent = older(data, audio);
    const mayOvertake = video.length === 0 || this.#overtaken < MAX_OVERTAKING;
    if (mayOvertake && (control.length > 0 || urgent)) {
      this.#overtaken = video.length === 0 ? 0 : this.#overtaken + 1;
      return control.shift() ?? takeChunk(urgent!);
    }
    this.#overtaken = 0;
    return takeChunk(video);
  }
}

/** The queue whose first message came first, if there is one. */
function older(one: Waiting[], two: Waiting[]): Waiting[] | undefined {
  const [a, b] = [one[0], two[0]];
  if (!a || !b) return a ? one : b ? two : undefined;
  return a.order < b.order ? one : two;
}

const isEmpty = ({ control, data, audio, video }: Section): boolean =>
  control.length + data.length + audio.length + video.length === 0;

/** The next chunk of the first message. */
function takeChunk(queue: Waiting[]): Uint8Array {
  const message = queue[0]!;
  const end = message.ends[message.chunk++]!;
  const chunk = message.bytes.subarray(message.at, end);
  message.at = end;
  if (message.chunk === message.ends.length) queue.shift();
  return chunk;
}
