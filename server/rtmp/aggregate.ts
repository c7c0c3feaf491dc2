// RTMP 1.0 section 7.1.6: an aggregate message (type 22) holds sub-messages laid out like FLV tags. Flash Media Server
// and Wowza relays send them; OBS and FFmpeg do not.

import { messageType, type RtmpMessage } from './message.ts';

const HEADER = 11;
const BACK_POINTER = 4;

/**
 * Takes the sub-messages out of an aggregate, one a call. Their times are shifted so that the first has the
 * aggregate's own; its stream id wins over theirs. Only media and data come out: control and nested aggregates are
 * left behind. A truncated tail is dropped, back pointers are not looked at (the last one is often missing).
 */
export class AggregateReader {
  readonly #aggregate: RtmpMessage;
  #at = 0;
  #firstTimestamp: number | undefined;

  constructor(aggregate: RtmpMessage) {
    this.#aggregate = aggregate;
  }

  next(): RtmpMessage | undefined {
    const { body, timestamp, messageStreamId, chunkStreamId } = this.#aggregate;
    while (this.#at + HEADER <= body.length) {
      const at = this.#at;
      const typeId = body[at]!;
      const length = (body[at + 1]! << 16) | (body[at + 2]! << 8) | body[at + 3]!;
      const ownTimestamp =
        ((body[at + 7]! << 24) | (body[at + 4]! << 16) | (body[at + 5]! << 8) | body[at + 6]!) >>> 0;
      const start = at + HEADER;
      if (start + length > body.length) break;
      this.#at = start + length + BACK_POINTER;
      this.#firstTimestamp ??= ownTimestamp;
      if (!relayedTypes.has(typeId)) continue;
      return {
        typeId,
        timestamp: (timestamp + ownTimestamp - this.#firstTimestamp) >>> 0,
        messageStreamId,
        chunkStreamId,
        body: body.subarray(start, start + length),
      };
    }
    this.#at = body.length;
    return undefined;
  }
}

const relayedTypes: ReadonlySet<number> = new Set([
  messageType.audio,
  messageType.video,
  messageType.dataAmf0,
  messageType.dataAmf3,
]);
