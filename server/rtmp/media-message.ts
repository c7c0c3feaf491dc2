import { messageType, type RtmpMessage } from './message.ts';
import type { MediaEvent } from './session-event.ts';

const STRING_MARKER = 0x02;

/** True for the types that carry media or data. */
export const isMediaType = (typeId: number): boolean =>
  typeId === messageType.audio ||
  typeId === messageType.video ||
  typeId === messageType.dataAmf0 ||
  typeId === messageType.dataAmf3;

/**
 * The media event of a message of such a type. A data message of type 15 is a zero byte and then AMF0 as in type 18,
 * so it becomes one; `undefined` for one that is something else, which no player would understand.
 */
export function toMediaEvent(message: RtmpMessage): MediaEvent | undefined {
  const { timestamp, messageStreamId, body } = message;
  switch (message.typeId) {
    case messageType.audio:
      return { type: 'media', kind: 'audio', timestamp, body, messageStreamId };
    case messageType.video:
      return { type: 'media', kind: 'video', timestamp, body, messageStreamId };
    case messageType.dataAmf0:
      return { type: 'media', kind: 'data', timestamp, body, messageStreamId };
    case messageType.dataAmf3: {
      const start = body[0] === 0 ? 1 : 0;
      if (body[start] !== STRING_MARKER) return undefined;
      return { type: 'media', kind: 'data', timestamp, body: body.slice(start), messageStreamId };
    }
    default:
      throw new Error(`message type ${message.typeId} is no media`);
  }
}

/** The message type that a kind of media travels as. */
export const mediaTypeId = {
  audio: messageType.audio,
  video: messageType.video,
  data: messageType.dataAmf0,
} as const;
