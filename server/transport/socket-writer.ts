import type { Socket } from 'node:net';

// The same array goes to hundreds of sockets one after the other, and Node wants each as a Buffer.
let lastBytes: Uint8Array | undefined;
let lastBuffer: Buffer | undefined;

/** The bytes as a Buffer: a view, made once for all who are written them in a row. */
function asBuffer(bytes: Uint8Array): Buffer {
  if (bytes !== lastBytes || lastBuffer === undefined) {
    lastBytes = bytes;
    lastBuffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return lastBuffer;
}

/**
 * Writes parts that others share to a socket, in one system call where there are several.
 * `socket.write` keeps a reference to what the kernel did not take; nothing is copied.
 */
export function writeParts(socket: Socket, parts: readonly Uint8Array[]): void {
  if (!socket.writable) return;
  const only = parts[0];
  if (parts.length === 1 && only) {
    socket.write(asBuffer(only));
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
