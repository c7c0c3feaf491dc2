// RTMP 1.0 sections 7.1.1 and 7.2: commands. A name, a transaction id, a command object (null but for connect) and
// arguments, in AMF0. Type 17 carries the same after a zero byte; Flash with objectEncoding 3 sends it.

import type { AmfLimits } from '../../shared/amf/amf-budget.ts';
import { type AmfValue, asNumber, asString } from '../../shared/amf/amf-value.ts';
import { Amf0Decoder } from '../../shared/amf/amf0-decode.ts';
import { encodeAmf0 } from '../../shared/amf/amf0-encode.ts';
import { messageType, type RtmpMessage } from './message.ts';

export interface RtmpCommand {
  readonly name: string;
  /** 0 when the sender wants no answer, or sent something that is not a number. */
  readonly transactionId: number;
  readonly messageStreamId: number;
  readonly object: AmfValue;
  readonly args: readonly AmfValue[];
}

const STRING_MARKER = 0x02;

/**
 * The command in a message of type 20 or 17. `undefined` when it does not begin with a name: FFmpeg with a mapped
 * timecode track sends four bytes of something else, and that is to be ignored.
 */
export function decodeCommand(
  message: RtmpMessage,
  limits: Partial<AmfLimits> = {},
): RtmpCommand | undefined {
  const { body, messageStreamId } = message;
  const start = message.typeId === messageType.commandAmf3 && body[0] === 0 ? 1 : 0;
  if (body[start] !== STRING_MARKER) return undefined;
  const decoder = new Amf0Decoder(start === 0 ? body : body.subarray(start), limits);
  const values: AmfValue[] = [];
  while (decoder.remaining > 0) values.push(decoder.next());
  const [name, transactionId, object, ...args] = values;
  return {
    name: asString(name) ?? '',
    transactionId: asNumber(transactionId) ?? 0,
    messageStreamId,
    object,
    args,
  };
}

/** The body of a type 20 message. */
export function encodeCommand(
  name: string,
  transactionId: number,
  object: AmfValue,
  ...args: readonly AmfValue[]
): Uint8Array {
  return encodeAmf0([name, transactionId, object, ...args]);
}
