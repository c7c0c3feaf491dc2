import type { ByteSource } from './byte-source.ts';

/** What both engines expect of a loader; the names are theirs. */
export interface EngineLoader {
  _status: number;
  _needStash: boolean;
  readonly type: string;
  readonly status: number;
  readonly needStashBuffer: boolean;
  onContentLengthKnown: (length: number) => void;
  onURLRedirect: (url: string) => void;
  onDataArrival: (chunk: ArrayBuffer, byteStart: number, received?: number) => void;
  onError: (type: unknown, info: unknown) => void;
  onComplete: (from: number, to: number) => void;
  isWorking(): boolean;
  open(media: unknown, range: { from?: number }): void;
  abort(): void;
  destroy(): void;
}

/**
 * The loader class that flv.js and mpegts.js construct themselves. It hands them the bytes of a source that is
 * already open. Both engines set the callbacks after construction and then call `open`.
 */
export function loaderClassFor(
  source: ByteSource,
  onFailed: (message: string) => void,
): new () => EngineLoader {
  return class implements EngineLoader {
    _status = 0;
    _needStash = false;
    readonly type = 'sluice-byte-source';
    onContentLengthKnown: (length: number) => void = ignore;
    onURLRedirect: (url: string) => void = ignore;
    onDataArrival: (chunk: ArrayBuffer, byteStart: number, received?: number) => void = ignore;
    onError: (type: unknown, info: unknown) => void = ignore;
    onComplete: (from: number, to: number) => void = ignore;
    #working = false;

    get status(): number {
      return this._status;
    }

    get needStashBuffer(): boolean {
      return this._needStash;
    }

    isWorking(): boolean {
      return this.#working;
    }

    /** `range.from` is above 0 when the engine comes back from a rest. */
    open(_media: unknown, range: { from?: number }): void {
      this.#working = true;
      source.pipe((chunk, offset) => {
        try {
          this.onDataArrival(chunk, offset, offset + chunk.byteLength);
        } catch (error) {
          onFailed(error instanceof Error ? error.message : String(error));
        }
      }, range.from ?? 0);
    }

    abort(): void {
      if (this.#working) source.unpipe();
      this.#working = false;
    }

    destroy(): void {
      this.abort();
    }
  };
}

function ignore(): void {}
