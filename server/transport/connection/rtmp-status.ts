import type { Refusal } from '../../../shared/contract/errors.ts';
import { statusCode } from '../../rtmp/status-code.ts';

/**
 * The code of a refusal that is said on a message stream. librtmp, and so OBS, listens there only to codes of NetStream;
 * what concerns the whole connection has another one by then.
 */
export const publishRefusalCode = ({ rtmpCode }: Refusal): string =>
  rtmpCode.startsWith('NetStream.') ? rtmpCode : statusCode.streamFailed;

/** The same for a player. */
export function playRefusalCode({ rtmpCode }: Refusal): string {
  if (rtmpCode === statusCode.publishBadName) return statusCode.playStreamNotFound;
  return rtmpCode.startsWith('NetStream.Play.') ? rtmpCode : statusCode.playFailed;
}
