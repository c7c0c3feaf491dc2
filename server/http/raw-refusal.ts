import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Refusal } from '../../shared/contract/errors.ts';
import { RETRY_AFTER_SECONDS } from './refusal-error.ts';

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
  { code, message, httpStatus }: Refusal,
  { status = httpStatus, isPublic = false }: RawAnswer = {},
): string {
  const body = JSON.stringify({ error: { code, message } });
  const comeAgain = status === 503 || status === 429;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(isPublic ? ['access-control-allow-origin: *'] : []),
    ...(comeAgain ? [`retry-after: ${RETRY_AFTER_SECONDS}`] : []),
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
