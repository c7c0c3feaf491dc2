import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Refusal } from '../../shared/contract/errors.ts';
import { retryAfterOf } from './refusal-error.ts';

/** A peer that does not close its side is cut after this. */
const CLOSE_MS = 2_000;

interface RawAnswer {
  /** Where HTTP has a more exact status than the refusal. */
  readonly status?: number;
  /** Pages of other sites may read it, as they may read the stream. */
  readonly isPublic?: boolean;
}

/** A refusal as the bytes of a whole response, for sockets that no framework answers on. The connection ends with it. */
export function rawRefusal(
  refusal: Refusal,
  { status = refusal.httpStatus, isPublic = false }: RawAnswer = {},
): string {
  const { code, message } = refusal;
  const body = JSON.stringify({ error: { code, message } });
  const retryAfter = retryAfterOf(refusal, status);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(isPublic ? ['access-control-allow-origin: *'] : []),
    ...(retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]),
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

/** Says why and closes, whatever else the peer has sent: none of it is read any more. */
export function refuseAndCut(socket: Socket, refusal: Refusal): void {
  if (socket.destroyed) return;
  socket.pause();
  socket.setTimeout(CLOSE_MS, () => socket.destroy());
  socket.end(rawRefusal(refusal), () => socket.destroy());
}
