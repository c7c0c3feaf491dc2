import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/schema.ts';
import type { InFlight } from '../http/in-flight.ts';
import { stopperOf } from '../http/stopper.ts';
import { answerClientError, httpLimits, KEEP_ALIVE_MS, silenceMs } from './http-server-options.ts';

export interface HttpsServer {
  readonly server: Server;
  /** Takes no new connection and lets go of those that do nothing; resolves when all are gone. */
  close(): Promise<void>;
}

/** A second door to `http`: the same routes, WebSockets and limits over TLS. It has to be closed beside `http`. */
export function createHttpsServer(
  http: FastifyInstance,
  tls: SecureContextOptions,
  config: Pick<Config, 'http' | 'viewer'>,
  inFlight: InFlight,
): HttpsServer {
  const limits = httpLimits(config);
  const server = createServer(
    { ...limits, ...tls, handshakeTimeout: limits.headersTimeout },
    inFlight.guard((request, response) => http.routing(request, response)),
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.setTimeout(silenceMs(config));
  server.on('upgrade', (request, socket, head) => http.server.emit('upgrade', request, socket, head));
  server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
    // Only what was wrong inside of TLS can be answered.
    if (error.code?.startsWith('HPE_') || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      answerClientError(error, socket);
    } else {
      socket.destroy();
    }
  });
  const handshaking = trackHandshakes(server);
  const stop = stopperOf(server);
  return {
    server,
    async close() {
      if (!server.listening) return;
      await stop(() => {
        const closed = new Promise((resolve) => server.close(resolve));
        for (const socket of handshaking.values()) socket.destroy();
        return closed;
      });
    },
  };
}

/** Connections that are not through the TLS handshake, which the HTTP server does not know, by the end of their line. */
function trackHandshakes(server: Server): ReadonlyMap<string, Socket> {
  const sockets = new Map<string, Socket>();
  const lineOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  server.on('connection', (socket: Socket) => {
    const line = lineOf(socket);
    sockets.set(line, socket);
    socket.once('close', () => {
      if (sockets.get(line) === socket) sockets.delete(line);
    });
  });
  server.on('secureConnection', (secure) => sockets.delete(lineOf(secure)));
  return sockets;
}
