/**
 * Why a viewer's bytes stop. The transport turns it into a clean end, a close code or a status message. `too-slow` took nothing for too
 * long; `overloaded` was one of the slowest when the server had more to do than it can.
 */
export type EndReason =
  | 'stream-ended'
  /** It asked for so much and has it. */
  | 'played-out'
  | 'tracks-changed'
  /** Nothing came that it could have been started with. */
  | 'nothing-to-play'
  | 'kicked'
  | 'draining'
  | 'too-slow'
  | 'overloaded'
  | 'disconnected';

/** Whether a line is to be cut at once: what waits for it would take too long, and keeps memory. */
export const cutsOff = (reason: EndReason): boolean => reason === 'too-slow' || reason === 'overloaded';

/**
 * What a viewer may be told besides its bytes: `source-lost` and `source-back` when the publisher's line drops and when one
 * is there again, `pictures-dropped` each time that it becomes too slow for them.
 */
export type ViewerNews = 'source-lost' | 'source-back' | 'pictures-dropped';

/**
 * Where a viewer's bytes go. The hub declares what it needs; each transport gives one.
 * Backpressure is a number: what was written and not yet taken by the kernel.
 */
export interface Sink {
  /** 0 when everything was taken. Looked at for each viewer and batch; may hold a write until all of it is taken. */
  readonly bufferedBytes: number;
  /** The same to the byte, as far as the platform tells. Looked at for those whose line did not take everything. */
  readonly unsentBytes: number;
  /**
   * Takes bytes that others share: neither side may change them. Never blocks.
   * All parts of one call leave in one system call where the platform can.
   */
  write(parts: readonly Uint8Array[]): void;
  /** For protocols that have a word for it. */
  tell?(news: ViewerNews): void;
  /** No more bytes will come. Called once; the hub has forgotten the viewer by then. */
  end(reason: EndReason): void;
}
