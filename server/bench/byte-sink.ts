/** Takes bytes in any pieces. Nothing may be kept of them: the array is one buffer that all sockets read into. */
export interface ByteSink {
  /** Takes `bytes` from `start` up to `end`. Gives a sentence when they are wrong; nothing may follow then. */
  push(bytes: Uint8Array, start: number, end: number): string | undefined;
}
