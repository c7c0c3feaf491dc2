import type { ProtocolErrorCode } from '../../shared/bytes/protocol-error.ts';
import type { ChunkStreams } from './chunk-stream.ts';
import { isControlType, messageType } from './message.ts';

/** What a reader noticed that tells where a sender really cuts its chunks. */
export interface ChunkSizeEvidence {
  /** The sender has sent Set Chunk Size. */
  readonly announced: boolean;
  /** A message of which a part has come. Its sender may see no end of a chunk where we see one. */
  readonly unfinished?: { readonly typeId: number; readonly length: number; readonly received: number };
  /** A message that came lately has headers of chunks in its body, each after this many bytes. */
  readonly cutAt?: number;
  /** A long message came lately, and none that is longer than the announced size ever came whole. */
  readonly untried: boolean;
}

/** The size until a Set Chunk Size (5.4.1). */
const FIRST_SIZE = 128;
/** What a wrong cut leaves behind is read as a few short messages at most before it makes no sense. */
const LATELY = 8;

/** Looks at messages for signs that their chunks are not cut where the sender said. */
export class ChunkCutWatch {
  /** The size before the last Set Chunk Size: a sender that announces and does nothing goes on with it. */
  formerSize = FIRST_SIZE;
  #announced = false;
  #proven = false;
  #cutNoted = Number.NEGATIVE_INFINITY;
  #longNoted = Number.NEGATIVE_INFINITY;

  /** Set Chunk Size came. */
  sizeChanged(former: number, size: number): void {
    this.#announced = true;
    if (size === former) return;
    this.formerSize = former;
    this.#proven = false;
  }

  /** Message number `count` came whole. Only to be told of those that are longer than `formerSize`. */
  sawLong(body: Uint8Array, chunkStreamId: number, chunkSize: number, count: number): void {
    if (body.length > chunkSize) this.#proven = true;
    this.#longNoted = count;
    if (this.formerSize < chunkSize && isCutEach(body, this.formerSize, 0xc0 | chunkStreamId)) {
      this.#cutNoted = count;
    }
  }

  /** What is known after so many messages. */
  evidence(count: number, streams: ChunkStreams): ChunkSizeEvidence {
    const half = streams.findUnfinished();
    const isLate = (noted: number): boolean => !this.#proven && count - noted < LATELY;
    return {
      announced: this.#announced,
      ...(half && { unfinished: { typeId: half.typeId, length: half.length, received: half.received } }),
      ...(isLate(this.#cutNoted) && { cutAt: this.formerSize }),
      untried: isLate(this.#longNoted),
    };
  }
}

/** Whether a header of one byte stands after each `size` bytes. */
function isCutEach(body: Uint8Array, size: number, header: number): boolean {
  for (let at = size; at < body.length; at += size + 1) if (body[at] !== header) return false;
  return true;
}

/** The parts of a diagnostic that a cause is judged by. */
export interface FaultyHeader {
  readonly chunkSize: number;
  /** Undefined for a fault in the content of a message. */
  readonly fmt?: number;
  readonly typeId?: number;
  readonly length?: number;
  readonly chunkSizes?: ChunkSizeEvidence;
}

/**
 * In plain words, that the sender does not cut its chunks where it said, and what to change; `undefined` when nothing speaks
 * for it. It is the commonest mistake of encoders, and shows far from its cause: as nonsense where a header should be.
 */
export function likelyChunkSizeFault(code: ProtocolErrorCode, where: FaultyHeader): string | undefined {
  const { chunkSize, fmt, chunkSizes } = where;
  if (chunkSizes === undefined) return undefined;
  const { announced, unfinished, cutAt, untried } = chunkSizes;
  const isNonsense = code === 'bad-chunk-header' || (code === 'too-large' && isAbsurd(where));
  const isGarbled = fmt === undefined && (code === 'bad-marker' || code === 'truncated');
  if (cutAt !== undefined && (isNonsense || isGarbled)) {
    return `The sender probably still cuts its chunks at ${cutAt} bytes although it announced ${chunkSize}. Let it announce the size that it uses.`;
  }
  if (fmt === undefined || !isNonsense) return undefined;
  if (unfinished !== undefined) {
    return announced
      ? `The sender probably cuts its chunks longer than the ${chunkSize} bytes that it announced. Let it send Set Chunk Size with the size that it uses, before the first such chunk.`
      : `The sender probably cuts its chunks longer than ${chunkSize} bytes and has not said so. Let it send Set Chunk Size before the first longer chunk.`;
  }
  if (!announced || !untried) return undefined;
  return `The sender probably does not cut its chunks at the ${chunkSize} bytes that it announced. Let it announce the size that it uses.`;
}

const known: ReadonlySet<number> = new Set(Object.values(messageType));

/** No sender means this: a type that does not exist, or a control message of many bytes. */
const isAbsurd = ({ typeId = 0 }: FaultyHeader): boolean => !known.has(typeId) || isControlType(typeId);
