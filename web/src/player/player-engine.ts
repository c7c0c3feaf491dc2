import type { ByteSource } from './byte-source.ts';

export type EngineName = 'flv.js' | 'mpegts.js';

export interface EngineInit {
  readonly video: HTMLVideoElement;
  readonly source: ByteSource;
  /** The engine cannot go on: it has to be destroyed and made anew. */
  readonly onFailed: (message: string) => void;
}

/** Turns FLV bytes into media on a video element. Ending one and making another is the only way to start over. */
export interface PlayerEngine {
  readonly name: EngineName;
  destroy(): void;
}

/** What each engine's module exports. */
export interface EngineModule {
  createEngine(init: EngineInit): PlayerEngine;
}
