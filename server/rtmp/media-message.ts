import type { AmfValue } from '../../shared/amf/amf-value.ts';
import { Amf0Decoder } from '../../shared/amf/amf0-decode.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { amf0Marker } from '../../shared/amf/amf0-marker.ts';
import { ProtocolError } from '../../shared/bytes/protocol-error.ts';
import { messageType, type RtmpMessage } from './message.ts';
import type { MediaEvent } from './session-event.ts';

const STRING_MARKER = 0x02;

/** Invalid UTF-8 grows to three times its size when written again, and a key of AMF0 has at most 65535 bytes. */
const CONVERSION_LIMITS = { maxStringBytes: 21_845 };

/** True for the types that carry media or data. */
export const isMediaType = (typeId: number): boolean =>
  typeId === messageType.audio ||
  typeId === messageType.video ||
  typeId === messageType.dataAmf0 ||
  typeId === messageType.dataAmf3;

/**
 * The media event of a message of such a type. `undefined` for a data message that no player would understand: one that
 * does not begin with a name, or holds AMF3 that cannot be told in AMF0.
 */
export function toMediaEvent(message: RtmpMessage): MediaEvent | undefined {
  const { timestamp, messageStreamId, body } = message;
  switch (message.typeId) {
    case messageType.audio:
      return { type: 'media', kind: 'audio', timestamp, body, messageStreamId };
    case messageType.video:
      return { type: 'media', kind: 'video', timestamp, body, messageStreamId };
    case messageType.dataAmf0:
      return dataEvent(message, body);
    case messageType.dataAmf3:
      // A zero byte and then what a message of type 18 holds; some clients leave the zero out.
      return dataEvent(message, body[0] === 0 ? body.slice(1) : body);
    default:
      throw new Error(`message type ${message.typeId} is no media`);
  }
}

function dataEvent({ typeId, timestamp, messageStreamId }: RtmpMessage, body: Uint8Array) {
  if (typeId === messageType.dataAmf3 && body[0] !== STRING_MARKER) return undefined;
  const plain = withoutAmf3(body);
  if (plain === undefined) return undefined;
  return { type: 'media', kind: 'data', timestamp, body: plain, messageStreamId } satisfies MediaEvent;
}

/**
 * The same values in AMF0 alone, since FLV players know nothing else. Nearly always that is the body itself, which is
 * never judged: what cannot be decoded may be somebody's own format, as long as no AMF3 was met in it.
 */
function withoutAmf3(body: Uint8Array): Uint8Array | undefined {
  if (!body.includes(amf0Marker.avmPlus)) return body;
  const decoder = new Amf0Decoder(body, CONVERSION_LIMITS);
  const values: AmfValue[] = [];
  try {
    while (decoder.remaining > 0) values.push(decoder.next());
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return decoder.sawAmf3 ? undefined : body;
  }
  return decoder.sawAmf3 ? encodeAmf0(values) : body;
}

/** The message type that a kind of media travels as. */
export const mediaTypeId = {
  audio: messageType.audio,
  video: messageType.video,
  data: messageType.dataAmf0,
} as const;
