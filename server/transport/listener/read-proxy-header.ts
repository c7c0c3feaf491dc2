import type { Socket } from 'node:net';
import { ProtocolError, type ProtocolErrorCode } from '../../../shared/bytes/protocol-error.ts';
import { type ProxyHeader, parseProxyHeader } from './proxy-protocol.ts';

/** Why a proxy was not believed. */
export interface ProxyFault {
  readonly code: ProtocolErrorCode;
  readonly reason: string;
}

/**
 * Takes a PROXY header off a fresh connection. Exactly one of the two is called, at most: `done` with the client's
 * address, or undefined where the proxy gives none, and the socket paused with all that followed put back; or `failed`,
 * and the socket destroyed. A connection that ends without a byte, as checks of load balancers do, is nobody's fault.
 */
export function readProxyHeader(
  socket: Socket,
  deadlineMs: number,
  told: { done(source: string | undefined): void; failed(fault: ProxyFault): void },
): void {
  let bytes: Uint8Array = new Uint8Array(0);
  const release = () => {
    clearTimeout(timer);
    socket.off('data', take);
    socket.off('end', ended);
    socket.off('error', gone);
    socket.off('close', release);
  };
  const fail = (fault: ProxyFault) => {
    release();
    socket.on('error', () => {});
    socket.destroy();
    told.failed(fault);
  };
  const take = (part: Uint8Array) => {
    bytes = bytes.length === 0 ? part : Buffer.concat([bytes, part]);
    let header: ProxyHeader | undefined;
    try {
      header = parseProxyHeader(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      fail({ code: error.code, reason: `a proxy sent a wrong PROXY header: ${error.message}` });
      return;
    }
    if (!header) return;
    release();
    socket.pause();
    if (header.length < bytes.length) socket.unshift(bytes.subarray(header.length));
    told.done(header.source);
  };
  const ended = () => {
    if (bytes.length > 0)
      fail({ code: 'truncated', reason: 'a proxy closed in the middle of a PROXY header' });
    else socket.destroy();
  };
  const gone = () => socket.destroy();
  const timer = setTimeout(
    () => fail({ code: 'timeout', reason: `a proxy sent no PROXY header within ${deadlineMs / 1000} s` }),
    deadlineMs,
  );
  timer.unref();
  socket.on('data', take);
  socket.on('end', ended);
  socket.on('error', gone);
  socket.on('close', release);
}
