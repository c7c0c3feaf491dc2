import type { Socket } from 'node:net';

/** As much as Node itself reads at once. */
const READ_BYTES = 64 * 1024;

/** Where all sockets of the process are read into, one after the other. */
let shared: Buffer | undefined;

/**
 * What Node keeps for its documented option `onread` ("incoming data is stored in a single buffer"), which it offers for
 * sockets that connect and not for those that a server accepts.
 */
interface OnReadFields {
  buffer: symbol;
  callback: symbol;
}

/**
 * Hands what a socket receives to `take`, which must be done with the bytes when it returns. All sockets are read into one
 * array, again and again: an array for each of thousands of reads a second, with memory of its own outside of the heap, keeps
 * the garbage collector busier than all that is done with the bytes. With a Node that has no such fields, `data` events
 * are used, and only the cost differs.
 */
export function readInPlace(socket: Socket, take: (bytes: Uint8Array) => void): void {
  const fields = onReadFields(socket);
  const handle = (socket as { _handle?: { useUserBuffer?: (buffer: Uint8Array) => void } })._handle;
  // What was read before, or put back, comes as an event in any case; the listener also starts the reading.
  socket.on('data', take);
  if (!fields || !handle?.useUserBuffer) return;
  shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
  const slots = socket as unknown as Record<symbol, unknown>;
  slots[fields.buffer] = shared;
  slots[fields.callback] = (bytes: number, buffer: Uint8Array): boolean => {
    take(new Uint8Array(buffer.buffer, buffer.byteOffset, bytes));
    return true;
  };
  handle.useUserBuffer(shared);
}

function onReadFields(socket: Socket): OnReadFields | undefined {
  const symbols = Object.getOwnPropertySymbols(socket);
  const buffer = symbols.find(({ description }) => description === 'kBuffer');
  const callback = symbols.find(({ description }) => description === 'kBufferCb');
  return buffer && callback && { buffer, callback };
}
