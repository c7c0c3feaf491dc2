import type { Socket } from 'node:net';

/**
 * Writes parts that others share to a socket, in one system call where there are several.
 * `socket.write` keeps a reference to what the kernel did not take; nothing is copied.
 */
export function writeParts(socket: Socket, parts: readonly Uint8Array[]): void {
  if (socket.destroyed || socket.writableEnded) return;
  const only = parts[0];
  if (parts.length === 1 && only) {
    socket.write(only);
    return;
  }
  socket.cork();
  for (const part of parts) if (part.length > 0) socket.write(part);
  socket.uncork();
}

/** Lets the socket send what it holds, then closes it; a peer that does not close its side is cut after `ms`. */
export function endGently(socket: Socket, ms = 2_000): void {
  if (socket.destroyed) return;
  socket.end();
  const timer = setTimeout(() => socket.destroy(), ms);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
