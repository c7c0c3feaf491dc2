/** Why a viewer's bytes stop. The transport turns it into a clean end, a close code or a status message. */
export type EndReason =
  | 'stream-ended'
  | 'tracks-changed'
  | 'kicked'
  | 'draining'
  | 'too-slow'
  | 'disconnected';

/**
 * Where a viewer's bytes go. The hub declares what it needs; each transport gives one.
 * Backpressure is a number: what was written and not yet taken by the kernel.
 */
export interface Sink {
  readonly bufferedBytes: number;
  /**
   * Takes bytes that others share: neither side may change them. Never blocks.
   * All parts of one call leave in one system call where the platform can.
   */
  write(parts: readonly Uint8Array[]): void;
  /** No more bytes will come. Called once; the hub has forgotten the viewer by then. */
  end(reason: EndReason): void;
}
