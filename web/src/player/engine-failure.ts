import type { EngineInit } from './player-engine.ts';

/**
 * Tells of a failure once, and not from within the engine, which would go on with what has been destroyed under it. Until then it
 * gets no more bytes.
 */
export function failOnce({ source, onFailed }: EngineInit): (message: string) => void {
  let failed = false;
  return (message) => {
    if (failed) return;
    failed = true;
    source.unpipe();
    queueMicrotask(() => onFailed(message));
  };
}
