/** Why a viewer's bytes stop. The transport turns it into a clean end, a close code or a status message. */
export type EndReason =
  | 'stream-ended'
  | 'tracks-changed'
  | 'kicked'
  | 'draining'
  | 'too-slow'
  | 'too-far-behind'
  | 'disconnected';

/**
 * Where a viewer's bytes go. The hub declares what it needs; each transport gives one.
 * Backpressure is a number: what was written and not yet taken by the kernel.
 */
export interface Sink {
  readonly bufferedBytes: number;
  /** Takes bytes that others share: neither side may change them. Never blocks. */
  write(bytes: Uint8Array): void;
  /** No more bytes will come. */
  end(reason: EndReason): void;
}
