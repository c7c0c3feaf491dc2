import type { IncomingMessage, Server } from 'node:http';
import { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';

/** Requests that are being answered get this long, when the server stops. */
const GRACE_MS = 2_000;

/** Stops a server by its own way to close, without waiting for those who ask nothing. */
export type Stop = (close: () => PromiseLike<unknown>) => Promise<void>;

/**
 * Follows the connections of a server that have asked nothing yet. Node counts them as busy, and a server that closes
 * looks at no deadline any more, so it would wait for them for ever. On a stop they are cut at once, and whoever is
 * left after the grace.
 */
export function stopperOf(server: Server | SecureServer): Stop {
  const silent = new Set<Socket>();
  let stopping = false;
  server.on(server instanceof SecureServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (stopping) {
      socket.destroy();
      return;
    }
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  const asked = ({ socket }: IncomingMessage): void => {
    silent.delete(socket);
  };
  server.on('request', asked);
  server.on('upgrade', asked);
  return async (close) => {
    stopping = true;
    for (const socket of silent) socket.destroy();
    const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    await close();
    clearTimeout(timer);
  };
}
