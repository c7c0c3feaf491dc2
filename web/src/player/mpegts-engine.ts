import Mpegts from 'mpegts.js';
import { loaderClassFor } from './byte-loader.ts';
import { failOnce } from './engine-failure.ts';
import { releasePictures } from './engine-pictures.ts';
import type { EngineInit, PlayerEngine } from './player-engine.ts';
import { tapMediaSource } from './source-tap.ts';

Mpegts.LoggingControl.enableAll = false;

/** HEVC, AV1, Opus and browsers with ManagedMediaSource only. Its own latency control stays off: ours decides. */
export function createEngine(init: EngineInit): PlayerEngine {
  const fail = failOnce(init);
  const player = Mpegts.createPlayer(
    { type: 'flv', isLive: true, url: 'sluice:' },
    {
      enableWorker: false,
      enableStashBuffer: false,
      lazyLoad: false,
      deferLoadAfterSourceOpen: false,
      liveSync: false,
      liveBufferLatencyChasing: false,
      // It would cut in the middle of a group of pictures, and take those on screen with it.
      autoCleanupSourceBuffer: false,
      customLoader: loaderClassFor(init.source, fail),
    },
  );
  player.on(Mpegts.Events.ERROR, (_type: string, detail: string, info: { msg?: string } | undefined) => {
    fail(info?.msg ?? detail);
  });
  tapMediaSource(() => player.attachMediaElement(init.video), init.onBuffer);
  player.load();
  return {
    name: 'mpegts.js',
    releasePictures: () => releasePictures(player, ['_player_engine', '_transmuxer', '_controller']),
    destroy: () => player.destroy(),
  };
}
