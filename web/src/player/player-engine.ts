import type { ByteSource } from './byte-source.ts';
import type { BufferKind } from './source-tap.ts';

export type EngineName = 'flv.js' | 'mpegts.js';

export interface EngineInit {
  readonly video: HTMLVideoElement;
  readonly source: ByteSource;
  /** The engine cannot go on: it has to be destroyed and made anew. Never called from within the engine. */
  readonly onFailed: (message: string) => void;
  readonly onBuffer: (kind: BufferKind, buffer: SourceBuffer) => void;
}

/** Turns FLV bytes into media on a video element. Ending one and making another is the only way to start over. */
export interface PlayerEngine {
  readonly name: EngineName;
  /** Pictures that are kept back until the next ones come are given out. Returns how many. */
  releasePictures(): number;
  destroy(): void;
}

/** What each engine's module exports. */
export interface EngineModule {
  createEngine(init: EngineInit): PlayerEngine;
}
