import { ProtocolError } from '../bytes/protocol-error.ts';

/** What a decoder gives, or undefined where the bytes are malformed. For looks into media that is relayed either way. */
export function ifWellFormed<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
