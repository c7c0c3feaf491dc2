import { type FlvTag, flvTagBytes, writeFlvBackPointer, writeFlvTagHeader } from './flv-tag.ts';

/** Bytes of all the tags with their headers and back pointers. */
export function flvTagsBytes(tags: readonly FlvTag[]): number {
  let length = 0;
  for (const tag of tags) length += flvTagBytes(tag.body.length);
  return length;
}

/**
 * Writes the tags into a buffer that has room for them and gives the offset behind the last one. `timeBaseMs` is
 * the stream time that becomes 0; what is older becomes 0, too, because a timestamp has no sign.
 */
export function writeFlvTags(
  into: Uint8Array,
  start: number,
  tags: readonly FlvTag[],
  timeBaseMs = 0,
): number {
  let at = start;
  for (const { kind, timestampMs, body } of tags) {
    const time = Math.max(0, timestampMs - timeBaseMs);
    at = writeFlvTagHeader(into, at, { kind, bodyBytes: body.length, timestampMs: time });
    into.set(body, at);
    at = writeFlvBackPointer(into, at + body.length, body.length);
  }
  return at;
}

/** All the tags in one new buffer, so that one write sends them. */
export function encodeFlvTags(tags: readonly FlvTag[], timeBaseMs = 0): Uint8Array {
  const bytes = new Uint8Array(flvTagsBytes(tags));
  writeFlvTags(bytes, 0, tags, timeBaseMs);
  return bytes;
}
