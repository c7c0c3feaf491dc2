import assert from 'node:assert/strict';
import { ProtocolError, type ProtocolErrorCode } from '../bytes/protocol-error.ts';
import { detached } from './detached.ts';

/** Calls `check` with every proper prefix of the bytes, the empty one included. */
export function everyPrefix(bytes: Uint8Array, check: (prefix: Uint8Array) => void): void {
  for (let length = 0; length < bytes.length; length++) check(detached(bytes.subarray(0, length)));
}

/** Runs a decoder that has to give a value or throw a `ProtocolError`; any other exception goes through. */
export function valueOrProtocolError<T>(run: () => T): T | ProtocolError {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** Asserts that `run` throws a `ProtocolError` with this code. */
export function assertProtocolError(code: ProtocolErrorCode, run: () => unknown): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof ProtocolError, `expected a ProtocolError, got ${error}`);
    assert.equal(error.code, code, error.message);
    return true;
  });
}
