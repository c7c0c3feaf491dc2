import type { Socket } from 'node:net';

/** What Node keeps of a write that is under way. `net` looks at both for its timeouts. */
interface Internals {
  readonly _handle?: {
    /** Of that write, what the kernel has not taken. */ readonly writeQueueSize?: number;
  } | null;
  readonly _writableState?: { readonly writing?: boolean /** Its length. */; readonly writelen?: number };
}

/**
 * What was written to a socket and the kernel has not taken, to the byte. `writableLength` holds a whole write until its last
 * byte is gone, and what waited meanwhile is one write again: a viewer who takes a megabyte in a minute looks as if it took nothing.
 * `bytesWritten` would tell as well, but counts all that waits, piece by piece, each time.
 */
export function unsentBytes(socket: Socket): number {
  const { _handle: handle, _writableState: state } = socket as Socket & Internals;
  const queued = socket.writableLength;
  if (!state?.writing || state.writelen === undefined || handle?.writeQueueSize === undefined) return queued;
  return Math.min(queued, queued - state.writelen + handle.writeQueueSize);
}
