// Adobe RTMP 1.0 section 7.1.3: shared objects, data that Flash applications keep on their server. A relay has none.

import { decodeUtf8 } from '../../shared/bytes/utf8.ts';
import { messageType, type RtmpMessage } from './message.ts';

export const isSharedObjectType = (typeId: number): boolean =>
  typeId === messageType.sharedObjectAmf0 || typeId === messageType.sharedObjectAmf3;

/** The name at the beginning of such a message; empty when it is cut. Type 16 has a zero byte in front. */
export function sharedObjectName({ typeId, body }: RtmpMessage): string {
  const at = typeId === messageType.sharedObjectAmf3 ? 1 : 0;
  const length = ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0);
  return at + 2 + length <= body.length ? decodeUtf8(body.subarray(at + 2, at + 2 + length)) : '';
}
