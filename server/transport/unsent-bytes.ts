import type { Socket } from 'node:net';

/** What Node's own handle of a line tells; `net` itself looks at it for its timeouts. */
interface Handle {
  /** Given to the handle, whether or not it has gone out. */
  readonly bytesWritten: number;
  /** Of these, what the kernel has not taken. */
  readonly writeQueueSize: number;
}

/**
 * What was written to a socket and the kernel has not taken, to the byte. `writableLength` holds a whole write until its last
 * byte is gone, and what waited meanwhile is one write again: a viewer who takes a megabyte in a minute looks as if it took nothing.
 */
export function unsentBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Partial<Handle> | null };
  const { bytesWritten, writeQueueSize } = handle ?? {};
  if (bytesWritten === undefined || writeQueueSize === undefined) return socket.writableLength;
  return Math.min(socket.writableLength, socket.bytesWritten - bytesWritten + writeQueueSize);
}
