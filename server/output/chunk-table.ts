import { chunkStreamId } from '../rtmp/chunk-writer.ts';

/** Where a message lies in shared bytes, and where each of its chunks ends. */
export interface ChunkedMessage {
  readonly kind: 'audio' | 'video' | 'data';
  readonly start: number;
  /** Offsets in the bytes; the last one is the message's end. */
  readonly ends: readonly number[];
}

const EXTENDED = 0xffffff;

const kinds: ReadonlyMap<number, ChunkedMessage['kind']> = new Map([
  [chunkStreamId.audio, 'audio'],
  [chunkStreamId.video, 'video'],
  [chunkStreamId.data, 'data'],
]);

/** All slow players of a stream share its bytes, and so what is found in them. */
const known = new WeakMap<Uint8Array, readonly ChunkedMessage[]>();

/** Finds the messages and chunks in bytes that `rtmpContainer` made: a full header, then type 3 continuations. */
export function chunkTable(bytes: Uint8Array, chunkSize: number): readonly ChunkedMessage[] {
  const found = known.get(bytes);
  if (found) return found;
  const messages: ChunkedMessage[] = [];
  for (let at = 0; at < bytes.length; ) {
    const message = readMessage(bytes, at, chunkSize);
    messages.push(message);
    at = message.ends.at(-1) ?? bytes.length;
  }
  known.set(bytes, messages);
  return messages;
}

function readMessage(bytes: Uint8Array, start: number, chunkSize: number): ChunkedMessage {
  const kind = kinds.get(bytes[start] ?? 0);
  if (kind === undefined) throw new Error(`no full header of shared media at ${start}`);
  const timestamp = readU24(bytes, start + 1);
  const extra = timestamp === EXTENDED ? 4 : 0;
  let left = readU24(bytes, start + 4);
  let at = start + 12 + extra;
  const ends: number[] = [];
  for (;;) {
    const take = Math.min(left, chunkSize);
    at += take;
    left -= take;
    ends.push(at);
    if (at > bytes.length) throw new Error('shared media ends inside a chunk');
    if (left === 0) return { kind, start, ends };
    at += 1 + extra;
  }
}

const readU24 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
