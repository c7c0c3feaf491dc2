import Mpegts from 'mpegts.js';
import { loaderClassFor } from './byte-loader.ts';
import type { EngineInit, PlayerEngine } from './player-engine.ts';

Mpegts.LoggingControl.enableAll = false;

/** HEVC, AV1, Opus and browsers with ManagedMediaSource only. Its own latency control stays off: ours decides. */
export function createEngine(init: EngineInit): PlayerEngine {
  const player = Mpegts.createPlayer(
    { type: 'flv', isLive: true, url: 'sluice:' },
    {
      enableWorker: false,
      enableStashBuffer: false,
      lazyLoad: false,
      deferLoadAfterSourceOpen: false,
      liveSync: false,
      liveBufferLatencyChasing: false,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 30,
      autoCleanupMinBackwardDuration: 15,
      customLoader: loaderClassFor(init.source),
    },
  );
  player.on(Mpegts.Events.ERROR, (_type: string, detail: string, info: { msg?: string } | undefined) => {
    init.onFailed(info?.msg ?? detail);
  });
  player.attachMediaElement(init.video);
  player.load();
  return { name: 'mpegts.js', destroy: () => player.destroy() };
}
