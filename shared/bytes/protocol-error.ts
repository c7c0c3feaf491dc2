/** Where and how a peer broke the protocol. Stable: logs, metrics and documentation name these codes. */
export type ProtocolErrorCode =
  | 'truncated'
  | 'bad-version'
  | 'bad-chunk-size'
  | 'bad-chunk-header'
  | 'bad-length'
  | 'bad-marker'
  | 'bad-value'
  | 'too-deep'
  | 'too-large'
  | 'too-many'
  | 'out-of-order'
  | 'timeout';

/**
 * The peer's mistake. Decoders throw it; only the owner of the connection catches it, and then closes,
 * logs and counts. Our own mistakes are plain `Error`s, and "not enough bytes yet" is `undefined`.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** Byte offset of the fault in the input that was being decoded, where it is known. */
  readonly offset: number | undefined;

  constructor(code: ProtocolErrorCode, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
